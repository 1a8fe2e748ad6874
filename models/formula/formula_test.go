package formula_test

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"

	"symgrad/models"
	"symgrad/models/formula"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func network(s models.Spec) *models.Network { return must(s.New(models.NewRand(1))) }

// The tutorial's error-weighted derivative, X^T (error * output * (1 - output)),
// read off the graph that symbolic differentiation made.
func ExampleNetwork() {
	net, err := models.Neuron(3).New(models.NewRand(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	lines, err := formula.Network(net)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, l := range lines {
		fmt.Println(l.Left, "=", l.Right)
	}
	// Output:
	// Z_{1} = X\,W_{\mathrm{fc1}}
	// A_{1} = \sigma\left(Z_{1}\right)
	// L = \tfrac{1}{2}\,\sum \left(A_{1} - Y\right)^{2}
	// \frac{\partial L}{\partial W_{\mathrm{fc1}}} = X^{\top}\,\left(\left(A_{1} - Y\right) \odot \left(1 - A_{1}\right) \odot A_{1}\right)
}

// The equations of backpropagation, as textbooks have them.
func TestBackpropagation(t *testing.T) {
	for name, c := range map[string]struct {
		spec models.Spec
		want []string
	}{
		"mlp": {models.MLP(784, 128, 10), []string{
			`A_{1} &= \operatorname{relu}\left(Z_{1}\right) \\`,
			`\Delta_{2} &= \tfrac{1}{B}\,\left(\operatorname{softmax}\left(Z_{2}\right) - Y\right) \\`,
			`\frac{\partial L}{\partial W_{\mathrm{fc2}}} &= A_{1}^{\top}\,\Delta_{2} \\`,
			`\Delta_{1} &= \Delta_{2}\,W_{\mathrm{fc2}}^{\top} \odot \mathbf{1}\!\left[Z_{1} \ge 0\right] \\`,
			`\frac{\partial L}{\partial b_{\mathrm{fc1}}} &= \mathbf{1}^{\top}\,\Delta_{1} \\`,
		}},
		"tutorial": {models.Tutorial(), []string{
			`Z_{1} &= X \star W_{\mathrm{conv1}} + b_{\mathrm{conv1}} \\`,
			`L &= -\tfrac{1}{B}\,\sum \left(Y \odot \log\operatorname{softmax}\left(Z_{3}\right)\right) \\`,
			`\Delta_{1} &= \operatorname{maxpool}'_{A_{1}}\left(\Delta_{2}\,W_{\mathrm{fc1}}^{\top}\right) \odot \left(1 - A_{1}\right) \odot A_{1} \\`,
			`\frac{\partial L}{\partial W_{\mathrm{conv1}}} &= X \star \Delta_{1} \\`,
		}},
		"lenet":      {models.LeNet(), []string{`\left(\Delta_{2} \ast W_{\mathrm{conv2}}\right) \odot`}},
		"two layers": {models.TwoLayers(3, 4, 1), []string{`&= X^{\top}\,\left(\Delta_{2}\,W_{\mathrm{fc2}}^{\top} \odot \left(1 - A_{1}\right) \odot A_{1}\right) \\`}},
	} {
		lines, err := formula.Network(network(c.spec))
		if err != nil {
			t.Fatal(err)
		}
		text := lines.LaTeX()
		for _, want := range c.want {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %s in\n%s", name, want, text)
			}
		}
	}
}

// A graph of one's own.
func TestNode(t *testing.T) {
	g := G.NewGraph()
	a := G.NewMatrix(g, G.Float64, G.WithShape(2, 3), G.WithName("a"))
	b := G.NewMatrix(g, G.Float64, G.WithShape(2, 3), G.WithName("height"))
	two := G.NewConstant(2.0)
	for want, n := range map[string]*G.Node{
		`a + \mathrm{height}`:            must(G.Add(a, b)),
		`2\,\left(a - h\right)`:          must(G.HadamardProd(must(G.Sub(a, b)), two)),
		`a \odot h`:                      must(G.HadamardProd(a, b)),
		`\frac{a}{h}`:                    must(G.HadamardDiv(a, b)),
		`\tanh\left(-a\right)`:           must(G.Tanh(must(G.Neg(a)))),
		`\left(a + h\right)^{2}`:         must(G.Square(must(G.Add(a, b)))),
		`a\,h^{\top}`:                    must(G.Mul(a, must(G.Transpose(b)))),
		`\left(\frac{a}{h}\right)^{3}`:   must(G.Cube(must(G.HadamardDiv(a, b)))),
		`\frac{1}{\sqrt{a}}`:             must(G.InverseSqrt(a)),
		`\sqrt{\left|a\right|}`:          must(G.Sqrt(must(G.Abs(a)))),
		`\sum \left(a \odot h\right)`:    must(G.Sum(must(G.HadamardProd(a, b)))),
		`a - h - a`:                      must(G.Sub(must(G.Sub(a, b)), a)),
		`a - h + a`:                      must(G.Sub(a, must(G.Sub(b, a)))),
		`\mathbf{1}\!\left[a > h\right]`: must(G.Gt(a, b, true)),
		`\exp\left(a\right) \odot \left(a + \tfrac{1}{3}\right)`: must(G.HadamardProd(must(G.Exp(a)), must(G.Add(a, G.NewConstant(1.0/3))))),
	} {
		names := map[*G.Node]string{b: "h"}
		if strings.Contains(want, "height") {
			names = nil
		}
		if got := formula.Node(n, names); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

// Braces and \left, \right pair up in everything that is written.
func TestBalanced(t *testing.T) {
	for _, s := range []models.Spec{models.Neuron(3), models.NeuronWithBias(3), models.LeNet(), penalised(), masked()} {
		text := must(formula.Network(network(s))).LaTeX()
		depth := 0
		for _, r := range text {
			switch r {
			case '{':
				depth++
			case '}':
				depth--
			}
			if depth < 0 {
				break
			}
		}
		if depth != 0 || strings.Count(text, `\left`) != strings.Count(text, `\right`) {
			t.Errorf("%s: %s", s.Name, text)
		}
	}
}

func penalised() models.Spec {
	s := models.MLP(4, 3, 2)
	s.L2 = 0.01
	return s
}

func masked() models.Spec {
	return models.Sequential([]int{1, 8, 8}, models.Conv2D{Maps: 2, Kernel: 3}, models.Tanh(), models.MeanPool{Size: 2}, models.Flatten{}, models.Dropout{Drop: 0.5}, models.Dense{Out: 2})
}

func TestDot(t *testing.T) {
	var b strings.Builder
	if err := formula.WriteDot(&b, network(models.Tutorial()), 32); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	for _, want := range []string{
		`label="input\n32 x 1 x 28 x 28", fillcolor="#e5e7eb"`,
		`label="conv1.weight\n10 x 1 x 5 x 5", fillcolor="#bbf7d0"`,
		`label="gradient of conv1.weight\nConv2DWeightGrad\n10 x 1 x 5 x 5", fillcolor="#fb923c"`,
		`label="Conv2D\n32 x 10 x 24 x 24", fillcolor="#dbeafe"`,
		`label="MaxPoolGrad\n32 x 10 x 24 x 24", fillcolor="#fed7aa"`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
	if dot, err := exec.LookPath("dot"); err == nil { // where graphviz is there, it must agree
		cmd := exec.Command(dot, "-Tsvg")
		cmd.Stdin = strings.NewReader(text)
		if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "</svg>") {
			t.Errorf("%v: %s", err, out)
		}
	}
}
