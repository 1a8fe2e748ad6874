package vm

import (
	"slices"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models"
	"symgrad/models/stock"
	"symgrad/train/vm/kernel/conv"
)

// TestStrips: the pieces of a job are as many as asked for, if there are so many
// strips, none is empty, and together they are all of it in order.
func TestStrips(t *testing.T) {
	for _, n := range []int{1, 15, 16, 17, 31, 32, 33, 100} {
		for _, width := range []int{1, 6, 16} {
			for asked := range 9 {
				var c compiled[float64]
				at := 0
				check := func(worker, from, to int) {
					if worker != 3 || from != at || to <= from || to%width != 0 && to != n {
						t.Errorf("%d by %d in %d: from %d to %d", n, width, asked+1, from, to)
					}
					at = to
				}
				if width == 1 {
					c.ranges(nil, n, asked+1, check)
				} else {
					c.strips(nil, n, width, asked+1, check)
				}
				pieces := c.code[0].pieces
				for piece := range pieces {
					c.code[0].run(3, piece)
				}
				if at != n || pieces != min(asked+1, (n-1)/width+1) {
					t.Errorf("%d by %d in %d: %d pieces up to %d", n, width, asked+1, pieces, at)
				}
			}
		}
	}
}

// TestPiecesOfWork: a job is shared when each of its pieces pays, and not without
// end.
func TestPiecesOfWork(t *testing.T) {
	for _, c := range [][3]int{{1, 1, 1}, {5, 10, 1}, {1, 1 << 20, 1}, {2, 1 << 20, 2}, {8, 3 << 13, 3}, {100, 1 << 20, 16}} {
		if got := rowPieces(c[0], c[1]); got != c[2] {
			t.Errorf("%d rows of %d operations in %d pieces, want %d", c[0], c[1], got, c[2])
		}
	}
	for _, c := range []struct {
		m, n   int
		byRows bool
	}{{199, 32, false}, {200, 32, true}, {199, 31, true}, {1, 31, true}, {1, 1000, false}} {
		if got := (product{m: c.m, n: c.n}).byRows(); got != c.byRows {
			t.Errorf("a product of %d x %d is cut by rows: %t", c.m, c.n, got)
		}
	}
}

// TestVectorsAreNotPacked: products with a vector in them need no workspace, all
// others do.
func TestVectorsAreNotPacked(t *testing.T) {
	for _, c := range []struct {
		op     product
		packed bool
	}{
		{product{batch: 1, m: 3, k: 1, n: 5}, false},
		{product{batch: 1, m: 3, k: 4, n: 1}, false},
		{product{batch: 1, m: 3, k: 4, n: 1, transA: true}, false},
		{product{batch: 1, m: 1, k: 4, n: 5}, false},
		{product{batch: 1, m: 1, k: 4, n: 5, transB: true}, false},
		{product{batch: 1, m: 3, k: 4, n: 5}, true},
		{product{batch: 1, m: 1, k: 4, n: 5, bias: true}, true},
		{product{batch: 2, m: 1, k: 4, n: 5}, true},
	} {
		c.op.act = opCopy
		compiled := compiled[float64]{workers: &workers{count: 2}}
		in := []*slot[float64]{{}, {}, {}}
		if err := compiled.product(new(value), c.op, &slot[float64]{}, in); err != nil || compiled.space > 0 != c.packed {
			t.Errorf("%v: workspace of %d, %v", c.op, compiled.space, err)
		}
	}
}

// TestScratch: of the values within a group only those are kept that are still to
// be read.
func TestScratch(t *testing.T) {
	x := newValue(input{}, []int{64}, nil)
	of := func(op operation, args ...*value) *value { return newValue(op, x.shape, nil, args...) }
	a := of(unary{opSin}, x)
	b := of(unary{opCos}, a)
	d := of(unary{opExp}, b)
	e := of(unary{opTanh}, d)
	square := of(binary{opMul}, a, a)
	for what, c := range map[string]struct {
		values []*value
		blocks int
	}{
		"one function":                     {[]*value{a}, 0},
		"a chain":                          {[]*value{a, b, d, e}, 2},
		"what is read again after a chain": {[]*value{a, b, d, of(binary{opAdd}, d, a)}, 3},
		"a square":                         {[]*value{a, square, of(unary{opCos}, square)}, 2},
		"what is read after its square":    {[]*value{a, square, b, of(binary{opAdd}, square, b)}, 3},
	} {
		u := unit{group: true, values: c.values, inside: map[*value]bool{}}
		compiled := compiled[float64]{slots: map[*value]*slot[float64]{x: {}}}
		for i, v := range c.values {
			compiled.slots[v] = &slot[float64]{}
			u.inside[v] = i < len(c.values)-1
		}
		if compiled.group(&u); compiled.space != c.blocks*64 {
			t.Errorf("%s: scratch for %d numbers, want %d blocks of 64", what, compiled.space, c.blocks)
		}
	}
}

