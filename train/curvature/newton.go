package curvature

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
)

// Step is one step of Newton's method.
type Step struct {
	Loss     float64 // before it
	Gradient float64 // the gradient's length, before it
	Products int     // Hessian by vector, which the step took
	Length   float64 // of the line search: 1 is Newton's own step, 0 says that none was better
}

// Newton minimises a loss from the parameters' present values by Newton-CG with
// backtracking (Nocedal and Wright, "Numerical Optimization", algorithm 7.1):
// conjugate gradients solve H p = -gradient only as well as the step needs it,
// and stop where they meet negative curvature. It ends after steps, or where the
// gradient is no longer than small, or where no step makes the loss smaller.
func Newton(l *Loss, steps int, small float64) ([]Step, error) {
	var history []Step
	for range steps {
		loss, g, err := l.Gradient()
		if err != nil {
			return history, err
		}
		s := Step{Loss: loss, Gradient: floats.Norm(g, 2)}
		if math.IsNaN(s.Loss) || math.IsNaN(s.Gradient) {
			return history, fmt.Errorf("curvature: step %d: the loss is %v, its gradient's length %v", len(history)+1, s.Loss, s.Gradient)
		}
		if s.Gradient <= small {
			return append(history, s), nil
		}
		p, products, err := conjugate(l.HessianVector, g)
		if err != nil {
			return history, err
		}
		s.Products = products
		if s.Length, err = search(l, loss, floats.Dot(g, p), p); err != nil {
			return history, err
		}
		if history = append(history, s); s.Length == 0 {
			break
		}
	}
	return history, nil
}

// conjugate gives p with H p about -g, a direction downhill.
func conjugate(product func([]float64) ([]float64, error), g []float64) (p []float64, products int, err error) {
	size := floats.Norm(g, 2)
	enough := min(0.5, math.Sqrt(size)) * size
	p = make([]float64, len(g))
	r := append([]float64(nil), g...) // H p + g
	d := make([]float64, len(g))
	floats.AddScaled(d, -1, r)
	for range 2 * len(g) {
		hd, err := product(d)
		if err != nil {
			return nil, products, err
		}
		products++
		curvature := floats.Dot(d, hd)
		if !(curvature > 0) {
			if products == 1 {
				copy(p, d) // the steepest way down
			}
			return p, products, nil
		}
		before := floats.Dot(r, r)
		a := before / curvature
		floats.AddScaled(p, a, d)
		floats.AddScaled(r, a, hd)
		after := floats.Dot(r, r)
		if math.Sqrt(after) <= enough {
			break
		}
		floats.Scale(after/before, d)
		floats.AddScaled(d, -1, r)
	}
	return p, products, nil
}

// search halves the step until the loss falls by a share of what its slope says
// (Armijo); where it does not, the point is as before and the length 0.
func search(l *Loss, loss, slope float64, p []float64) (length float64, err error) {
	start := l.Point()
	for length = 1; length > 1e-12; length /= 2 {
		at := append([]float64(nil), start...)
		floats.AddScaled(at, length, p)
		if err := l.Move(at); err != nil {
			return 0, err
		}
		now, _, err := l.Gradient()
		if err != nil {
			return 0, err
		}
		if now <= loss+1e-4*length*slope {
			return length, nil
		}
	}
	return 0, l.Move(start)
}
