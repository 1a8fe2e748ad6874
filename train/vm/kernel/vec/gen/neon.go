package main

import (
	"strings"

	"symgrad/train/vm/kernel/internal/avx"
	"symgrad/train/vm/kernel/internal/neon"
)

// writeNEON writes the kernels for arm64 and their declarations.
func writeNEON(assembly, declarations, pkg string, all []operation, s, d *writer) (names map[string]bool, err error) {
	file := new(neon.File)
	single, double := newNEON(file, s), newNEON(file, d)
	single.double = double
	for _, w := range []*neonWriter{single, double} {
		for _, o := range all {
			w.operation(o)
		}
	}
	for _, r := range rules() {
		r.loop.neon(single, r.name, r.signature, r.doc, func(in, s []vec) []vec { return r.neon(single, in, s) })
	}
	return file.Names, file.Write(assembly, declarations, pkg)
}

// operation writes an operation's assembly.
func (w *neonWriter) operation(o operation) {
	body := neonBodies[o.name]
	if body == nil {
		body = neonBodies[strings.TrimSuffix(o.name, "Scalar")]
	}
	l, signature := o.loop()
	l.neon(w, lower(o.name), signature, "is "+o.name+".", func(in, s []vec) []vec { return []vec{body(w, append(in, s...))} })
}

// writeOther declares for other platforms the functions that AVX2 and NEON have, and
// those that amd64 alone has.
func writeOther(other, amd64, pkg string, declared []string, neon map[string]bool) error {
	var both, alone []string
	for _, d := range declared {
		if name, _, _ := strings.Cut(d, "("); neon[name] {
			both = append(both, d)
		} else {
			alone = append(alone, d)
		}
	}
	if err := avx.WriteOther(other, pkg, "!(amd64 || arm64) || purego", "AVX2 or NEON", both); err != nil {
		return err
	}
	return avx.WriteOther(amd64, pkg, "!amd64 || purego", "AVX2", alone)
}
