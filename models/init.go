package models

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/mat"
)

// Fan tells an initialisation strategy what it fills.
type Fan struct {
	In, Out int   // inputs that feed one output, outputs that one input feeds
	Shape   []int // of the layer's weights: (in, out) or (maps, channels, height, width)
}

// Init is a strategy for the starting weights of a network. Both functions
// draw from r in row-major order; a nil Bias leaves biases at zero.
type Init struct {
	Name   string
	Weight func(r *Rand, f Fan, w []float64)
	Bias   func(r *Rand, f Fan, b []float64)
}

// Constant sets every weight to c.
func Constant(c float64) Init {
	return Init{Name: fmt.Sprintf("constant(%g)", c), Weight: func(_ *Rand, _ Fan, w []float64) {
		for i := range w {
			w[i] = c
		}
	}}
}

// Uniform draws from U[low, high).
func Uniform(low, high float64) Init {
	return scaled(fmt.Sprintf("uniform(%g,%g)", low, high), func(r *Rand, _ Fan) float64 { return low + float64((high-low)*r.Float64()) })
}

// Normal draws from N(mean, std^2).
func Normal(mean, std float64) Init {
	return scaled(fmt.Sprintf("normal(%g,%g)", mean, std), func(r *Rand, _ Fan) float64 { return mean + float64(std*r.NormFloat64()) })
}

// Zeros sets every weight to 0: all units of a layer stay alike, so it never
// breaks their symmetry.
func Zeros() Init { i := Constant(0); i.Name = "zeros"; return i }

// LeCun draws from N(0, 1/in). LeCun, Bottou, Orr and Müller, "Efficient
// BackProp" (1998), equation 16.
func LeCun() Init { return normal("lecun", func(f Fan) float64 { return 1 / float64(f.In) }) }

// GlorotUniform draws from U(±sqrt(6/(in+out))). Glorot and Bengio,
// "Understanding the difficulty of training deep feedforward neural networks"
// (2010), equation 16.
func GlorotUniform() Init {
	return uniform("glorot-uniform", func(f Fan) float64 { return math.Sqrt(6 / float64(f.In+f.Out)) })
}

// GlorotNormal draws from N(0, 2/(in+out)), the variance of equation 12 there.
func GlorotNormal() Init {
	return normal("glorot-normal", func(f Fan) float64 { return 2 / float64(f.In+f.Out) })
}

// HeUniform draws from U(±sqrt(6/in)), the variance of [HeNormal].
func HeUniform() Init {
	return uniform("he-uniform", func(f Fan) float64 { return math.Sqrt(6 / float64(f.In)) })
}

// HeNormal draws from N(0, 2/in). He, Zhang, Ren and Sun, "Delving Deep into
// Rectifiers" (2015), equation 10.
func HeNormal() Init { return normal("he-normal", func(f Fan) float64 { return 2 / float64(f.In) }) }

// TutorialInit is what the CNN tutorial does: convolution weights from
// U(±1/sqrt(k f^2)) for k maps of f x f (k C f^2 with C channels is not used
// there), their biases from U(±0.5); dense layers as [GlorotUniform] with zero
// biases.
func TutorialInit() Init {
	glorot := GlorotUniform()
	isConv := func(f Fan) bool { return len(f.Shape) == 4 }
	return Init{Name: "tutorial",
		Weight: func(r *Rand, f Fan, w []float64) {
			if !isConv(f) {
				glorot.Weight(r, f, w)
				return
			}
			bound := 1 / math.Sqrt(float64(f.Shape[0]*f.Shape[2]*f.Shape[3]))
			Uniform(-bound, bound).Weight(r, f, w)
		},
		Bias: func(r *Rand, f Fan, b []float64) {
			if isConv(f) {
				Uniform(-0.5, 0.5).Weight(r, f, b)
			}
		},
	}
}

// Orthogonal makes the rows or the columns of the weight matrix, whichever are
// fewer, orthonormal: the Q of a QR decomposition of normal numbers, its
// columns' signs chosen by R's diagonal. Saxe, McClelland and Ganguli, "Exact
// solutions to the nonlinear dynamics of learning" (2014). A convolution's
// matrix is (maps, channels*height*width).
func Orthogonal() Init {
	return Init{Name: "orthogonal", Weight: func(r *Rand, f Fan, w []float64) {
		rows := f.Shape[0]
		cols := len(w) / rows
		long, short := max(rows, cols), min(rows, cols)
		a := mat.NewDense(long, short, nil)
		for i := range long {
			for j := range short {
				a.Set(i, j, r.NormFloat64())
			}
		}
		var qr mat.QR
		qr.Factorize(a)
		var q, tri mat.Dense
		qr.QTo(&q)
		qr.RTo(&tri)
		for i := range rows {
			for j := range cols {
				from, to := i, j
				if rows < cols {
					from, to = j, i
				}
				w[i*cols+j] = math.Copysign(1, tri.At(to, to)) * q.At(from, to)
			}
		}
	}}
}

// Inits lists the strategies that have a name of their own.
func Inits() []Init {
	return []Init{Zeros(), Constant(0.1).named("constant"), Uniform(-1, 1).named("uniform"), Normal(0, 0.01).named("normal"), LeCun(), GlorotUniform(), GlorotNormal(),
		HeUniform(), HeNormal(), Orthogonal(), TutorialInit()}
}

// InitByName finds a strategy of [Inits].
func InitByName(name string) (Init, error) {
	var names []string
	for _, i := range Inits() {
		if i.Name == name {
			return i, nil
		}
		names = append(names, i.Name)
	}
	slices.Sort(names)
	return Init{}, fmt.Errorf("models: no initialisation %q; choose one of %s", name, strings.Join(names, ", "))
}

func (i Init) named(name string) Init { i.Name = name; return i }

func scaled(name string, draw func(*Rand, Fan) float64) Init {
	return Init{Name: name, Weight: func(r *Rand, f Fan, w []float64) {
		for i := range w {
			w[i] = draw(r, f)
		}
	}}
}

func uniform(name string, bound func(Fan) float64) Init {
	return scaled(name, func(r *Rand, f Fan) float64 { b := bound(f); return -b + float64(2*b*r.Float64()) })
}

func normal(name string, variance func(Fan) float64) Init {
	return scaled(name, func(r *Rand, f Fan) float64 { return math.Sqrt(variance(f)) * r.NormFloat64() })
}
