//go:build !purego

package gemm

// The assembly by whether A's columns lie in one piece each, by rows, and by the
// registers of a row.
var (
	strips32 = [2][7][5]func(count, k int, a *float32, stride, step int, b, c *float32, ldc int, bias *float32, tail, flags int){
		{
			1: {1: strip1x1x32, strip1x2x32, strip1x3x32, strip1x4x32},
			2: {1: strip2x1x32, strip2x2x32, strip2x3x32, strip2x4x32},
			3: {1: strip3x1x32, strip3x2x32, strip3x3x32, strip3x4x32},
			4: {1: strip4x1x32, strip4x2x32, strip4x3x32, strip4x4x32},
			5: {1: strip5x1x32, strip5x2x32, strip5x3x32, strip5x4x32},
			6: {1: strip6x1x32, strip6x2x32, strip6x3x32, strip6x4x32},
		},
		{
			1: {1: stripColumns1x1x32, stripColumns1x2x32, stripColumns1x3x32, stripColumns1x4x32},
			2: {1: stripColumns2x1x32, stripColumns2x2x32, stripColumns2x3x32, stripColumns2x4x32},
			3: {1: stripColumns3x1x32, stripColumns3x2x32, stripColumns3x3x32, stripColumns3x4x32},
			4: {1: stripColumns4x1x32, stripColumns4x2x32, stripColumns4x3x32, stripColumns4x4x32},
			5: {1: stripColumns5x1x32, stripColumns5x2x32, stripColumns5x3x32, stripColumns5x4x32},
			6: {1: stripColumns6x1x32, stripColumns6x2x32, stripColumns6x3x32, stripColumns6x4x32},
		},
	}
	strips64 = [2][7][5]func(count, k int, a *float64, stride, step int, b, c *float64, ldc int, bias *float64, tail, flags int){
		{
			1: {1: strip1x1x64, strip1x2x64, strip1x3x64, strip1x4x64},
			2: {1: strip2x1x64, strip2x2x64, strip2x3x64, strip2x4x64},
			3: {1: strip3x1x64, strip3x2x64, strip3x3x64, strip3x4x64},
			4: {1: strip4x1x64, strip4x2x64, strip4x3x64, strip4x4x64},
			5: {1: strip5x1x64, strip5x2x64, strip5x3x64, strip5x4x64},
			6: {1: strip6x1x64, strip6x2x64, strip6x3x64, strip6x4x64},
		},
		{
			1: {1: stripColumns1x1x64, stripColumns1x2x64, stripColumns1x3x64, stripColumns1x4x64},
			2: {1: stripColumns2x1x64, stripColumns2x2x64, stripColumns2x3x64, stripColumns2x4x64},
			3: {1: stripColumns3x1x64, stripColumns3x2x64, stripColumns3x3x64, stripColumns3x4x64},
			4: {1: stripColumns4x1x64, stripColumns4x2x64, stripColumns4x3x64, stripColumns4x4x64},
			5: {1: stripColumns5x1x64, stripColumns5x2x64, stripColumns5x3x64, stripColumns5x4x64},
			6: {1: stripColumns6x1x64, stripColumns6x2x64, stripColumns6x3x64, stripColumns6x4x64},
		},
	}
	wides32 = [2][7]func(k int, a *float32, stride int, b *float32, ldb int, c *float32, ldc int, bias *float32, flags int){
		{1: wide1x16x32, wide2x8x32, wide3x8x32, wide4x4x32, wide5x4x32, wide6x4x32},
		{1: wideColumns1x16x32, wideColumns2x8x32, wideColumns3x8x32, wideColumns4x4x32, wideColumns5x4x32, wideColumns6x4x32},
	}
	wides64 = [2][7]func(k int, a *float64, stride int, b *float64, ldb int, c *float64, ldc int, bias *float64, flags int){
		{1: wide1x16x64, wide2x8x64, wide3x8x64, wide4x4x64, wide5x4x64, wide6x4x64},
		{1: wideColumns1x16x64, wideColumns2x8x64, wideColumns3x8x64, wideColumns4x4x64, wideColumns5x4x64, wideColumns6x4x64},
	}
)
