package main

import (
	"fmt"
	"strings"

	"symgrad/train/vm/kernel/internal/neon"
)

type vec = neon.Vec

// neonWriter writes the kernels of one type for arm64: functions of the same names
// as AVX2's, a vector of which is two here.
type neonWriter struct {
	*neon.Func // the one being written
	file       *neon.File
	bits       int
	lanes      neon.Lanes
	values     map[string]uint64 // bits of the constants
	double     *neonWriter       // of float64, for float32 that needs it
}

func newNEON(file *neon.File, w *writer) *neonWriter {
	return &neonWriter{file: file, bits: w.Bits, lanes: neon.Of(w.Bits), values: w.values}
}

// define writes a function; "float" in its signature becomes the type's name.
func (w *neonWriter) define(name, signature, doc string, body func()) {
	float := fmt.Sprint("float", w.bits)
	w.Func = w.file.Func(fmt.Sprint(name, w.bits), strings.ReplaceAll(signature, "float", float), doc)
	if w.double != nil {
		w.double.Func = w.Func
	}
	body()
	w.Go("RET")
	w.file.Done(w.Func)
}

// size is the bytes of a number.
func (w *neonWriter) size() int { return w.bits / 8 }

// number is how many of them a vector holds.
func (w *neonWriter) count() int { return 128 / w.bits }

// bytes gives a parameter that counts numbers, in bytes.
func (w *neonWriter) bytes(name string) neon.Register {
	r := w.Param(name)
	w.Go("LSL $%d, %v", w.bits/32+1, r)
	return r
}

// op gives the result of an instruction.
func (w *neonWriter) op(o neon.Op, sources ...vec) vec {
	d := w.New()
	w.Into(w.lanes, o, d, sources...)
	return d
}

// with changes d by an instruction.
func (w *neonWriter) with(o neon.Op, d vec, sources ...vec) { w.Into(w.lanes, o, d, sources...) }

func (w *neonWriter) constant(name string) vec {
	bits, ok := w.values[name]
	if !ok && name != "zero" {
		panic("no constant " + name)
	}
	return w.Constant(w.lanes, bits)
}

// fma is x y + z, fnma -x y + z, rounded once.
func (w *neonWriter) fma(x, y, z vec) vec  { return w.changed(neon.FMLA, z, x, y) }
func (w *neonWriter) fnma(x, y, z vec) vec { return w.changed(neon.FMLS, z, x, y) }

// choose gives yes where the mask is set, else no.
func (w *neonWriter) choose(mask, yes, no vec) vec { return w.changed(neon.BSL, mask, yes, no) }

// changed is an instruction that changes its first operand, on a copy.
func (w *neonWriter) changed(o neon.Op, a vec, sources ...vec) vec {
	d := w.Copy(a)
	w.with(o, d, sources...)
	return d
}

// zeros gives n vectors of zeros.
func (w *neonWriter) zeros(n int) []vec {
	v := make([]vec, n)
	for i := range v {
		v[i] = w.New()
		w.with(neon.EOR, v[i], v[i], v[i])
	}
	return v
}
