package conv

import "testing"

func TestConvolutionsDoNotAllocate(t *testing.T) {
	for _, l := range convLayers {
		p, err := NewPooled(l.shape, Window{Size: [2]int{2, 2}}, l.in, l.out)
		if err != nil {
			t.Fatal(err)
		}
		c, err := New(l.shape, l.in, l.out)
		if err != nil {
			t.Fatal(err)
		}
		w := make([]float32, l.shape.Maps*l.shape.Channels*l.shape.Kernel[0]*l.shape.Kernel[1])
		x, y, maps := make([]float32, p.ImageLen()), make([]float32, p.MapLen()), make([]float32, c.MapLen())
		arg := make([]uint8, p.ArgLen())
		work := make([]float32, max(p.WorkspaceLen(), c.WorkspaceLen()))
		packed := make([]float32, max(p.PackedLen(), c.PackedLen(), p.PackedInputLen(), c.PackedInputLen()))
		acc := make([]float32, max(p.GradLen(), c.GradLen()))
		for name, run := range map[string]func(){
			"fused": func() {
				p.Pack(packed, w)
				p.Forward(y, arg, x, packed, nil, work, 0, 1)
				p.PackInput(packed, w)
				p.BackwardInput(x, y, packed, arg, work, 0, 1)
				p.BackwardWeights(acc, x, y, arg, work, 0, 1)
				p.UnpackGrad(w, nil, acc)
			},
			"plain": func() {
				c.Pack(packed, w)
				c.Forward(maps, x, packed, nil, work, 0, 1)
				c.PackInput(packed, w)
				c.BackwardInput(x, maps, packed, work, 0, 1)
				c.BackwardWeights(acc, x, maps, work, 0, 1)
				c.UnpackGrad(w, nil, acc)
			},
		} {
			if n := testing.AllocsPerRun(5, run); n != 0 {
				t.Errorf("%s, %s: %v allocations a run", l.name, name, n)
			}
		}
	}
}
