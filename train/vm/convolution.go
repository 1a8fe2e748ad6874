package vm

import (
	"errors"
	"fmt"
	"slices"

	kconv "symgrad/train/vm/kernel/conv"
)

// The operations of a convolution with what is fused with it.
type (
	convolution struct{ *block } // (x, w[, b]) -> the maps, or their maxima where it pools
	weightGrad  struct{ *block } // (x, dz[, y]) -> dw, and db besides where it is wanted
	eachGrad    struct{ *block } // (x, dz[, y]) -> dw and db of each image
	inputGrad   struct{ *block } // (w, dz[, y]) -> dx
)

// block is what the operations of one convolution share. With a pool, dz is the
// gradient of the maxima, and the gradients wait for the convolution y, which
// leaves them where the maxima were.
type block struct {
	batch    int
	shape    kconv.Shape
	window   kconv.Window
	pools    bool
	in, out  layout
	biases   bool
	backward bool // a gradient will ask where the maxima were

	pooled *kconv.Pooled // one of the two, once prepared
	plain  *kconv.Convolution
	argmax []uint8
}

// prepare chooses the kernel, for the layouts as they are the first time.
func (b *block) prepare() (err error) {
	in, out := kconv.Layout(b.in), kconv.Layout(b.out)
	switch {
	case b.plain != nil || b.pooled != nil:
	case !b.pools:
		b.plain, err = kconv.New(b.shape, in, out)
	default:
		b.pooled, err = kconv.NewPooled(b.shape, b.window, in, out)
		if b.backward {
			b.argmax = make([]uint8, b.batch*b.pooled.ArgLen())
		}
	}
	return err
}

// workspaceLen is how many numbers a worker needs for any of the operations.
func (b *block) workspaceLen() int {
	if b.pools {
		return b.pooled.WorkspaceLen()
	}
	return b.plain.WorkspaceLen()
}

// blockOf is what v's operation shares with others.
func blockOf(v *value) *block {
	switch op := v.op.(type) {
	case convolution:
		return op.block
	case weightGrad:
		return op.block
	case eachGrad:
		return op.block
	case inputGrad:
		return op.block
	}
	return nil
}

func (b *block) String() string {
	s := b.shape
	text := fmt.Sprintf("%dx%dx%d to %d@%dx%d", s.Channels, s.Height, s.Width, s.Maps, s.Kernel[0], s.Kernel[1])
	if b.biases {
		text += ", bias"
	}
	if b.pools {
		text += fmt.Sprintf(", max-pool %dx%d", b.window.Size[0], b.window.Size[1])
	}
	return text
}

func (c convolution) String() string { return "convolution(" + c.block.String() + ")" }
func (w weightGrad) String() string  { return "weightGrad(" + w.block.String() + ")" }
func (e eachGrad) String() string    { return "eachGrad(" + e.block.String() + ")" }
func (i inputGrad) String() string   { return "inputGrad(" + i.block.String() + ")" }

func (b *block) image() []int { return []int{b.batch, b.shape.Channels, b.shape.Height, b.shape.Width} }
func (b *block) filter() []int {
	return []int{b.shape.Maps, b.shape.Channels, b.shape.Kernel[0], b.shape.Kernel[1]}
}

func (b *block) maps() []int {
	out := b.shape.Out()
	if b.pools {
		out = b.window.Out(out)
	}
	return []int{b.batch, b.shape.Maps, out[0], out[1]}
}

func (c convolution) check(v *value) error {
	n := 2
	if c.biases {
		n = 3
	}
	if err := operands(v, n); err != nil {
		return err
	}
	if c.biases && v.args[2].size != c.shape.Maps {
		return fmt.Errorf("bias %v of %d maps", v.args[2], c.shape.Maps)
	}
	return errors.Join(is(v.args[0], c.image()), is(v.args[1], c.filter()), is(v, c.maps()))
}

func (w weightGrad) check(v *value) error {
	if err := w.gradient(v); err != nil {
		return err
	}
	return errors.Join(writes(v, w.shape.Maps), is(v.args[0], w.image()), is(v.args[1], w.maps()), is(v, w.filter()))
}

func (e eachGrad) check(v *value) error {
	if err := e.gradient(v); err != nil {
		return err
	}
	return errors.Join(is(v.args[0], e.image()), is(v.args[1], e.maps()), is(v, []int{e.batch, e.shape.Maps * (volume(e.filter()[1:]) + 1)}))
}

func (i inputGrad) check(v *value) error {
	if err := i.gradient(v); err != nil {
		return err
	}
	return errors.Join(is(v.args[0], i.filter()), is(v.args[1], i.maps()), is(v, i.image()))
}

// gradient checks that a gradient waits for the maxima's places.
func (b *block) gradient(v *value) error {
	if !b.pools {
		return operands(v, 2)
	}
	if err := operands(v, 3); err != nil {
		return err
	}
	if y, _ := v.args[2].op.(convolution); y.block != b || !b.backward {
		return fmt.Errorf("does not wait for its convolution")
	}
	return nil
}

// is checks a value's shape.
func is(v *value, shape []int) error {
	if !slices.Equal(v.shape, shape) {
		return fmt.Errorf("%v, want %v", v, shape)
	}
	return nil
}
