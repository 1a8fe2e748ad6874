package main

import . "github.com/mmcloughlin/avo/build"
import . "github.com/mmcloughlin/avo/operand"

func main() {
	ConstraintExpr("amd64,!purego")
	TEXT("foo", NOSPLIT, "func(x *float32)")
	p := Load(Param("x"), GP64())
	y := YMM()
	VMOVUPS(Mem{Base: p}, y)
	VMOVUPS(y, Mem{Base: p})
	VZEROUPPER()
	RET()
	Generate()
}
