// Command gen writes the assembly that measures the processor's peak.
package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func main() {
	ConstraintExpr("amd64,!purego")
	peak("peakFMA", YMM, 12)
	peak("peakFMA512", ZMM, 24)
	Generate()
}

// peak measures what the processor could do at most.
func peak(name string, register func() reg.VecVirtual, count int) {
	TEXT(name, NOSPLIT, "func(n int)")
	Pragma("noescape")
	Doc(name + " does 24 n independent FMAs; n > 0.")
	n := Load(Param("n"), GP64()).(reg.GPVirtual)
	x, y, sums := register(), register(), make([]reg.VecVirtual, count)
	VXORPS(x, x, x)
	VXORPS(y, y, y)
	for i := range sums {
		sums[i] = register()
		VXORPS(sums[i], sums[i], sums[i])
	}
	Label("loop")
	for range 24 / count {
		for _, s := range sums {
			VFMADD231PS(x, y, s)
		}
	}
	DECQ(n)
	JNZ(LabelRef("loop"))
	VZEROUPPER()
	RET()
}
