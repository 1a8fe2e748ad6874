// Package avx is the words in which the kernels' generators are written: the
// instructions of AVX2, FMA and AVX-512 for either type of floating-point number, and
// loops.
package avx

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Vector is a register of 32 bytes, or of 64 with AVX-512.
type Vector = reg.VecVirtual

// Float is a type of floating-point number.
type Float struct {
	Name         string // in Go
	Bits         int    // of a number
	Lanes        int    // numbers in a vector
	Wide         bool   // vectors of 64 bytes, AVX-512
	Add, Sub     func(...Op)
	Mul, Div     func(...Op)
	Max, Min     func(...Op)
	And, Or, Xor func(...Op)
	AndNot       func(...Op)
	Sqrt         func(...Op)
	Compare      func(...Op)
	Blend        func(mask, yes, no, dst Op)
	Round        func(mode, src, dst Op)
	Times2To     func(...Op)        // by a whole power of two, rounded once; AVX-512
	Signs        func(vector, k Op) // as a mask of AVX-512
	FMA213       func(...Op)
	FMA231       func(...Op)
	FNMA213      func(...Op)
	FNMA231      func(...Op)
	Load         func(...Op)
	Mask         func(src, mask, dst Op)
	Spread       func(...Op)             // a number to all lanes
	LoadSome     func(src, mask, dst Op) // by a mask of AVX-512, else zero
	FMA231Spread func(...Op)             // of a number in memory
}

// Single is float32, Double float64.
var (
	Single = Float{
		Name: "float32", Bits: 32, Lanes: 8,
		Add: VADDPS, Sub: VSUBPS, Mul: VMULPS, Div: VDIVPS, Max: VMAXPS, Min: VMINPS,
		And: VANDPS, Or: VORPS, Xor: VXORPS, AndNot: VANDNPS, Sqrt: VSQRTPS, Compare: VCMPPS, Blend: VBLENDVPS, Round: VROUNDPS,
		FMA213: VFMADD213PS, FMA231: VFMADD231PS, FNMA213: VFNMADD213PS, FNMA231: VFNMADD231PS,
		Load: VMOVUPS, Mask: VMASKMOVPS, Spread: VBROADCASTSS,
		LoadSome: VMOVUPS_Z, FMA231Spread: VFMADD231PS_BCST,
	}
	Double = Float{
		Name: "float64", Bits: 64, Lanes: 4,
		Add: VADDPD, Sub: VSUBPD, Mul: VMULPD, Div: VDIVPD, Max: VMAXPD, Min: VMINPD,
		And: VANDPD, Or: VORPD, Xor: VXORPD, AndNot: VANDNPD, Sqrt: VSQRTPD, Compare: VCMPPD, Blend: VBLENDVPD, Round: VROUNDPD,
		FMA213: VFMADD213PD, FMA231: VFMADD231PD, FNMA213: VFNMADD213PD, FNMA231: VFNMADD231PD,
		Load: VMOVUPD, Mask: VMASKMOVPD, Spread: VBROADCASTSD,
		LoadSome: VMOVUPD_Z, FMA231Spread: VFMADD231PD_BCST,
	}
)

// Wider is f with vectors of AVX-512.
func (f Float) Wider() Float {
	f.Wide, f.Lanes = true, 2*f.Lanes
	round, blend := VRNDSCALEPS, VBLENDMPS
	f.Times2To, f.Signs = VSCALEFPS, VPMOVD2M
	if f.Bits == 64 {
		round, blend = VRNDSCALEPD, VBLENDMPD
		f.Times2To, f.Signs = VSCALEFPD, VPMOVQ2M
	}
	f.Round = func(mode, src, dst Op) { round(mode, src, dst) }
	f.Blend = func(mask, yes, no, dst Op) { blend(yes, no, mask, dst) }
	return f
}

// New gives a register.
func (f Float) New() Vector {
	if f.Wide {
		return ZMM()
	}
	return YMM()
}

// Size is the bytes of a vector.
func (f Float) Size() int { return f.Lanes * f.Bits / 8 }

// Apply gives a op b in a new register, in the assembler's order: op b, a.
func Apply(op func(...Op), b Op, a Vector) Vector {
	r := YMM()
	if a.Size() == 64 {
		r = ZMM()
	}
	op(b, a, r)
	return r
}

// Copy gives m in a new register.
func (f Float) Copy(m Op) Vector {
	r := f.New()
	f.Load(m, r)
	return r
}

// Where gives a mask of the lanes in which a compares with b: a vector of sign
// bits, or a mask of AVX-512.
func (f Float) Where(code uint64, b Op, a Vector) Op {
	var mask Op = YMM()
	if f.Wide {
		mask = K()
	}
	f.Compare(Imm(code), b, a, mask)
	return mask
}

// Choose gives yes where the mask, or the sign bit of a vector, is set, else no.
func (f Float) Choose(mask Op, yes, no Vector) Vector {
	if v, ok := mask.(Vector); ok && f.Wide {
		mask = K()
		f.Signs(v, mask)
	}
	r := f.New()
	f.Blend(mask, yes, no, r)
	return r
}

// Keep gives x where [Float.Where] said so, else zero.
func (f Float) Keep(mask, x Op) Vector {
	r := f.New()
	if f.Wide {
		f.LoadSome(x, mask, r)
	} else {
		f.And(x, mask, r)
	}
	return r
}

// Rectify is |x| where x >= 0, else 0 x with the sign bit set.
func (f Float) Rectify(x Vector, magnitude, minusZero Mem) Vector {
	zero := f.Zero()
	positive := f.Where(0x0D, zero, x) // ordered, greater or equal
	f.Mul(x, zero, zero)
	f.Or(minusZero, zero, zero)
	return f.Choose(positive, Apply(f.And, magnitude, x), zero)
}

// Rectify512 is Rectify in place for AVX-512, where the constants are spread.
func (f Float) Rectify512(x Vector, magnitude, minusZero Mem) {
	c, positive, r := ZMM(), K(), ZMM()
	f.Spread(minusZero, c)
	f.Compare(Imm(0x0D), c, x, positive) // ordered, greater or equal
	f.Mul(x, c, r)
	f.Or(c, r, r)
	f.Spread(magnitude, c)
	f.And(c, x, positive, r)
	f.Load(r, x)
}

// Zero gives a vector of zeros.
func (f Float) Zero() Vector {
	r := f.New()
	f.Xor(r, r, r)
	return r
}

// Scalar gives a parameter in all lanes.
func (f Float) Scalar(name string) Vector {
	from, err := Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	r := f.New()
	f.Spread(from.Addr, r)
	return r
}

// Move copies a vector, to or from memory by the mask if there is one.
func (f Float) Move(from, to, mask Op) {
	switch _, store := to.(Mem); {
	case mask == nil:
		f.Load(from, to)
	case !f.Wide:
		f.Mask(from, mask, to)
	case store:
		f.Load(from, mask, to)
	default:
		f.LoadSome(from, mask, to)
	}
}

// Constant defines a vector of numbers with the same bits.
func (f Float) Constant(name string, bits uint64) Mem {
	name = fmt.Sprint(name, f.Bits)
	if f.Wide {
		name += "Wide"
	}
	m := GLOBL(name, RODATA|NOPTR)
	for i := range f.Lanes {
		if f.Bits == 32 {
			DATA(4*i, U32(bits))
		} else {
			DATA(8*i, U64(bits))
		}
	}
	return m
}
