package avx

import (
	"math/bits"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Define begins a function without frame and pointers that escape.
func Define(name, signature, doc string) {
	TEXT(name, NOSPLIT, "func"+signature)
	Pragma("noescape")
	Doc(name + " " + doc)
}

// Register gives a parameter in a register.
func Register(name string) reg.GPVirtual { return Load(Param(name), GP64()).(reg.GPVirtual) }

// Stored is a parameter where the caller left it.
func Stored(name string) Mem {
	p, err := Param(name).Resolve()
	if err != nil {
		panic(err) // of the generator alone
	}
	return p.Addr
}

// PrefetchToWrite is PREFETCHW of the line some bytes, at most 127, after RAX. Go's
// assembler does not know it.
func PrefetchToWrite(after int) {
	for _, b := range []byte{0x0f, 0x0d, 0x48, byte(after)} {
		Instruction(&ir.Instruction{Opcode: "BYTE", Operands: []Op{U8(b)}})
	}
}

// Bytes gives a parameter that counts numbers, in bytes.
func (f Float) Bytes(name string) reg.GPVirtual {
	r := Register(name)
	f.Scale(r)
	return r
}

// Scale turns a count of numbers into bytes.
func (f Float) Scale(r reg.GPVirtual) { SHLQ(Imm(uint64(bits.TrailingZeros(uint(f.Bits/8)))), r) }

// Leave ends a function.
func Leave() {
	VZEROUPPER()
	RET()
}

// Vectors gives n registers.
func Vectors(n int) []Vector {
	v := make([]Vector, n)
	for i := range v {
		v[i] = YMM()
	}
	return v
}

// Times repeats body count times, count being a register that is used up; not
// at all if it is zero.
func Times(name string, count reg.GPVirtual, body func()) {
	TESTQ(count, count)
	JZ(LabelRef(name + "_end"))
	Label(name)
	body()
	DECQ(count)
	JNZ(LabelRef(name))
	Label(name + "_end")
}

// Masks is a table of 32 bytes of ones and 32 of zeros.
func Masks() Mem {
	m := GLOBL("tail", RODATA|NOPTR)
	for i := range 16 {
		DATA(4*i, U32(1<<32-1)*U32(1-i/8))
	}
	return m
}

// WideMasks is a table of words with the first 0 to 16 bits set.
func WideMasks() Mem {
	m := GLOBL("wideTail", RODATA|NOPTR)
	for n := range 17 {
		DATA(2*n, U16(1<<n-1))
	}
	return m
}

// Tail selects the first n lanes, n below their number, from [Masks] or, for
// AVX-512, [WideMasks]; n is used up.
func (f Float) Tail(masks Mem, n reg.GPVirtual) Op {
	if f.Wide {
		table, mask := GP64(), K()
		LEAQ(masks, table)
		KMOVW(Mem{Base: table, Index: n, Scale: 2}, mask)
		return mask
	}
	table, mask := GP64(), YMM()
	LEAQ(masks.Offset(32), table)
	f.Scale(n)
	SUBQ(n, table)
	VMOVUPS(Mem{Base: table}, mask)
	return mask
}
