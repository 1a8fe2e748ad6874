package reference

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Convolution written another way: copy each image into a frame of zeros, then
// slide the filter over the frame.
func TestConvolutionOverPaddedCopy(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		small := func(name string, from, to int) int { return rapid.IntRange(from, to).Draw(t, name) }
		B, C, K := small("B", 1, 3), small("C", 1, 3), small("K", 1, 3)
		w := Window{H: small("H", 3, 7), W: small("W", 3, 7), KH: small("KH", 1, 3), KW: small("KW", 1, 3),
			Strides: [2]int{small("stride down", 1, 3), small("stride across", 1, 3)},
			Pads:    [2]int{small("pad down", 0, 2), small("pad across", 0, 2)}}
		c := NewConv2D(C, K, w, true)
		draw, x := newNumpy(1), make([]float64, B*C*w.H*w.W)
		draw.fill(c.Weight.Value)
		draw.fill(c.Bias.Value)
		draw.fill(x)
		got, err := c.Forward(x, B)
		if err != nil {
			t.Fatal(err)
		}
		var want []float64
		for b := range B {
			for k := range K {
				for top := 0; top+w.KH <= w.H+2*w.Pads[0]; top += w.Strides[0] {
					for left := 0; left+w.KW <= w.W+2*w.Pads[1]; left += w.Strides[1] {
						sum := c.Bias.Value[k]
						for ch := range C {
							frame := framed(x[(b*C+ch)*w.H*w.W:][:w.H*w.W], w)
							filter := c.Weight.Value[(k*C+ch)*w.KH*w.KW:]
							for u := range w.KH {
								for v := range w.KW {
									sum += frame[top+u][left+v] * filter[u*w.KW+v]
								}
							}
						}
						want = append(want, sum)
					}
				}
			}
		}
		if len(got) != len(want) {
			t.Fatalf("%v: %d outputs, want %d", c, len(got), len(want))
		}
		for i := range got {
			if !(math.Abs(got[i]-want[i]) <= 1e-12) {
				t.Fatalf("%v: output %d is %v, want %v", c, i, got[i], want[i])
			}
		}
	})
}

func framed(image []float64, w Window) [][]float64 {
	rows := make([][]float64, w.H+2*w.Pads[0])
	for i := range rows {
		rows[i] = make([]float64, w.W+2*w.Pads[1])
	}
	for i := range w.H {
		copy(rows[i+w.Pads[0]][w.Pads[1]:], image[i*w.W:][:w.W])
	}
	return rows
}

func TestOutputsOfEachLayer(t *testing.T) {
	for _, c := range []struct {
		net   *Network
		sizes []int
	}{
		{Tutorial(), []int{5760, 5760, 1440, 1440, 128, 128, 10}},
		{LeNet(), []int{21632, 21632, 5408, 7744, 7744, 1600, 1600, 128, 128, 10}},
	} {
		out, err := c.net.Forward(make([]float64, 2*784), 2)
		if err != nil {
			t.Fatal(err)
		}
		if len(c.net.Outputs) != len(c.sizes) {
			t.Fatalf("%d outputs, want %d", len(c.net.Outputs), len(c.sizes))
		}
		for i, size := range c.sizes {
			if len(c.net.Outputs[i]) != 2*size {
				t.Errorf("layer %d (%v): %d numbers for two images, want %d", i+1, c.net.Layers[i], len(c.net.Outputs[i]), 2*size)
			}
		}
		if &out[0] != &c.net.Outputs[len(c.sizes)-1][0] {
			t.Error("the last output is not the network's")
		}
	}
}

// With weights of zero a sigmoid gives 1/2 and ten equal logits cost log 10.
func TestTutorialWithZeroWeights(t *testing.T) {
	n, target := Tutorial(), make([]float64, 10)
	target[3] = 1
	loss, err := n.LossOf(make([]float64, 784), target, 1)
	if err != nil || !(math.Abs(loss-math.Log(10)) <= 1e-15) || n.Outputs[2][0] != 0.5 {
		t.Errorf("loss %v, pooled %v, %v", loss, n.Outputs[2][0], err)
	}
}

func TestParameterCounts(t *testing.T) {
	for want, n := range map[int]*Network{
		3: Neuron(3, false), 4: Neuron(3, true), 101770: MLP("relu", 784, 128, 10), // 784*128+128 + 128*10+10
		185998: Tutorial(), // 10*25+10 + 1440*128+128 + 128*10+10
		225034: LeNet(),    // 32*9+32 + 64*32*9+64 + 1600*128+128 + 128*10+10
	} {
		got := 0
		for _, p := range n.Params() {
			got += len(p.Value)
		}
		if got != want {
			t.Errorf("%d parameters, want %d", got, want)
		}
	}
}
