package conv

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"symgrad/train/vm/kernel/internal/kerneltest"
)

// naivePool is the definition of max-pooling of one image's NCHW maps: the
// maxima and where they are in the maps.
func naivePool(z []float64, maps int, size [2]int, w Window) (y []float64, at []int) {
	w = w.normal()
	out := w.Out(size)
	for k := range maps {
		for i := range out[0] {
			for j := range out[1] {
				best := -1
				for u := range w.Size[0] {
					for v := range w.Size[1] {
						q := (k*size[0]+i*w.Stride[0]+u)*size[1] + j*w.Stride[1] + v
						if best < 0 || z[q] > z[best] {
							best = q
						}
					}
				}
				y, at = append(y, z[best]), append(at, best)
			}
		}
	}
	return y, at
}

// wholeFloats are small integers with ties, so that every sum is exact and the
// argmax has one right answer.
func wholeFloats(rng *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(rng.IntN(5) - 2)
	}
	return x
}

func drawWindow(t *rapid.T, image [2]int) Window {
	two := Window{Size: [2]int{2, 2}}
	if image[0] > 1 && image[1] > 1 && rapid.IntRange(0, 3).Draw(t, "2x2") > 0 {
		return two
	}
	return Window{
		Size:   [2]int{rapid.IntRange(1, min(4, image[0])).Draw(t, "poolH"), rapid.IntRange(1, min(4, image[1])).Draw(t, "poolW")},
		Stride: [2]int{rapid.IntRange(0, 3).Draw(t, "poolStrideH"), rapid.IntRange(0, 3).Draw(t, "poolStrideW")},
	}
}

func TestConvPool(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s, in, out := drawShape(r), randomLayout(r, "in"), randomLayout(r, "out")
		w := drawWindow(r, s.Out())
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "seed"), 1))
		checkConvPool(r, s, w, in, out, rng)
	})
}

// The networks' own layers, and the shapes at which a path begins or ends.
func TestConvPoolPaths(t *testing.T) {
	two := Window{Size: [2]int{2, 2}}
	for _, c := range []struct {
		name    string
		shape   Shape
		in, out Layout
		path    poolPath
	}{
		{"tutorial", Shape{Channels: 1, Height: 28, Width: 28, Maps: 10, Kernel: [2]int{5, 5}}, NCHW, NCHW, poolPixels},
		{"lenet 1", Shape{Channels: 1, Height: 28, Width: 28, Maps: 32, Kernel: [2]int{3, 3}}, NCHW, NHWC, poolTaps},
		{"lenet 2", Shape{Channels: 32, Height: 13, Width: 13, Maps: 64, Kernel: [2]int{3, 3}}, NHWC, NCHW, poolTiles},
		{"odd maps of pixels", Shape{Channels: 1, Height: 12, Width: 43, Maps: 7, Kernel: [2]int{4, 3}}, NCHW, NCHW, poolPixels},
		{"eight pixels of five maps", Shape{Channels: 1, Height: 22, Width: 10, Maps: 10, Kernel: [2]int{3, 3}}, NCHW, NCHW, poolPixels},
		{"padded pixels", Shape{Channels: 1, Height: 8, Width: 8, Maps: 2, Kernel: [2]int{3, 3}, Pad: [2]int{1, 1}}, NHWC, NCHW, poolPixels},
		{"padded taps", Shape{Channels: 1, Height: 7, Width: 9, Maps: 8, Kernel: [2]int{3, 3}, Pad: [2]int{1, 2}}, NCHW, NHWC, poolTaps},
		{"one window", Shape{Channels: 1, Height: 4, Width: 4, Maps: 8, Kernel: [2]int{3, 3}}, NCHW, NHWC, poolTaps},
		{"wide filter rows", Shape{Channels: 21, Height: 6, Width: 8, Maps: 5, Kernel: [2]int{2, 5}}, NHWC, NHWC, poolTiles},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := NewPooled(c.shape, two, c.in, c.out)
			if err != nil {
				t.Fatal(err)
			}
			if p.path != c.path {
				t.Fatalf("path %d, want %d", p.path, c.path)
			}
			checkConvPool(t, c.shape, two, c.in, c.out, rand.New(rand.NewPCG(1, 2)))
		})
	}
}

