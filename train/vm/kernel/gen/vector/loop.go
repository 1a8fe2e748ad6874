package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

type vector = reg.VecVirtual

// loop is an elementwise function: for every vector of the arrays in, body
// gives those of the arrays out. All have n elements.
type loop struct {
	in, out, scalars []string
	unroll           int // vectors a round, 1 if zero
	body             func(in, scalars []vector) []vector
}

func (l loop) write(name, signature, doc string) {
	define(name, signature, doc)
	pointers := map[string]reg.Register{}
	for _, p := range append(append([]string(nil), l.in...), l.out...) {
		if pointers[p] == nil {
			pointers[p] = Load(Param(p), GP64())
		}
	}
	n := Load(Param("n"), GP64()).(reg.GPVirtual)
	scalars := make([]vector, len(l.scalars))
	for i, s := range l.scalars {
		scalars[i] = broadcast(s)
	}
	at := GP64()
	XORQ(at, at)
	each := func(mask vector, vectors int) {
		for v := range vectors {
			in := make([]vector, len(l.in))
			for i, p := range l.in {
				in[i] = YMM()
				move(Mem{Base: pointers[p], Index: at, Scale: 1, Disp: 32 * v}, in[i], mask)
			}
			for i, r := range l.body(in, scalars) {
				move(r, Mem{Base: pointers[l.out[i]], Index: at, Scale: 1, Disp: 32 * v}, mask)
			}
		}
	}
	if l.unroll > 1 {
		rounds("round", n, at, l.unroll, func() { each(nil, l.unroll) })
	}
	rounds("vector", n, at, 1, func() { each(nil, 1) })
	TESTQ(n, n)
	JZ(LabelRef("done"))
	each(tailMask(n), 1)
	Label("done")
	VZEROUPPER()
	RET()
}

// rounds repeats body while n counts so many vectors.
func rounds(name string, n, at reg.GPVirtual, vectors int, body func()) {
	SUBQ(U32(8*vectors), n)
	JL(LabelRef(name + "_end"))
	Label(name)
	body()
	ADDQ(U32(32*vectors), at)
	SUBQ(U32(8*vectors), n)
	JGE(LabelRef(name))
	Label(name + "_end")
	ADDQ(U32(8*vectors), n)
}

// tailMask selects the first n lanes, n < 8; n is used up.
func tailMask(n reg.GPVirtual) vector {
	table, mask := GP64(), YMM()
	LEAQ(constants["tail"].Offset(32), table)
	SHLQ(Imm(2), n)
	SUBQ(n, table)
	VMOVUPS(Mem{Base: table}, mask)
	return mask
}

// move copies a vector, to or from memory by the mask if there is one.
func move(from, to Op, mask vector) {
	if mask == nil {
		VMOVUPS(from, to)
	} else {
		VMASKMOVPS(from, mask, to)
	}
}

func broadcast(name string) vector {
	from, err := Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	v := YMM()
	VBROADCASTSS(from.Addr, v)
	return v
}
