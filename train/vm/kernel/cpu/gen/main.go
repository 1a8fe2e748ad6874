// Command gen writes the assembly that measures the processor's peak.
package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func main() {
	ConstraintExpr("amd64,!purego")
	peak()
	Generate()
}

// peak measures what the processor could do at most.
func peak() {
	TEXT("peakFMA", NOSPLIT, "func(n int)")
	Pragma("noescape")
	Doc("peakFMA does 24 n independent FMAs of eight floats; n > 0.")
	n := Load(Param("n"), GP64()).(reg.GPVirtual)
	x, y := YMM(), YMM()
	VXORPS(x, x, x)
	VXORPS(y, y, y)
	sums := make([]reg.VecVirtual, 12)
	for i := range sums {
		sums[i] = YMM()
		VXORPS(sums[i], sums[i], sums[i])
	}
	Label("loop")
	for range 2 {
		for _, s := range sums {
			VFMADD231PS(x, y, s)
		}
	}
	DECQ(n)
	JNZ(LabelRef("loop"))
	VZEROUPPER()
	RET()
}
