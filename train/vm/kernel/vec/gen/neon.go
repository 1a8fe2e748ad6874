package main

import (
	"strings"

	"symgrad/train/vm/kernel/internal/neon"
)

// writeNEON writes the kernels for arm64 and their declarations.
func writeNEON(assembly, declarations, pkg string, all []operation, s, d *writer) error {
	file := new(neon.File)
	single, double := newNEON(file, s), newNEON(file, d)
	single.double = double
	for _, w := range []*neonWriter{single, double} {
		kernels(w, all)
	}
	for _, r := range rules() {
		r.unroll = max(r.unroll, 2) // there are registers for it
		r.loop.neon(single, r.name, r.signature, r.doc, func(in, s []vec) []vec { return r.neon(single, in, s) })
	}
	single.fromBytes()
	single.prefetch()
	return file.Write(assembly, declarations, pkg)
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