// TestPatchesOfAnImage: patches are the pixels that windows lie on, and the way
// back adds up what each pixel is in, for settings that differ by axis.
func TestPatchesOfAnImage(t *testing.T) {
	for _, w := range []stock.Im2Col{
		{Window: [2]int{2, 3}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}},
		{Window: [2]int{3, 2}, Stride: [2]int{2, 1}, Dilation: [2]int{1, 2}, Pad: [2]int{1, 0}},
		{Window: [2]int{2, 2}, Stride: [2]int{1, 3}, Dilation: [2]int{2, 1}, Pad: [2]int{0, 2}},
		{Window: [2]int{1, 1}, Stride: [2]int{3, 2}, Dilation: [2]int{1, 1}, Pad: [2]int{2, 1}},
	} {
		image := []int{1, 2, 6, 5}
		along := func(i int) int {
			return (image[2+i]+2*w.Pad[i]-w.Dilation[i]*(w.Window[i]-1)-1)/w.Stride[i] + 1
		}
		patch := []int{1, along(0), along(1), 2 * w.Window[0] * w.Window[1]}
		x := make([]float64, volume(image))
		for i := range x {
			x[i] = float64(i + 1)
		}
		out, want := make([]float64, volume(patch)), make([]float64, volume(patch))
		back, sums := make([]float64, len(x)), make([]float64, len(x))
		for i := range out {
			out[i] = -7 // of an earlier run
			k, at := i%patch[3], i/patch[3]
			row := at/patch[2]*w.Stride[0] + k/w.Window[1]%w.Window[0]*w.Dilation[0] - w.Pad[0]
			column := at%patch[2]*w.Stride[1] + k%w.Window[1]*w.Dilation[1] - w.Pad[1]
			if row >= 0 && row < image[2] && column >= 0 && column < image[3] {
				pixel := (k/(w.Window[0]*w.Window[1])*image[2]+row)*image[3] + column
				want[i] = x[pixel]
				sums[pixel] += x[pixel]
			}
		}
		patchesOf(w, image, patch, out, x)
		if imageOf(w, image, patch, back, want); !slices.Equal(out, want) || !slices.Equal(back, sums) {
			t.Errorf("%+v: %v\nwant %v\nback %v\nwant %v", w, out, want, back, sums)
		}
	}
}

// TestNoInstruction: what no instruction is for is an error, whatever the passes
// let through.
func TestNoInstruction(t *testing.T) {
	x := newValue(input{}, []int{1, 1, 2, 2}, nil)
	small := &block{shape: conv.Shape{Channels: 1, Height: 2, Width: 2, Maps: 1, Kernel: [2]int{3, 3}}}
	for what, v := range map[string]*value{
		"no instruction for input": x,
		"no instruction for tanh":  newValue(custom{G.Must(G.Tanh(G.NewScalar(G.NewGraph(), tensor.Float32))).Op()}, x.shape, nil, x),
		"a size is negative":       newValue(product{m: -1, n: 2, k: 2, batch: 1, act: opCopy}, x.shape, nil, x, x),
		"[3 3] is larger":          newValue(convolution{small}, x.shape, nil, x, x),
	} {
		c := compiled[float32]{slots: map[*value]*slot[float32]{x: {}, v: {}}}
		if err := c.emit(v); err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("%v: %v, want %s", v.op, err, what)
		}
	}
}

// TestWhatIsDifferentiated: a gradient's instruction knows the weights that a solver
// writes next; an intermediate product knows none.
func TestWhatIsDifferentiated(t *testing.T) {
	p := lowered(t, models.MLP(30, 40, 10), tensor.Float32)
	engine, err := compile[float32](p, Config{}, nil, newWorkers(2))
	if err != nil {
		t.Fatal(err)
	}
	c := engine.(*compiled[float32])
	var found []string
	for _, v := range p.values {
		if _, ok := v.op.(product); !ok {
			continue
		}
		name := "nothing"
		for _, in := range c.inputs {
			if c.differentiated(v) == in.slot {
				name = in.node.Name()
			}
		}
		found = append(found, name)
	}
	if want := []string{"nothing", "nothing", "fc2.weight", "nothing", "fc1.weight"}; !slices.Equal(found, want) {
		t.Errorf("products are followed by writes to %v, want %v", found, want)
	}
}
