package train

import (
	"fmt"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"symgrad/models"
)

// The parts of an update have the weights, the state and the place of each piece.
func TestPiecesOfAnUpdate(t *testing.T) {
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		var params []*models.Param
		for i, n := range []int{3, updateLen - 3, 2*updateLen + 1, 1} {
			p, err := models.NewParam(fmt.Sprint("w", i), dtype, make([]float64, n), n)
			if err != nil {
				t.Fatal(err)
			}
			params = append(params, p)
		}
		state := newState(Adam(0.9, 0.999, 1e-8), params)
		u := newUpdate(Adam(0.9, 0.999, 1e-8), params, &state)
		var got []string
		for _, piece := range u.pieces32 {
			got = append(got, described(piece))
		}
		for _, piece := range u.pieces64 {
			got = append(got, described(piece))
		}
		want := "w0[0:3] w1[0:8189], w2[0:8192], w2[8192:16384], w2[16384:16385] w3[0:1]"
		if strings.Join(got, ", ") != want || u.count() != 4 {
			t.Errorf("%v: %s, want %s", dtype, strings.Join(got, ", "), want)
		}
	}
}

func described[F float32 | float64](piece []stretch[F]) string {
	var parts []string
	for _, p := range piece {
		s := fmt.Sprintf("w%d[%d:%d]", p.param, p.from, p.to)
		if n := p.to - p.from; len(p.weights) != n || len(p.state) != 2 || len(p.state[0]) != n || len(p.state[1]) != n || &p.state[0][0] == &p.state[1][0] {
			s += " is wrong"
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, " ")
}
