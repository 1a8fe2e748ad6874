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

func newPatched() *patched {
	p := &patched{}
	windows := stock.Im2Col{Window: [2]int{2, 2}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}}
	p.images = p.add(input{}, []int{2, 3, 5, 6})
	p.filters = p.add(input{}, []int{7, 3, 2, 2})
	p.dmaps = p.add(input{}, []int{2, 7, 4, 5})
	p.patches = p.add(patches{windows}, []int{2, 4, 5, 12}, p.images)
	p.matrix = p.add(alias{}, []int{40, 12}, p.patches)
	p.flat = p.add(alias{}, []int{7, 12}, p.filters)
	p.product = p.add(product{transB: true, act: opCopy, batch: 1, m: 40, k: 12, n: 7}, []int{40, 7}, p.matrix, p.flat)
	p.rows = p.add(alias{}, []int{2, 4, 5, 7}, p.product)
	p.maps = p.add(transpose{[]int{0, 3, 1, 2}}, []int{2, 7, 4, 5}, p.rows)
	p.reads(p.maps)

	p.pixels = p.add(transpose{[]int{0, 2, 3, 1}}, []int{2, 4, 5, 7}, p.dmaps)
	p.dmatrix = p.add(alias{}, []int{40, 7}, p.pixels)
	p.dflat = p.add(product{transA: true, act: opCopy, batch: 1, m: 7, k: 40, n: 12}, []int{7, 12}, p.dmatrix, p.matrix)
	p.dfilters = p.add(alias{}, []int{7, 3, 2, 2}, p.dflat)
	p.reads(p.dfilters)

	p.dpatches = p.add(product{act: opCopy, batch: 1, m: 40, k: 7, n: 12}, []int{40, 12}, p.dmatrix, p.flat)
	p.dpixels = p.add(alias{}, []int{2, 4, 5, 12}, p.dpatches)
	p.dimages = p.add(unpatch{windows}, []int{2, 3, 5, 6}, p.dpixels)
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
		"patches of another matrix":  {func(p *patched) { p.reads(p.add(alias{}, []int{20, 24}, p.patches)) }, images},
		"a matrix of three axes": {func(p *patched) {
			m := p.add(alias{}, []int{40, 3, 4}, p.patches)
			p.reads(p.add(product{transB: true, act: opCopy, batch: 1, m: 40, k: 12, n: 7}, []int{40, 7}, m, p.flat))
			p.results = p.results[3:]
		}, none},
		"two products": {func(p *patched) { p.reads(p.add(p.product.op, []int{40, 7}, p.matrix, p.flat)) }, images},
		"the matrix times itself": {func(p *patched) {
			p.reads(p.add(product{transB: true, act: opCopy, batch: 1, m: 40, k: 12, n: 40}, []int{40, 40}, p.matrix, p.matrix))
		}, images},
		"the matrix times itself, the other way": {func(p *patched) {
			p.reads(p.add(product{transA: true, act: opCopy, batch: 1, m: 12, k: 40, n: 12}, []int{12, 12}, p.matrix, p.matrix))
		}, images},
		"a product with a bias": {func(p *patched) {
			bias := p.add(input{}, []int{7})
			op := p.product.op.(product)
			op.bias = true
			p.product.become(op, p.matrix, p.flat, bias)
		}, images},
		"two products at once": {func(p *patched) {
			two := p.add(input{}, []int{2, 7, 12})
			p.product.become(product{transB: true, act: opCopy, batch: 2, m: 20, k: 12, n: 7}, p.matrix, two)
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
			p.dflat.become(p.dflat.op, p.add(input{}, []int{40, 7}), p.matrix)
			p.values = append(p.values[:3], append([]*value{p.dflat.args[0]}, p.values[3:len(p.values)-1]...)...)
		}, images},
		"the filters' gradient of maps of another shape": {func(p *patched) {
			p.dmaps.shape = []int{2, 7, 5, 4}
			p.pixels.shape = []int{2, 5, 4, 7}
		}, none},
		"gradients of maps in another order": {func(p *patched) {
			p.pixels.become(transpose{[]int{0, 2, 1, 3}}, p.dmaps)
			p.dmaps.shape = []int{2, 5, 4, 7}
		}, none},
		"gradients of rows that are no pixels": {func(p *patched) {
			p.dmaps.shape, p.pixels.shape = []int{2, 14, 4, 5}, []int{2, 4, 5, 14}
			p.dmaps.size, p.pixels.size = 560, 560
			p.dmatrix.shape, p.dmatrix.size = []int{80, 7}, 560
			p.dflat.become(product{transA: true, act: opCopy, batch: 1, m: 14, k: 40, n: 12}, p.dmatrix, p.matrix)
			p.dflat.shape, p.dflat.size = []int{14, 12}, 168
			p.dfilters.shape, p.dfilters.size = []int{14, 3, 2, 2}, 168
			p.results = []result{p.results[0], p.results[1]}
			p.results[1].value.shape, p.results[1].value.size = p.dfilters.shape, 168
		}, none},
		"maps in another order": {func(p *patched) {
			p.maps.become(transpose{[]int{0, 3, 2, 1}}, p.rows)
			p.maps.shape = []int{2, 7, 5, 4}
			p.results[0].value.shape = p.maps.shape
		}, images},
		"maps of other rows": {func(p *patched) {
			p.rows.shape = []int{4, 2, 5, 7}
			p.maps.shape = []int{4, 7, 2, 5}
			p.results[0].value.shape = p.maps.shape
		}, images},
		"filters without a shape": {func(p *patched) {
			p.filters.shape = []int{7, 12}
		}, none},
		"dilated patches": {func(p *patched) {
			p.images.shape, p.images.size = []int{2, 3, 6, 7}, 252
			wide := patches{stock.Im2Col{Window: [2]int{2, 2}, Stride: [2]int{1, 1}, Dilation: [2]int{2, 2}}}
			p.patches.op, p.dimages.op = wide, unpatch{wide.w}
			for _, v := range []*value{p.dimages, p.results[2].value} {
				v.shape, v.size = p.images.shape, 252
			}
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
			p.dpatches.become(product{act: opCopy, batch: 2, m: 20, k: 7, n: 12}, p.dmatrix, two)
			p.values = append(p.values[:3], append([]*value{two}, p.values[3:len(p.values)-1]...)...)
		}, forward},
		"the images' gradient of something else than maps": {func(p *patched) {
			other := p.add(input{}, []int{40, 7})
			p.dpatches.become(p.dpatches.op, other, p.flat)
			p.values = append(p.values[:3], append([]*value{other}, p.values[3:len(p.values)-1]...)...)
		}, forward},
		"the images' gradient not of a product": {func(p *patched) {
			p.dpatches.become(unary{opExp}, p.add(input{}, []int{40, 12}))
			p.values = append(p.values[:3], append([]*value{p.dpatches.args[0]}, p.values[3:len(p.values)-1]...)...)
		}, forward},
		"the images' gradient, the rows computed": {func(p *patched) {
			p.dpixels.become(unary{opExp}, p.add(input{}, []int{2, 4, 5, 12}))
			p.values = append(p.values[:3], append([]*value{p.dpixels.args[0]}, p.values[3:len(p.values)-1]...)...)
		}, forward},
		"the maps' rows computed": {func(p *patched) {
			p.product.shape = []int{2, 4, 5, 7}
			p.rows.become(unary{opExp}, p.product)
		}, images},
		"the matrix computed": {func(p *patched) {
			p.patches.shape = []int{2, 4, 5, 12}
			p.matrix.become(unary{opExp}, p.patches)
		}, images},
		"images of another shape": {func(p *patched) {
			p.filters.shape = []int{7, 2, 2, 3}
		}, none},
	} {
		p := newPatched()
		c.change(p)
		p.reach()
		sound := p.verifyValues()
		findConvolutions(&p.program)
		p.order()
		p.reach()
		if err := p.verifyValues(); err != nil && sound == nil {
			t.Errorf("%s: %v", name, err)
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
