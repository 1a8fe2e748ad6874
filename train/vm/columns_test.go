package vm_test

import (
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models"
	"symgrad/models/ops"
	"symgrad/train"
	"symgrad/train/vm"
)

// TestColumns: convolutions of any geometry and their gradients, where no kernel is
// fused for them, against the loops of package ops, and to the same bits on any
// number of workers: 30 of them, with LONG=1 a thousand.
func TestColumns(t *testing.T) {
	r := rand.New(rand.NewPCG(14, 6))
	count := 30
	if os.Getenv("LONG") != "" {
		count = 1000
	}
	for range count {
		g := ops.Geometry{
			Batch: 1 + r.IntN(9), Channels: 1 + r.IntN(6), Maps: 1 + r.IntN(9),
			Window: [2]int{1 + r.IntN(5), 1 + r.IntN(5)}, Stride: [2]int{1 + r.IntN(3), 1 + r.IntN(3)}, Pad: [2]int{r.IntN(3), r.IntN(3)},
		}
		for axis := range g.Image {
			g.Image[axis] = max(1, g.Window[axis]-g.Pad[axis]) + r.IntN(30)
		}
		for dtype, tolerance := range both {
			one := convolved(t, g, dtype, 1)
			for i, values := range convolved(t, g, dtype, 3) {
				if !slices.Equal(values, one[i]) {
					t.Errorf("%+v, %v: other bits on three workers", g, dtype)
				}
			}
			for i, want := range byLoops(g) {
				if d := apart(one[i], want, 0); !(d <= 10*tolerance) {
					t.Errorf("%+v, %v: %s is %.2g apart", g, dtype, []string{"y", "dx", "dw", "dw of each"}[i], d)
				}
			}
		}
	}
}

// operandsOf a convolution are images, filters and dy.
func operandsOf(g ops.Geometry) [3]array {
	out := g.Out()
	return [3]array{
		normal(1, g.Batch, g.Channels, g.Image[0], g.Image[1]),
		normal(2, g.Maps, g.Channels, g.Window[0], g.Window[1]),
		normal(3, g.Batch, g.Maps, out[0], out[1]),
	}
}

// convolved runs the four operators without any pass, the second time on the memory
// that the first has used.
func convolved(t *testing.T, g ops.Geometry, dtype tensor.Dtype, workers int) [][]float64 {
	t.Helper()
	expr := G.NewGraph()
	var in G.Nodes
	for i, a := range operandsOf(g) {
		in = append(in, bind(t, expr, dtype, string(rune('a'+i)), a.shape, a.values...))
	}
	x, w, dy := in[0], in[1], in[2]
	results := G.Nodes{
		G.Must(G.ApplyOp(ops.Conv2DOp{Stride: g.Stride, Pad: g.Pad}, x, w)),
		G.Must(G.ApplyOp(ops.Conv2DInputGradOp{Stride: g.Stride, Pad: g.Pad, Image: g.Image}, w, dy)),
		G.Must(G.ApplyOp(ops.Conv2DWeightGradOp{Stride: g.Stride, Pad: g.Pad, Kernel: g.Window}, x, dy)),
		G.Must(G.ApplyOp(ops.Conv2DEachGradOp{Stride: g.Stride, Pad: g.Pad, Kernel: g.Window}, x, dy)),
	}
	return values(t, expr, results, vm.Config{Skip: vm.Passes(), Workers: workers, Verify: true})
}

func byLoops(g ops.Geometry) (values [][]float64) {
	in := operandsOf(g)
	x, w, dy := in[0].values, in[1].values, in[2].values
	for _, n := range []int{len(dy), len(x), len(w), g.Batch * (len(w) + g.Maps)} {
		values = append(values, make([]float64, n))
	}
	ops.Convolve(g, values[0], x, w)
	ops.ConvolveInputGrad(g, values[1], w, dy)
	ops.ConvolveWeightGrad(g, values[2], x, dy)
	ops.ConvolveEachGrad(g, values[3], x, dy)
	return values
}

// BenchmarkColumns trains on one convolution of float64, this project's and
// Gorgonia's: neither should be the better one to choose.
func BenchmarkColumns(b *testing.B) {
	for name, conv := range map[string]func(x, w *G.Node) (*G.Node, error){
		"ops.Conv2D": func(x, w *G.Node) (*G.Node, error) { return ops.Conv2D(x, w, [2]int{1, 1}, [2]int{}) },
		"gorgonia.Conv2d": func(x, w *G.Node) (*G.Node, error) {
			return G.Conv2d(x, w, w.Shape()[2:], []int{0, 0}, []int{1, 1}, []int{1, 1})
		},
	} {
		b.Run(name, func(b *testing.B) {
			g := G.NewGraph()
			x := G.NewTensor(g, tensor.Float64, 4, G.WithShape(32, 16, 14, 14), G.WithName("x"), G.WithInit(G.GlorotN(1)))
			w := G.NewTensor(g, tensor.Float64, 4, G.WithShape(32, 16, 3, 3), G.WithName("w"), G.WithInit(G.GlorotN(1)))
			loss := G.Must(G.Mean(G.Must(G.Square(G.Must(conv(x, w))))))
			if _, err := G.Grad(loss, x, w); err != nil {
				b.Fatal(err)
			}
			m, err := vm.New(g, vm.Config{Workers: 1})
			if err != nil {
				b.Fatal(err)
			}
			runs(b, m)
		})
	}
}

// BenchmarkStepsInFloat64 trains the CNNs on both machines, in the type that most
// of Gorgonia's users have.
func BenchmarkStepsInFloat64(b *testing.B) {
	for _, spec := range []models.Spec{models.Tutorial(), models.LeNet()} {
		spec.Dtype = tensor.Float64
		net, err := spec.New(models.NewRand(1))
		if err != nil {
			b.Fatal(err)
		}
		for name, backend := range map[string]train.Backend{"vm, one worker": train.OwnVM(1), "vm, two workers": train.OwnVM(2), "TapeMachine": train.TapeMachine()} {
			b.Run(spec.Name+"/"+name, func(b *testing.B) {
				g, err := net.Training(64)
				if err != nil {
					b.Fatal(err)
				}
				m, err := backend(g.Expr, append(G.Nodes{g.Loss}, g.Grads...)...)
				if err != nil {
					b.Fatal(err)
				}
				runs(b, m)
			})
		}
	}
}
