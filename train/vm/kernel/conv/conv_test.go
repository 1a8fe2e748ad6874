package conv

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"symgrad/train/vm/kernel/internal/kerneltest"
)

// naiveConv is the definition, in float64 and NCHW, of one image's maps.
func naiveConv(s Shape, x, w, bias []float32) []float64 {
	out := s.Out()
	y := make([]float64, s.Maps*out[0]*out[1])
	eachProduct(s, func(yi, xi, wi int) { y[yi] += float64(x[xi]) * float64(w[wi]) })
	for i := range y {
		if bias != nil {
			y[i] += float64(bias[i/(out[0]*out[1])])
		}
	}
	return y
}

// eachProduct visits the indices in NCHW of every product of a convolution.
func eachProduct(s Shape, visit func(y, x, w int)) {
	out := s.Out()
	stride := [2]int{max(1, s.Stride[0]), max(1, s.Stride[1])}
	for k := range s.Maps {
		for i := range out[0] {
			for j := range out[1] {
				for c := range s.Channels {
					for u := range s.Kernel[0] {
						for v := range s.Kernel[1] {
							m, n := i*stride[0]+u-s.Pad[0], j*stride[1]+v-s.Pad[1]
							if m >= 0 && n >= 0 && m < s.Height && n < s.Width {
								visit((k*out[0]+i)*out[1]+j, (c*s.Height+m)*s.Width+n,
									((k*s.Channels+c)*s.Kernel[0]+u)*s.Kernel[1]+v)
							}
						}
					}
				}
			}
		}
	}
}

// drawShape draws a geometry; half of the time a plain one without stride and padding.
func drawShape(t *rapid.T) Shape {
	s := Shape{
		Channels: rapid.SampledFrom([]int{1, 1, 2, 3, 4, 8, 11, 16}).Draw(t, "channels"),
		Maps:     rapid.SampledFrom([]int{1, 2, 3, 5, 8, 10, 16, 24, 29, 32, 40, 64}).Draw(t, "maps"),
		Kernel:   [2]int{rapid.IntRange(1, 5).Draw(t, "kh"), rapid.IntRange(1, 5).Draw(t, "kw")},
	}
	if rapid.Bool().Draw(t, "3x3") {
		s.Kernel = [2]int{3, 3}
	}
	if rapid.Bool().Draw(t, "strided") {
		s.Stride = [2]int{rapid.IntRange(0, 3).Draw(t, "sh"), rapid.IntRange(0, 3).Draw(t, "sw")}
		s.Pad = [2]int{rapid.IntRange(0, 3).Draw(t, "ph"), rapid.IntRange(0, 3).Draw(t, "pw")}
	}
	s.Height = rapid.IntRange(max(1, s.Kernel[0]-2*s.Pad[0]), 14).Draw(t, "height")
	s.Width = rapid.IntRange(max(1, s.Kernel[1]-2*s.Pad[1]), 30).Draw(t, "width")
	return s
}

func randomLayout(t *rapid.T, name string) Layout {
	return rapid.SampledFrom([]Layout{NCHW, NHWC}).Draw(t, name)
}

// toLayout reorders one NCHW image of channels x pixels.
func toLayout[E any](x []E, channels int, l Layout) []E {
	pixels := len(x) / channels
	y := make([]E, len(x))
	for c := range channels {
		for p := range pixels {
			if l == NHWC {
				y[p*channels+c] = x[c*pixels+p]
			} else {
				y[c*pixels+p] = x[c*pixels+p]
			}
		}
	}
	return y
}

// fromLayout is the way back to NCHW.
func fromLayout(x []float32, channels int, l Layout) []float32 {
	if l == NCHW {
		return x
	}
	return toLayout(x, len(x)/channels, NHWC)
}

// batch puts images of length n, each made by draw, into one guarded slice.
func batch(t kerneltest.T, g *kerneltest.Guard, images, n int, image func(i int) []float32) []float32 {
	x := g.Floats(t, images*n)
	for i := range images {
		copy(x[i*n:], image(i))
	}
	return x
}

