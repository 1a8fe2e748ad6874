package vm

import (
	"slices"

	"symgrad/models/ops"
	"symgrad/models/stock"
)

// findConvolutions finds what Gorgonia's Conv2d is made of, patches of the images
// times the filters with the channels moved to the front, and its gradients, and
// makes convolutions of them. Where something else reads a part, all stays.
func findConvolutions(p *program) {
	users := p.users()
	for _, v := range p.values {
		if w, _ := v.op.(patches); w.w.Dilation == [2]int{1, 1} {
			c := patchwork{im2col: w.w, patches: v, x: v.args[0], users: users}
			if c.find() {
				c.rewrite()
			}
		}
		if w, _ := v.op.(unpatch); w.w.Dilation == [2]int{1, 1} {
			rewriteUnpatch(v, w.w, users)
		}
	}
}

// patchwork is a convolution by patches.
type patchwork struct {
	im2col     stock.Im2Col
	users      map[*value][]*value
	patches, x *value
	filters    *value // (maps, C, kh, kw)
	product    *value // of patches and filters
	z          *value // the maps
	back       []filterGrad
}

// filterGrad is a product of the maps' gradient and the patches.
type filterGrad struct{ product, dz *value }

// find looks at all that reads the patches.
func (c *patchwork) find() bool {
	for _, matrix := range c.users[c.patches] {
		if !isAlias(matrix) || matrix.keep {
			return false
		}
		for _, u := range c.users[matrix] {
			m, _ := u.op.(product)
			switch {
			case m.bias:
				return false
			case u.args[0] == matrix && m.transB && !m.transA && c.product == nil:
				c.product, c.filters = u, root(u.args[1])
			case m.transA && !m.transB && mapsOf(u.args[0], m.m) != nil:
				c.back = append(c.back, filterGrad{u, mapsOf(u.args[0], m.m)})
			default:
				return false
			}
		}
	}
	return c.product != nil && !c.patches.keep && !c.product.keep && c.findMaps()
}

// findMaps follows the product to the maps.
func (c *patchwork) findMaps() bool {
	rows := only(c.users[c.product])
	if rows == nil || !isAlias(rows) || rows.keep {
		return false
	}
	c.z = only(c.users[rows])
	if c.z == nil || c.z.keep || !moves(c.z, 0, 3, 1, 2) {
		return false
	}
	z := newValue(c.convolution(), c.z.shape, c.z.node, c.x, c.filters)
	if z.op.check(z) != nil {
		return false
	}
	return !slices.ContainsFunc(c.back, func(g filterGrad) bool { return !slices.Equal(g.dz.shape, c.z.shape) })
}

func (c *patchwork) convolution() custom {
	return custom{ops.Conv2DOp{Stride: c.im2col.Stride, Pad: c.im2col.Pad}}
}

func (c *patchwork) rewrite() {
	for _, v := range []*value{c.patches, c.product, c.z.args[0]} {
		v.into = c.z
	}
	for _, g := range c.back {
		op := custom{ops.Conv2DWeightGradOp{Stride: c.im2col.Stride, Pad: c.im2col.Pad, Kernel: c.im2col.Window}}
		g.product.become(alias{}, newValue(op, c.filters.shape, g.product.node, c.x, g.dz))
	}
	c.z.become(c.convolution(), c.x, c.filters)
}

// rewriteUnpatch makes the gradient by the images of what adds up the patches of
// a gradient times the filters.
func rewriteUnpatch(v *value, w stock.Im2Col, users map[*value][]*value) {
	rows := v.args[0]
	if !isAlias(rows) {
		return
	}
	u := rows.args[0]
	m, ok := u.op.(product)
	if !ok || m.transA || m.transB || m.bias || u.keep || rows.keep || len(users[u]) != 1 || len(users[rows]) != 1 {
		return
	}
	dz, filters := mapsOf(u.args[0], m.k), root(u.args[1])
	if dz == nil {
		return
	}
	dx := newValue(custom{ops.Conv2DInputGradOp{Stride: w.Stride, Pad: w.Pad, Image: [2]int(v.shape[2:])}}, v.shape, v.node, filters, dz)
	if dx.op.check(dx) == nil {
		u.into, rows.into = v, v
		v.become(dx.op, dx.args...)
	}
}

// mapsOf gives maps (B, k, H, W) where rows has k numbers for each of their pixels.
func mapsOf(rows *value, k int) *value {
	if !isAlias(rows) {
		return nil
	}
	pixels := rows.args[0]
	if !moves(pixels, 0, 2, 3, 1) || pixels.shape[3] != k {
		return nil
	}
	return pixels.args[0]
}

// moves tells whether v is a transpose of four axes.
func moves(v *value, perm ...int) bool {
	t, _ := v.op.(transpose)
	return slices.Equal(t.perm, perm)
}

func only(values []*value) *value {
	if len(values) != 1 {
		return nil
	}
	return values[0]
}
