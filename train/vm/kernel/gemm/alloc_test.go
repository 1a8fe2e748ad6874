package gemm

import "testing"

func TestProductsDoNotAllocate(t *testing.T) {
	p, err := New[float32](Shape{M: 70, N: 50, K: 400, TransA: true, Activation: Sigmoid})
	if err != nil {
		t.Fatal(err)
	}
	work := make([]float32, p.WorkspaceLen())
	a, b, c := make([]float32, 70*400), make([]float32, 50*400), make([]float32, 70*50)
	for name, run := range map[string]func(){
		"Run":      func() { p.Run(work, c, a, b, nil, 0, 70, 0, 50) },
		"few rows": func() { p.Run(work, c, a, b, nil, 0, 3, 0, 50) },
	} {
		if n := testing.AllocsPerRun(5, run); n != 0 {
			t.Errorf("%s: %v allocations a run", name, n)
		}
	}
}

func TestNewRefusesBadShapes(t *testing.T) {
	for _, s := range []Shape{
		{M: -1, N: 2, K: 3},
		{M: 2, N: 3, K: 4, StrideA: 3},
		{M: 2, N: 3, K: 4, TransB: true, StrideB: 3},
		{M: 2, N: 3, K: 4, StrideC: -3},
		{M: 2, N: 3, K: 4, Activation: 9},
	} {
		if _, err := New[float32](s); err == nil {
			t.Errorf("%+v was accepted", s)
		}
	}
}
