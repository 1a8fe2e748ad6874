package train

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// counting is a machine of which only the workers are asked for.
type counting struct {
	Machine
	pieces int
}

func (c *counting) Parallel(pieces int, run func(worker, piece int)) {
	c.pieces += pieces
	for piece := range pieces {
		run(0, piece)
	}
}

// Parameters are cut into spans, and every number of a gradient is taken, added and
// summed once: on the workers of a machine, unless it runs.
func TestAdderTakesEveryNumberOnce(t *testing.T) {
	begins := []int{0, 3, 3 + spanLen, 1 + 3*spanLen}
	machine := new(counting)
	on := &lessons{ran: &lesson{bound: &bound{machine: machine}}}
	a := newAdder[float64](on, begins)
	want := fmt.Sprint([]span{{0, 0, 3}, {1, 0, spanLen}, {2, 0, spanLen}, {2, spanLen, 2*spanLen - 2}})
	if got := fmt.Sprint(a.spans); got != want {
		t.Errorf("spans %s, want %s", got, want)
	}
	n := begins[len(begins)-1]
	sum, x, grads := make([]float64, n), make([]float64, n+5), make([]any, 3)
	for i := range sum {
		sum[i], x[i] = -1, float64(i)
	}
	for p := range grads {
		grads[p] = x[begins[p]:begins[p+1]]
	}
	for step, do := range []func(){
		func() { a.take(grads, [][]float64{sum}, false) },
		func() { a.take(grads, [][]float64{sum}, true) },
		func() { a.add(sum, x) },
		func() { a.add(sum[:2*spanLen+1], x); a.add(sum[2*spanLen+1:], x[2*spanLen+1:]) },
		func() { a.busy = true; a.add(sum, x) },
	} {
		do()
		for i, v := range sum {
			if want := float64((step + 1) * i); v != want {
				t.Fatalf("after step %d: number %d is %g, want %g", step, i, v, want)
			}
		}
	}
	// Four spans twice; four of a sum; three and one; none while the machine runs.
	if machine.pieces != 2*4+4+3+1 {
		t.Errorf("the workers got %d pieces, want 16", machine.pieces)
	}
}

// A gradient is added to one sum after the other, each rounded, as single additions
// do it; where it is there already, nothing is done.
func TestAdderTakesThroughAllSums(t *testing.T) {
	begins := []int{0, 5, 6 + 2*blockLen + spanLen}
	n := begins[2]
	a := newAdder[float32](&lessons{ran: &lesson{bound: &bound{machine: new(counting)}}}, begins)
	r := rand.New(rand.NewPCG(1, 2))
	random := func() []float32 {
		x := make([]float32, n)
		for i := range x {
			x[i] = r.Float32()
		}
		return x
	}
	x := random()
	grads := []any{slices.Clone(x[:5]), slices.Clone(x[5:])}
	for levels := 1; levels <= 4; levels++ {
		var sums [][]float32
		for range levels {
			sums = append(sums, random())
		}
		want := slices.Clone(x)
		for i := range want {
			for _, s := range slices.Backward(sums) {
				want[i] += s[i]
			}
		}
		a.take(grads, sums, true)
		if !slices.Equal(sums[0], want) {
			t.Errorf("%d sums: not the sum of all", levels)
		}
		sums, want = append(sums, x), slices.Clone(sums[0])
		for i := range want {
			above := x[i]
			for _, s := range slices.Backward(sums[1:levels]) {
				above += s[i]
			}
			want[i] += above
		}
		if a.take([]any{nil, nil}, sums, true); !slices.Equal(sums[0], want) {
			t.Errorf("%d sums below a gradient that is there: not the sum of all", levels)
		}
	}
	if !slices.Equal(grads[0].([]float32), x[:5]) || !slices.Equal(grads[1].([]float32), x[5:]) {
		t.Error("the gradient was written to")
	}
}