func TestConv(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s, in, out := drawShape(r), randomLayout(r, "in"), randomLayout(r, "out")
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "seed"), 1))
		c, err := New(s, in, out)
		if err != nil {
			r.Fatal(err)
		}
		var g kerneltest.Guard
		defer g.Release(r)
		const images = 3
		var xs, dys [images][]float32
		for i := range images {
			xs[i], dys[i] = kerneltest.Random[float32](rng, c.ImageLen()), kerneltest.Random[float32](rng, c.MapLen())
		}
		x := batch(r, &g, images, c.ImageLen(), func(i int) []float32 { return toLayout(xs[i], s.Channels, in) })
		dy := batch(r, &g, images, c.MapLen(), func(i int) []float32 { return toLayout(dys[i], s.Maps, out) })
		w := kerneltest.Random[float32](rng, s.Maps*s.Channels*s.Kernel[0]*s.Kernel[1])
		bias := kerneltest.Random[float32](rng, s.Maps)
		work := g.Floats(r, c.WorkspaceLen())

		packed := g.Floats(r, c.PackedLen())
		c.Pack(packed, w)
		y := g.Floats(r, images*c.MapLen())
		c.Forward(y, x, packed, bias, work, 1, images)
		for i := 1; i < images; i++ {
			got := fromLayout(y[i*c.MapLen():][:c.MapLen()], s.Maps, out)
			kerneltest.Close(r, "y", got, naiveConv(s, xs[i], w, bias), len(w)/s.Maps)
		}
		kerneltest.Untouched(r, "y", y[:c.MapLen()])

		packedInput := g.Floats(r, c.PackedInputLen())
		c.PackInput(packedInput, w)
		dx := g.Floats(r, images*c.ImageLen())
		c.BackwardInput(dx, dy, packedInput, work, 1, images)
		for i := 1; i < images; i++ {
			want := make([]float64, c.ImageLen())
			eachProduct(s, func(yi, xi, wi int) { want[xi] += float64(dys[i][yi]) * float64(w[wi]) })
			kerneltest.Close(r, "dx", fromLayout(dx[i*c.ImageLen():][:c.ImageLen()], s.Channels, in), want, s.Maps*s.Kernel[0]*s.Kernel[1])
		}
		kerneltest.Untouched(r, "dx", dx[:c.ImageLen()])

		acc := g.Floats(r, c.GradLen())
		clear(acc)
		c.BackwardWeights(acc, x, dy, work, 1, 2)
		c.BackwardWeights(acc, x, dy, work, 2, images)
		whole := g.Floats(r, c.GradLen())
		clear(whole)
		c.BackwardWeights(whole, x, dy, work, 1, images)
		kerneltest.SameBits(r, "accumulator in two ranges", acc, whole)
		dw, db := make([]float32, len(w)), make([]float32, s.Maps)
		c.UnpackGrad(dw, db, acc)
		wantW, wantB := make([]float64, len(w)), make([]float64, s.Maps)
		for i := 1; i < images; i++ {
			eachProduct(s, func(yi, xi, wi int) { wantW[wi] += float64(dys[i][yi]) * float64(xs[i][xi]) })
			for j, d := range dys[i] {
				wantB[j*s.Maps/len(dys[i])] += float64(d)
			}
		}
		kerneltest.Close(r, "dw", dw, wantW, 2*c.MapLen()/s.Maps)
		kerneltest.Close(r, "db", db, wantB, 2*c.MapLen()/s.Maps)
	})
}

func TestConvRefusesBadShapes(t *testing.T) {
	good := Shape{Channels: 1, Height: 5, Width: 5, Maps: 2, Kernel: [2]int{3, 3}}
	for name, change := range map[string]func(*Shape){
		"no channels":     func(s *Shape) { s.Channels = 0 },
		"no maps":         func(s *Shape) { s.Maps = 0 },
		"large filter":    func(s *Shape) { s.Kernel[1] = 6 },
		"negative pad":    func(s *Shape) { s.Pad[0] = -1 },
		"negative stride": func(s *Shape) { s.Stride[0] = -1 },
	} {
		s := good
		change(&s)
		if _, err := New(s, NCHW, NCHW); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := NewPooled(good, Window{Size: [2]int{4, 4}}, NCHW, NCHW); err == nil {
		t.Error("window larger than the map: no error")
	}
}
