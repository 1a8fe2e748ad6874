package vm

import (
	"errors"
	"fmt"
	"slices"

	"gorgonia.org/tensor"

	G "gorgonia.org/gorgonia"

	"symgrad/models/stock"
)

func (input) check(v *value) error     { return operands(v, 0) }
func (constant) check(v *value) error  { return errors.Join(operands(v, 0), holds(v, 1)) }
func (fixed) check(v *value) error     { return operands(v, 0) }
func (u unary) check(v *value) error   { return errors.Join(operands(v, 1), likeOrScalar(v)) }
func (b binary) check(v *value) error  { return errors.Join(operands(v, 2), likeOrScalar(v)) }
func (opaque) check(v *value) error    { return nil }
func (s softmax) check(v *value) error { return onAxis(v, 1, s.axis) }

func (s softmaxGrad) check(v *value) error { return onAxis(v, 2, s.axis) }

func (alias) check(v *value) error {
	if err := operands(v, 1); err != nil {
		return err
	}
	return holds(v, v.args[0].size)
}

func (broadcast) check(v *value) error {
	if err := operands(v, 1); err != nil {
		return err
	}
	return holds(v.args[0], 1)
}

func (r repeat) check(v *value) error {
	if err := operands(v, 1); err != nil {
		return err
	}
	return errors.Join(holds(v.args[0], r.outer*r.axis*r.inner), holds(v, r.outer*r.axis*r.inner*r.times))
}

func (t transpose) check(v *value) error {
	if err := operands(v, 1); err != nil {
		return err
	}
	x := v.args[0].shape
	if len(t.perm) != len(x) {
		return fmt.Errorf("%d axes of %v", len(t.perm), x)
	}
	for i, axis := range slices.Sorted(slices.Values(t.perm)) {
		if axis != i {
			return fmt.Errorf("axes %v", t.perm)
		}
	}
	if shape, _ := permuted(x, t.perm); !slices.Equal(shape, v.shape) {
		return fmt.Errorf("axes %v of %v do not give %v", t.perm, x, v.shape)
	}
	return nil
}

func (s sum) check(v *value) error {
	if err := operands(v, 1); err != nil {
		return err
	}
	x := v.args[0].shape
	if len(s.over) != len(x) {
		return fmt.Errorf("%d axes of %v", len(s.over), x)
	}
	left := 1
	for i, d := range x {
		if !s.over[i] {
			left *= d
		}
	}
	return holds(v, left)
}

func (p product) check(v *value) error {
	n := 2
	if p.bias {
		n = 3
	}
	if err := operands(v, n); err != nil {
		return err
	}
	err := errors.Join(holds(v.args[0], p.batch*p.m*p.k), holds(v.args[1], p.batch*p.k*p.n), holds(v, p.batch*p.m*p.n))
	if p.bias {
		err = errors.Join(err, holds(v.args[2], p.n))
	}
	return err
}

func (c cut) check(v *value) error {
	if err := operands(v, 1); err != nil {
		return err
	}
	if c.from < 0 || c.step < 1 || c.from+(c.length-1)*c.step >= c.axis {
		return fmt.Errorf("out of range")
	}
	return errors.Join(holds(v.args[0], c.outer*c.axis*c.inner), holds(v, c.outer*c.length*c.inner))
}

func (u uncut) check(v *value) error {
	if err := operands(v, 1); err != nil {
		return err
	}
	return errors.Join(holds(v.args[0], u.outer*u.length*u.inner), holds(v, u.outer*u.axis*u.inner))
}

func (c concat) check(v *value) error {
	total := 0
	for _, a := range v.args {
		if a.size%(c.outer*c.inner) != 0 {
			return fmt.Errorf("an operand of %v is not %d by any by %d", a.shape, c.outer, c.inner)
		}
		total += a.size
	}
	return holds(v, total)
}

func (b byIndices) check(v *value) error {
	if err := operands(v, 2); err != nil {
		return err
	}
	return errors.Join(holds(v.args[0], b.outer*b.axis*b.inner), holds(v.args[1], b.length), holds(v, b.outer*b.length*b.inner))
}

