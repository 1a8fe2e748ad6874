package train

import (
	"errors"
	"fmt"
	"hash"
	"math"
	"strings"
	"testing"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models"
)

// The first place that is not finite, from the input on.
func TestWhereItIsNotFinite(t *testing.T) {
	nan := math.NaN()
	for want, spoil := range map[string]func(p []*models.Param, input []float64){
		"the input": func(p []*models.Param, input []float64) { input[3] = nan; p[0].Data().([]float64)[0] = nan },
		"fc1.weight": func(p []*models.Param, _ []float64) {
			p[0].Data().([]float64)[5] = nan
			p[1].Data().([]float64)[0] = nan
		},
		"fc2.bias":          func(p []*models.Param, _ []float64) { p[3].Data().([]float64)[2] = math.Inf(-1) },
		"the output of fc1": func(p []*models.Param, input []float64) { p[0].Data().([]float64)[0], input[0] = 1e300, 1e300 },
		"the output of fc2": func(p []*models.Param, _ []float64) {
			p[2].Data().([]float64)[0], p[1].Data().([]float64)[0] = 1e300, 1e300
		},
		"the loss itself": func([]*models.Param, []float64) {},
	} {
		spec := models.MLP(2, 3, 3)
		spec.Dtype = tensor.Float64
		net, err := spec.New(models.NewRand(1))
		if err != nil {
			t.Fatal(err)
		}
		g, err := net.Training(2)
		if err != nil {
			t.Fatal(err)
		}
		spoil(net.Params, g.Input.Value().Data().([]float64))
		if got := firstNonFinite(net, g); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if got := firstNonFinite(nil, nil); got != "another process" {
		t.Error(got)
	}
}

// blown is an operator that fails.
type blown struct{ to tensor.Dtype }

func (b blown) Do(...G.Value) (G.Value, error) { return nil, errors.New("a fuse has blown") }
func (b blown) Arity() int                     { return 1 }
func (b blown) InferShape(d ...G.DimSizer) (tensor.Shape, error) {
	return d[0].(tensor.Shape).Clone(), nil
}
func (b blown) ReturnsPtr() bool      { return false }
func (b blown) CallsExtern() bool     { return false }
func (b blown) OverwritesInput() int  { return -1 }
func (b blown) WriteHash(h hash.Hash) { fmt.Fprint(h, b) }
func (b blown) Hashcode() uint32      { return 7 }
func (b blown) String() string        { return "fuse" }
func (b blown) Type() hm.Type {
	return hm.NewFnType(G.TensorType{Dims: 2, Of: tensor.Float64}, G.TensorType{Dims: 2, Of: b.to})
}

// Where the graph cannot be run, what is known without is looked at.
func TestWhereItCannotBeFound(t *testing.T) {
	for _, c := range []struct {
		to   tensor.Dtype
		bias float64
		want string
	}{
		{tensor.Float64, 0, "a place that could not be found (vm: fuse"}, {tensor.Float32, 0, "a place that could not be found (vm: fuse"},
		{tensor.Float64, math.NaN(), "fc1.bias"}, {tensor.Float32, math.Inf(1), "fc1.bias"},
	} {
		net := linear(t, tensor.Float64)
		net.Params[1].Data().([]float64)[0] = c.bias
		g, err := net.Training(2)
		if err != nil {
			t.Fatal(err)
		}
		g.Layers = G.Nodes{G.Must(G.ApplyOp(blown{c.to}, g.Output))}
		if got := firstNonFinite(net, g); !strings.HasPrefix(got, c.want) {
			t.Errorf("by %v: %s, want %s", c.to, got, c.want)
		}
		other, err := net.Training(2)
		if err != nil {
			t.Fatal(err)
		}
		g.Layers = other.Layers
		if got := firstNonFinite(net, g); !strings.HasPrefix(got, "a place that could not be found (vm: ") || strings.Contains(got, "fuse") {
			t.Error(got)
		}
	}
}
