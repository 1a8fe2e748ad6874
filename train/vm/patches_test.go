package vm

import (
	"fmt"
	"testing"

	"symgrad/models/ops"
	"symgrad/models/stock"
)

// patched is a convolution by patches with both its gradients, as Gorgonia's
// Conv2d leaves them.
type patched struct {
	program
	images, filters, patches, matrix, flat, product, rows, maps *value
	dmaps, pixels, dmatrix, dflat, dfilters                     *value
	dpatches, dpixels, dimages                                  *value
}

func (p *patched) add(op operation, shape []int, args ...*value) *value {
	v := newValue(op, shape, nil, args...)
	p.values = append(p.values, v)
	return v
}

// reads adds a result that is computed of v.
func (p *patched) reads(v *value) {
	p.results = append(p.results, result{value: p.add(unary{opExp}, v.shape, v)})
}

// newPatched is of images whose maps are square, so that more mistakes have the
// right shape.
func newPatched() *patched {
	p := &patched{}
	windows := stock.Im2Col{Window: [2]int{2, 2}, Stride: [2]int{2, 2}, Dilation: [2]int{1, 1}}
	p.images = p.add(input{}, []int{2, 3, 9, 9})
	p.filters = p.add(input{}, []int{7, 3, 2, 2})
	p.dmaps = p.add(input{}, []int{2, 7, 4, 4})
	p.patches = p.add(patches{windows}, []int{2, 4, 4, 12}, p.images)
	p.matrix = p.add(alias{}, []int{32, 12}, p.patches)
	p.flat = p.add(alias{}, []int{7, 12}, p.filters)
	p.product = p.add(product{transB: true, act: opCopy, batch: 1, m: 32, k: 12, n: 7}, []int{32, 7}, p.matrix, p.flat)
	p.rows = p.add(alias{}, []int{2, 4, 4, 7}, p.product)
	p.maps = p.add(transpose{[]int{0, 3, 1, 2}}, []int{2, 7, 4, 4}, p.rows)
	p.reads(p.maps)

	p.pixels = p.add(transpose{[]int{0, 2, 3, 1}}, []int{2, 4, 4, 7}, p.dmaps)
	p.dmatrix = p.add(alias{}, []int{32, 7}, p.pixels)
	p.dflat = p.add(product{transA: true, act: opCopy, batch: 1, m: 7, k: 32, n: 12}, []int{7, 12}, p.dmatrix, p.matrix)
	p.dfilters = p.add(alias{}, []int{7, 3, 2, 2}, p.dflat)
	p.reads(p.dfilters)

	p.dpatches = p.add(product{act: opCopy, batch: 1, m: 32, k: 7, n: 12}, []int{32, 12}, p.dmatrix, p.flat)
	p.dpixels = p.add(alias{}, []int{2, 4, 4, 12}, p.dpatches)
	p.dimages = p.add(unpatch{windows}, []int{2, 3, 9, 9}, p.dpixels)
	p.reads(p.dimages)
	return p
}

