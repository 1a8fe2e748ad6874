package curvature

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// Eigen is an eigenvalue of a symmetric operator and its vector, of length 1.
type Eigen struct {
	Value  float64
	Error  float64 // the length of (H - Value) Vector: an eigenvalue is that near
	Vector []float64
}

// Largest gives the k algebraically largest eigenvalues of a symmetric operator on
// n numbers, the largest first, by Lanczos' method with full reorthogonalisation
// (Golub and Van Loan, "Matrix Computations", 10.1 and 10.3): at most steps
// products, each kept, so steps*n numbers of memory. It ends before where it has
// an invariant subspace; then, and with n steps, the values are exact to rounding.
// Of an eigenvalue that several vectors belong to, one is found: there are fewer
// than k where the subspace has no more.
// The start is drawn from the seed.
func Largest(k, n, steps int, seed uint64, product func(v []float64) ([]float64, error)) ([]Eigen, error) {
	steps = min(steps, n)
	if k < 1 || k > steps {
		return nil, fmt.Errorf("curvature: %d eigenvalues of %d steps on %d numbers", k, steps, n)
	}
	r := rand.New(rand.NewPCG(seed, 1))
	q := make([]float64, n)
	for i := range q {
		q[i] = r.NormFloat64()
	}
	var basis [][]float64
	var alpha, beta []float64 // the diagonal, and what is beside it
	floats.Scale(1/floats.Norm(q, 2), q)
	for {
		basis = append(basis, q)
		w, err := product(slices.Clone(q)) // which may write to it, and give it or the same memory each time
		if err != nil {
			return nil, err
		}
		if len(w) != n {
			return nil, fmt.Errorf("curvature: a product of %d numbers, want %d", len(w), n)
		}
		w = slices.Clone(w)
		alpha = append(alpha, floats.Dot(q, w))
		if math.IsNaN(alpha[len(alpha)-1]) {
			return nil, fmt.Errorf("curvature: product %d is not finite", len(alpha))
		}
		size := floats.Norm(w, 2)
		for range 2 { // twice is enough (Parlett)
			for _, b := range basis {
				floats.AddScaled(w, -floats.Dot(b, w), b)
			}
		}
		beta = append(beta, floats.Norm(w, 2))
		if len(basis) == steps || beta[len(beta)-1] <= 1e-13*size {
			break
		}
		floats.Scale(1/beta[len(beta)-1], w)
		q = w
	}
	return ritz(min(k, len(basis)), basis, alpha, beta)
}

// ritz gives the largest eigenvalues of the tridiagonal matrix, in the basis.
func ritz(k int, basis [][]float64, alpha, beta []float64) ([]Eigen, error) {
	m := len(alpha)
	t := mat.NewSymDense(m, nil)
	for i, a := range alpha {
		t.SetSym(i, i, a)
		if i+1 < m {
			t.SetSym(i, i+1, beta[i])
		}
	}
	var e mat.EigenSym
	if !e.Factorize(t, true) {
		return nil, fmt.Errorf("curvature: no eigenvalues of a tridiagonal matrix of %d", m)
	}
	var s mat.Dense
	e.VectorsTo(&s)
	values := e.Values(nil) // from the smallest
	var out []Eigen
	for i := m - 1; i >= m-k; i-- {
		vector := make([]float64, len(basis[0]))
		for j, b := range basis {
			floats.AddScaled(vector, s.At(j, i), b)
		}
		out = append(out, Eigen{values[i], math.Abs(beta[m-1] * s.At(m-1, i)), vector})
	}
	return out, nil
}
