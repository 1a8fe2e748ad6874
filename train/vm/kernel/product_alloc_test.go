package kernel

import "testing"

func TestProductsAndVectorsDoNotAllocate(t *testing.T) {
	p, err := NewProduct(ProductShape{M: 70, N: 50, K: 400, TransA: true, Activation: SigmoidActivation})
	if err != nil {
		t.Fatal(err)
	}
	w := new(Workspace)
	a, b, c := make([]float32, 70*400), make([]float32, 50*400), make([]float32, 70*50)
	packed := make([]float32, p.PackedLen())
	for name, run := range map[string]func(){
		"Run":                  func() { p.Run(w, c, a, b, nil, 0, 70, 0, 50) },
		"few rows":             func() { p.Run(w, c, a, b, nil, 0, 3, 0, 50) },
		"Pack":                 func() { p.Pack(packed, b, 0, 50) },
		"RunPacked":            func() { p.RunPacked(w, c, a, packed, nil, 0, 70, 0, 50) },
		"Add":                  func() { Add(c, c, c) },
		"Update":               func() { NewAdamStep(0.1, 0.9, 0.999, 1e-8, 0, 1).Update(a[:50], b[:50], c[:50], packed) },
		"CrossEntropyWithGrad": func() { CrossEntropyWithGrad(c, a[:len(c)], b[:len(c)], 10, 1) },
	} {
		if n := testing.AllocsPerRun(5, run); n != 0 {
			t.Errorf("%s: %v allocations a run", name, n)
		}
	}
}

func TestNewProductRefusesBadShapes(t *testing.T) {
	for _, s := range []ProductShape{
		{M: -1, N: 2, K: 3},
		{M: 2, N: 3, K: 4, StrideA: 3},
		{M: 2, N: 3, K: 4, TransB: true, StrideB: 3},
		{M: 2, N: 3, K: 4, StrideC: -3},
		{M: 2, N: 3, K: 4, Activation: 9},
	} {
		if _, err := NewProduct(s); err == nil {
			t.Errorf("%+v was accepted", s)
		}
	}
}