// TestPatches: a convolution and its gradients are found where all is as Gorgonia
// makes it, and not where something else reads a part or one thing differs; the
// program stays sound.
func TestPatches(t *testing.T) {
	kept := func(of func(p *patched) *value) func(p *patched) {
		return func(p *patched) { p.results = append(p.results, result{value: of(p)}) }
	}
	read := func(of func(p *patched) *value) func(p *patched) { return func(p *patched) { p.reads(of(p)) } }
	const all, none, forward, images, filters = "1 1 1", "0 0 0", "1 1 0", "0 0 1", "1 0 0"
	for name, c := range map[string]struct {
		change func(p *patched)
		found  string // convolutions, gradients by the filters and by the images
	}{
		"all":                        {func(*patched) {}, all},
		"patches kept":               {kept(func(p *patched) *value { return p.patches }), images},
		"matrix kept":                {kept(func(p *patched) *value { return p.matrix }), images},
		"product kept":               {kept(func(p *patched) *value { return p.product }), images},
		"rows kept":                  {kept(func(p *patched) *value { return p.rows }), images},
		"maps kept":                  {kept(func(p *patched) *value { return p.maps }), images},
		"filters' gradient kept":     {kept(func(p *patched) *value { return p.dflat }), all},
		"patches' gradient kept":     {kept(func(p *patched) *value { return p.dpatches }), forward},
		"its rows kept":              {kept(func(p *patched) *value { return p.dpixels }), forward},
		"images' gradient kept":      {kept(func(p *patched) *value { return p.dimages }), all},
		"patches read":               {read(func(p *patched) *value { return p.patches }), images},
		"matrix read":                {read(func(p *patched) *value { return p.matrix }), images},
		"product read":               {read(func(p *patched) *value { return p.product }), images},
		"rows read":                  {read(func(p *patched) *value { return p.rows }), images},
		"maps read":                  {read(func(p *patched) *value { return p.maps }), all},
		"patches' gradient read":     {read(func(p *patched) *value { return p.dpatches }), forward},
		"its rows read":              {read(func(p *patched) *value { return p.dpixels }), forward},
		"only forward":               {func(p *patched) { p.results = p.results[:1] }, filters},
		"only the filters' gradient": {func(p *patched) { p.results = p.results[1:2] }, none},
		"only the images' gradient":  {func(p *patched) { p.results = p.results[2:] }, images},
		"patches of another matrix":  {func(p *patched) { p.reads(p.add(alias{}, []int{16, 24}, p.patches)) }, images},
		"two products":               {func(p *patched) { p.reads(p.add(p.product.op, []int{32, 7}, p.matrix, p.flat)) }, images},
		"the matrix times itself": {func(p *patched) {
			p.reads(p.add(product{transB: true, act: opCopy, batch: 1, m: 32, k: 12, n: 32}, []int{32, 32}, p.matrix, p.matrix))
		}, images},
		"the matrix times itself, the other way": {func(p *patched) {
			p.reads(p.add(product{transA: true, act: opCopy, batch: 1, m: 12, k: 32, n: 12}, []int{12, 12}, p.matrix, p.matrix))
		}, images},
		"a product with a bias": {func(p *patched) {
			bias := p.add(input{}, []int{7})
			op := p.product.op.(product)
			op.bias = true
			p.product.become(op, p.matrix, p.flat, bias)
		}, images},
		"two products at once": {func(p *patched) {
			two := p.add(input{}, []int{2, 7, 12})
			p.product.become(product{transB: true, act: opCopy, batch: 2, m: 16, k: 12, n: 7}, p.matrix, two)
			p.results = p.results[:1]
		}, none},
		"the matrix's own transpose": {func(p *patched) {
			op := p.product.op.(product)
			op.transA = true
			p.product.become(op, p.matrix, p.flat)
		}, images},
		"filters the other way": {func(p *patched) {
			op := p.product.op.(product)
			op.transB = false
			p.product.become(op, p.matrix, p.flat)
		}, images},
		"the filters' gradient, not turned": {func(p *patched) {
			op := p.dflat.op.(product)
			op.transA = false
			p.dflat.become(op, p.dmatrix, p.matrix)
		}, images},
		"the filters' gradient, turned twice": {func(p *patched) {
			op := p.dflat.op.(product)
			op.transB = true
			p.dflat.become(op, p.dmatrix, p.matrix)
		}, images},
		"the filters' gradient of something else than maps": {func(p *patched) {
			p.dflat.become(p.dflat.op, p.add(input{}, []int{32, 7}), p.matrix)
			p.values = append(p.values[:3], append([]*value{p.dflat.args[0]}, p.values[3:len(p.values)-1]...)...)
		}, images},
		"a matrix of three axes": {func(p *patched) { p.matrix.shape = []int{32, 3, 4} }, all},
		"half as many rows, twice as long": {func(p *patched) {
			p.matrix.shape = []int{16, 24}
			p.product.become(product{transB: true, act: opCopy, batch: 1, m: 16, k: 24, n: 7}, p.matrix, p.flat)
			p.product.shape, p.product.size = []int{16, 7}, 112
			p.filters.shape, p.filters.size = []int{14, 3, 2, 2}, 168
			p.flat.shape, p.flat.size = []int{7, 24}, 168
			p.rows.shape, p.rows.size = []int{2, 4, 2, 7}, 112
			p.maps.shape, p.maps.size = []int{2, 7, 4, 2}, 112
			p.results[0].value.shape, p.results[0].value.size = p.maps.shape, 112
			p.results = p.results[:1]
		}, none},
		"the filters' gradient of half as many rows": {func(p *patched) {
			m := p.add(alias{}, []int{16, 24}, p.patches)
			p.reads(p.add(product{transA: true, act: opCopy, batch: 1, m: 14, k: 16, n: 24}, []int{14, 24}, p.dmatrix, m))
		}, images},
		"the filters' gradient of pixels of other maps": {func(p *patched) {
			p.dmaps.shape, p.pixels.shape = []int{2, 14, 4, 2}, []int{2, 4, 2, 14}
		}, none},
		"the images' gradient of half as many rows": {func(p *patched) {
			p.filters.shape, p.filters.size = []int{7, 6, 2, 2}, 168
			p.flat.shape, p.flat.size = []int{7, 24}, 168
			p.dmaps.shape, p.dmaps.size = []int{2, 7, 4, 2}, 112
			p.pixels.shape, p.pixels.size = []int{2, 4, 2, 7}, 112
			p.dmatrix.shape, p.dmatrix.size = []int{16, 7}, 112
			p.dpatches.become(product{act: opCopy, batch: 1, m: 16, k: 7, n: 24}, p.dmatrix, p.flat)
			p.dpatches.shape = []int{16, 24}
			p.results = p.results[2:]
		}, none},
		"gradients by maps that were only given another shape": {func(p *patched) { p.pixels.become(alias{}, p.dmaps) }, none},
		"gradients by maps turned":                             {func(p *patched) { p.pixels.become(transpose{[]int{0, 3, 2, 1}}, p.dmaps) }, none},
		"maps that were only given another shape":              {func(p *patched) { p.maps.become(alias{}, p.rows) }, images},
		"maps turned": {func(p *patched) { p.maps.become(transpose{[]int{0, 3, 2, 1}}, p.rows) }, images},
		"the filters' gradient by other maps": {func(p *patched) {
			p.dmaps.shape, p.pixels.shape = []int{2, 7, 2, 8}, []int{2, 2, 8, 7}
		}, none},
		"two convolutions of the patches": {func(p *patched) {
			second := p.add(alias{}, []int{2, 4, 4, 7}, p.add(p.product.op, []int{32, 7}, p.matrix, p.add(alias{}, []int{7, 12}, p.filters)))
			p.reads(p.add(p.maps.op, []int{2, 7, 4, 4}, second))
		}, images},
		"patches as filters": {func(p *patched) {
			one := stock.Im2Col{Window: [2]int{1, 1}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}}
			x, y := p.add(input{}, []int{2, 1, 1, 1}), p.add(input{}, []int{2, 1})
			m := p.add(alias{}, []int{2, 1}, p.add(patches{one}, []int{2, 1, 1, 1}, x))
			rows := p.add(alias{}, []int{2, 1, 1, 2}, p.add(product{transB: true, act: opCopy, batch: 1, m: 2, k: 1, n: 2}, []int{2, 2}, y, m))
			p.results = nil
			p.reads(p.add(p.maps.op, []int{2, 2, 1, 1}, rows))
		}, none},
		"dilated patches, as many as there were": {func(p *patched) {
			wide := patches{stock.Im2Col{Window: [2]int{2, 2}, Stride: [2]int{2, 2}, Dilation: [2]int{2, 2}}}
			p.patches.op, p.dimages.op = wide, unpatch(wide)
		}, none},
		"filters without a shape": {func(p *patched) {
			p.filters.shape = []int{7, 12}
		}, none},
		"the images' gradient, filters turned": {func(p *patched) {
			op := p.dpatches.op.(product)
			op.transB = true
			p.dpatches.become(op, p.dmatrix, p.flat)
		}, forward},
		"the images' gradient, maps turned": {func(p *patched) {
			op := p.dpatches.op.(product)
			op.transA = true
			p.dpatches.become(op, p.dmatrix, p.flat)
		}, forward},
		"the images' gradient with a bias": {func(p *patched) {
			op := p.dpatches.op.(product)
			op.bias = true
			p.dpatches.become(op, p.dmatrix, p.flat, p.add(input{}, []int{12}))
			p.values = append(p.values[:3], append([]*value{p.dpatches.args[2]}, p.values[3:len(p.values)-1]...)...)
		}, forward},
		"the images' gradient in two products": {func(p *patched) {
			two := p.add(input{}, []int{2, 7, 12})
			p.dpatches.become(product{act: opCopy, batch: 2, m: 16, k: 7, n: 12}, p.dmatrix, two)
			p.values = append(p.values[:3], append([]*value{two}, p.values[3:len(p.values)-1]...)...)
		}, forward},
		"the images' gradient of something else than maps": {func(p *patched) {
			other := p.add(input{}, []int{32, 7})
			p.dpatches.become(p.dpatches.op, other, p.flat)
			p.values = append(p.values[:3], append([]*value{other}, p.values[3:len(p.values)-1]...)...)
		}, forward},
		"the images' gradient not of a product": {func(p *patched) {
			p.dpatches.become(unary{opExp}, p.add(input{}, []int{32, 12}))
			p.values = append(p.values[:3], append([]*value{p.dpatches.args[0]}, p.values[3:len(p.values)-1]...)...)
		}, forward},
		"the images' gradient of an input": {func(p *patched) {
			x := p.add(input{}, []int{32, 12})
			p.dpixels.become(alias{}, x)
			p.values = append(p.values[:3], append([]*value{x}, p.values[3:len(p.values)-1]...)...)
		}, forward},
		"the images' gradient, the rows computed": {func(p *patched) {
			p.dpixels.become(unary{opExp}, p.add(input{}, []int{2, 4, 4, 12}))
			p.values = append(p.values[:3], append([]*value{p.dpixels.args[0]}, p.values[3:len(p.values)-1]...)...)
		}, forward},
		"the maps' rows computed": {func(p *patched) {
			p.product.shape = []int{2, 4, 4, 7}
			p.rows.become(unary{opExp}, p.product)
		}, images},
		"the matrix computed": {func(p *patched) {
			p.patches.shape = []int{2, 4, 4, 12}
			p.matrix.become(unary{opExp}, p.patches)
		}, images},
	} {
		p := newPatched()
		c.change(p)
		p.reach()
		sound := p.verifyValues()
		findConvolutions(&p.program)
		p.reach()
		if err := p.verifyValues(); err != nil && sound == nil {
			t.Errorf("%s: %v", name, err)
		}
		if name == "all" {
			for v, into := range map[*value]*value{p.patches: p.maps, p.product: p.maps, p.rows: p.maps, p.dpatches: p.dimages, p.dpixels: p.dimages} {
				if v.into != into {
					t.Errorf("%v is said to be in %v", v, v.into)
				}
			}
		}
		var count [3]int
		for _, v := range p.values {
			if c, ok := v.op.(custom); ok {
				switch c.Op.(type) {
				case ops.Conv2DOp:
					count[0]++
				case ops.Conv2DWeightGradOp:
					count[1]++
				case ops.Conv2DInputGradOp:
					count[2]++
				}
			}
		}
		if got := fmt.Sprintf("%d %d %d", count[0], count[1], count[2]); got != c.found {
			t.Errorf("%s: found %s, want %s", name, got, c.found)
		}
	}
}

// verifyValues checks each by itself: these programs have no graph.
func (p *patched) verifyValues() error {
	for _, v := range p.values {
		if err := v.verify(); err != nil {
			return fmt.Errorf("%v: %w", v, err)
		}
	}
	return nil
}
