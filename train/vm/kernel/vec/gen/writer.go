package main

import (
	"fmt"
	"math"
	"strings"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"symgrad/train/vm/kernel/internal/avx"
)

type vector = avx.Vector

// writer writes the kernels of one type.
type writer struct {
	avx.Float
	values    map[string]uint64 // bits of the constants
	constants map[string]Mem    // vectors of equal ones, of those in use
	tail      Mem
	double    *writer // of float64, for float32 that needs it
	declared  []string
}

func newWriter(f avx.Float, tail Mem) *writer {
	w := &writer{Float: f, values: map[string]uint64{}, constants: map[string]Mem{}, tail: tail}
	w.number("one", 1)
	w.bits("minusZero", 1<<(f.Bits-1))
	w.bits("magnitude", 1<<(f.Bits-1)-1)
	w.number("minusInfinity", math.Inf(-1))
	if f.Bits == 32 {
		w.exponentialConstants32()
	} else {
		w.exponentialConstants64()
		w.logarithmConstants()
	}
	return w
}

// number defines a constant by its value.
func (w *writer) number(name string, v float64) {
	if w.Bits == 32 {
		w.bits(name, uint64(math.Float32bits(float32(v))))
	} else {
		w.bits(name, math.Float64bits(v))
	}
}

// numbers defines constants.
func (w *writer) numbers(values map[string]float64) {
	for name, v := range values {
		w.number(name, v)
	}
}

// bits defines a constant by its bits.
func (w *writer) bits(name string, v uint64) {
	w.values[name] = v
}

// constant gives a vector of a constant, which exists from its first use on.
func (w *writer) constant(name string) Mem {
	m, ok := w.constants[name]
	if ok {
		return m
	}
	v, ok := w.values[name]
	if !ok {
		panic("no constant " + name)
	}
	m = w.Constant(name, v)
	w.constants[name] = m
	return m
}

// define begins a function; "float" in its signature becomes the type's name, and
// exp of AVX-512 zExp.
func (w *writer) define(name, signature, doc string) {
	if w.Wide {
		name = wide(name)
	}
	name, signature = fmt.Sprint(name, w.Bits), strings.ReplaceAll(signature, "float", w.Name)
	avx.Define(name, signature, doc)
	w.declared = append(w.declared, name+signature)
}

func (w *writer) tailMask(n reg.GPVirtual) Op { return w.Tail(w.tail, n) }