func checkConvPool(t kerneltest.T, s Shape, w Window, in, out Layout, rng *rand.Rand) {
	p, err := NewPooled(s, w, in, out)
	if err != nil {
		t.Fatal(err)
	}
	var g kerneltest.Guard
	defer g.Release(t)
	const images = 3
	filter, bias := wholeFloats(rng, s.Maps*s.Channels*s.Kernel[0]*s.Kernel[1]), wholeFloats(rng, s.Maps)
	var xs, dzs [images][]float32
	var ys [images][]float64
	var ats [images][]int
	for i := range images {
		xs[i], dzs[i] = wholeFloats(rng, p.ImageLen()), wholeFloats(rng, p.MapLen())
		ys[i], ats[i] = naivePool(naiveConv(s, xs[i], filter, bias), s.Maps, s.Out(), w)
	}
	x := batch(t, &g, images, p.ImageLen(), func(i int) []float32 { return toLayout(xs[i], s.Channels, in) })
	dz := batch(t, &g, images, p.MapLen(), func(i int) []float32 { return toLayout(dzs[i], s.Maps, out) })
	work := g.Floats(t, p.WorkspaceLen())

	packed := g.Floats(t, p.PackedLen())
	p.Pack(packed, filter)
	y, arg := g.Floats(t, images*p.MapLen()), g.Bytes(t, images*p.ArgLen())
	p.Forward(y, arg, x, packed, bias, work, 1, images)
	for i := 1; i < images; i++ {
		equal(t, "y", fromLayout(y[i*p.MapLen():][:p.MapLen()], s.Maps, out), ys[i])
	}
	kerneltest.Untouched(t, "y", y[:p.MapLen()])
	for i, v := range arg[:p.ArgLen()] {
		if v != kerneltest.Marker {
			t.Fatalf("the argmax of another image was written, at %d", i)
		}
	}
	predicted := g.Floats(t, images*p.MapLen())
	p.Forward(predicted, nil, x, packed, bias, work, 1, images)
	kerneltest.SameBits(t, "prediction", predicted, y)

	packedInput := g.Floats(t, p.PackedInputLen())
	p.PackInput(packedInput, filter)
	dx := g.Floats(t, images*p.ImageLen())
	p.BackwardInput(dx, dz, packedInput, arg, work, 1, images)
	acc, whole := g.Floats(t, p.GradLen()), g.Floats(t, p.GradLen())
	clear(acc)
	clear(whole)
	p.BackwardWeights(acc, x, dz, arg, work, 1, 2)
	p.BackwardWeights(acc, x, dz, arg, work, 2, images)
	p.BackwardWeights(whole, x, dz, arg, work, 1, images)
	kerneltest.SameBits(t, "accumulator in two ranges", acc, whole)
	dw, db := g.Floats(t, len(filter)), g.Floats(t, s.Maps)
	p.UnpackGrad(dw, db, acc)

	wantW, wantB := make([]float64, len(filter)), make([]float64, s.Maps)
	for i := 1; i < images; i++ {
		dmap := make([]float64, s.Maps*s.Out()[0]*s.Out()[1])
		for j, d := range dzs[i] {
			dmap[ats[i][j]] += float64(d)
			wantB[j*s.Maps/len(dzs[i])] += float64(d)
		}
		wantX := make([]float64, p.ImageLen())
		eachProduct(s, func(yi, xi, wi int) {
			wantX[xi] += dmap[yi] * float64(filter[wi])
			wantW[wi] += dmap[yi] * float64(xs[i][xi])
		})
		equal(t, "dx", fromLayout(dx[i*p.ImageLen():][:p.ImageLen()], s.Channels, in), wantX)
	}
	kerneltest.Untouched(t, "dx", dx[:p.ImageLen()])
	equal(t, "dw", dw, wantW)
	equal(t, "db", db, wantB)
}

func equal(t kerneltest.T, what string, got []float32, want []float64) {
	t.Helper()
	for i := range want {
		if float64(got[i]) != want[i] {
			t.Fatalf("%s[%d] = %v, want %v", what, i, got[i], want[i])
		}
	}
}