func (b byIndicesGrad) check(v *value) error {
	if err := operands(v, 2); err != nil {
		return err
	}
	return errors.Join(holds(v.args[0], b.outer*b.length*b.inner), holds(v.args[1], b.length), holds(v, b.outer*b.axis*b.inner))
}

func (p patches) check(v *value) error {
	if err := operands(v, 1); err != nil {
		return err
	}
	return patchShapes(p.w, v.args[0].shape, v.shape)
}

func (u unpatch) check(v *value) error {
	if err := operands(v, 1); err != nil {
		return err
	}
	return patchShapes(u.w, v.shape, v.args[0].shape)
}

// patchShapes checks images (B, C, H, W) against their patches.
func patchShapes(w stock.Im2Col, image, patches []int) error {
	if len(image) != 4 {
		return fmt.Errorf("images %v, patches %v", image, patches)
	}
	along := func(i int) int { // how many there are
		return (image[2+i]+2*w.Pad[i]-w.Dilation[i]*(w.Window[i]-1)-1)/w.Stride[i] + 1
	}
	want := []int{image[0], along(0), along(1), image[1] * w.Window[0] * w.Window[1]}
	if !slices.Equal(patches, want) {
		return fmt.Errorf("images %v have patches %v, not %v", image, want, patches)
	}
	return nil
}

func (b batchNorm) check(v *value) error {
	if err := operands(v, 1); err != nil {
		return err
	}
	if len(v.shape) < 2 {
		return fmt.Errorf("no channels in %v", v.shape)
	}
	return errors.Join(holds(v.args[0], v.size), writes(v, momentsLen(v.shape[1])))
}

func (b batchNormGrad) check(v *value) error {
	if err := operands(v, 3); err != nil {
		return err
	}
	return errors.Join(holds(v.args[0], v.size), holds(v.args[1], v.size), holds(v.args[2], momentsLen(v.shape[1])))
}

func (d dropout) check(v *value) error {
	if err := operands(v, 1); err != nil {
		return err
	}
	return errors.Join(holds(v.args[0], v.size), writes(v, v.size))
}

func (d dropoutGrad) check(v *value) error {
	if err := operands(v, 2); err != nil {
		return err
	}
	return errors.Join(holds(v.args[0], v.size), holds(v.args[1], v.size))
}

// writes checks what is besides v: nothing or one value of n numbers.
func writes(v *value, n int) error {
	for _, s := range v.side {
		if _, ok := s.op.(besides); !ok || s.size != n || len(v.side) > 1 {
			return fmt.Errorf("%v besides", s)
		}
	}
	return nil
}

// check asks the operator itself.
func (c custom) check(v *value) error {
	var in []G.DimSizer
	for _, a := range v.args {
		in = append(in, tensor.Shape(a.shape))
	}
	shape, err := c.InferShape(in...)
	if err != nil {
		return err
	}
	if !slices.Equal(shape, v.shape) {
		return fmt.Errorf("gives %v", shape)
	}
	return nil
}

func (besides) check(v *value) error {
	if err := operands(v, 1); err != nil {
		return err
	}
	if !slices.Contains(v.args[0].side, v) {
		return fmt.Errorf("%v does not write it", v.args[0])
	}
	return nil
}

func operands(v *value, n int) error {
	if len(v.args) != n {
		return fmt.Errorf("%d operands, want %d", len(v.args), n)
	}
	return nil
}

func holds(v *value, n int) error {
	if v.size != n {
		return fmt.Errorf("%v holds %d numbers, want %d", v, v.size, n)
	}
	return nil
}

// likeOrScalar tells whether operands are scalars or of the result's size.
func likeOrScalar(v *value) error {
	if !elementwise(v.size, v.args) {
		return fmt.Errorf("operands of other sizes")
	}
	return nil
}

func onAxis(v *value, n, axis int) error {
	if err := operands(v, n); err != nil {
		return err
	}
	if axis < 0 || axis >= len(v.shape) {
		return fmt.Errorf("no axis %d", axis)
	}
	for _, a := range v.args {
		if err := holds(a, v.size); err != nil {
			return err
		}
	}
	return nil
}
