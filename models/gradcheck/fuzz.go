package gradcheck

import (
	"fmt"
	"math"
	"testing"

	"symgrad/models/gradcheck/finding"
)

// Fuzz checks a loss on shapes and numbers that go test -fuzz finds: zeros, ties,
// sizes of one. axes are how many each parameter has; without any there is one
// parameter of two. Shapes that build refuses are passed over, and so are numbers
// where the loss is not finite.
func Fuzz(f *testing.F, build Build, axes ...int) {
	if len(axes) == 0 {
		axes = []int{2}
	}
	f.Add([]byte{})
	f.Add([]byte{2, 2, 2, 2, 2, 2})
	f.Add([]byte{1, 2, 3, 2, 1, 0, 0, 0, 0, 0, 0, 0, 25, 25, 25, 25, 25, 25})
	f.Add([]byte{4, 1, 1, 4, 200, 100, 50, 1, 2, 3, 4, 5, 6, 7, 8})
	f.Fuzz(func(t *testing.T, data []byte) {
		found, err := Check(build, drawn(data, axes), Options{})
		if err != nil {
			t.Skip(err)
		}
		for _, f := range Wrong(found) {
			if f.Kind != finding.NonFinite {
				t.Error(f)
			}
		}
	})
}

// drawn makes parameters of bytes: sizes of 1 to 5 first, then the numbers, from
// -5 to 5 by twenty-fifths; where there are no bytes left, different ones.
func drawn(data []byte, axes []int) (at []Tensor) {
	next := func() (b byte, ok bool) {
		if len(data) == 0 {
			return 2, false
		}
		b, data = data[0], data[1:]
		return b, true
	}
	for i, n := range axes {
		t := Tensor{Name: fmt.Sprint("p", i)}
		for range n {
			b, _ := next()
			t.Shape = append(t.Shape, 1+int(b)%5)
		}
		at = append(at, t)
	}
	for i := range at {
		size := 1
		for _, d := range at[i].Shape {
			size *= d
		}
		for k := range size {
			v := 1.3 * math.Sin(float64(3*i)+1.7*float64(k)+0.2)
			if b, ok := next(); ok {
				v = float64(int8(b)) / 25
			}
			at[i].Values = append(at[i].Values, v)
		}
	}
	return at
}
