package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"symgrad/train/vm/kernel/internal/avx"
)

// loop is an elementwise function: for every vector of the arrays in, body
// gives those of the arrays out. All have n elements.
type loop struct {
	in, out, scalars []string
	unroll           int // vectors a round, 1 if zero
	body             func(in, scalars []vector) []vector
}

func (l loop) write(w *writer, name, signature, doc string) {
	w.define(name, signature, doc)
	pointers := map[string]reg.Register{}
	for _, p := range append(append([]string(nil), l.in...), l.out...) {
		if pointers[p] == nil {
			pointers[p] = Load(Param(p), GP64())
		}
	}
	n := avx.Register("n")
	scalars := make([]vector, len(l.scalars))
	for i, s := range l.scalars {
		scalars[i] = w.Scalar(s)
	}
	at := GP64()
	XORQ(at, at)
	each := func(mask Op, vectors int) {
		for v := range vectors {
			in := make([]vector, len(l.in))
			for i, p := range l.in {
				in[i] = w.New()
				w.Move(Mem{Base: pointers[p], Index: at, Scale: 1, Disp: w.Size() * v}, in[i], mask)
			}
			for i, r := range l.body(in, scalars) {
				w.Move(r, Mem{Base: pointers[l.out[i]], Index: at, Scale: 1, Disp: w.Size() * v}, mask)
			}
		}
	}
	if l.unroll > 1 {
		w.rounds("round", n, at, l.unroll, func() { each(nil, l.unroll) })
	}
	w.rounds("vector", n, at, 1, func() { each(nil, 1) })
	TESTQ(n, n)
	JZ(LabelRef("done"))
	each(w.tailMask(n), 1)
	Label("done")
	avx.Leave()
}

// rounds repeats body while n counts so many vectors.
func (w *writer) rounds(name string, n, at reg.GPVirtual, vectors int, body func()) {
	SUBQ(U32(w.Lanes*vectors), n)
	JL(LabelRef(name + "_end"))
	Label(name)
	body()
	ADDQ(U32(w.Size()*vectors), at)
	SUBQ(U32(w.Lanes*vectors), n)
	JGE(LabelRef(name))
	Label(name + "_end")
	ADDQ(U32(w.Lanes*vectors), n)
}
