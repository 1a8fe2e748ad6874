package stock

import (
	"reflect"

	G "gorgonia.org/gorgonia"
)

// Operators that know two modes, training and evaluation. Mode and source of
// random numbers are the operator's own, so that whoever changes them is heard.
type (
	// BatchNorm takes each channel, axis 1, to mean 0 and variance 1 (Ioffe and
	// Szegedy 2015). In training the mean and variance are the batch's, and the
	// running ones, Op.Stats, move by Momentum towards them; else they are the
	// running ones.
	BatchNorm struct {
		Op                *G.BatchNormOp
		Momentum, Epsilon float64
		Training          *bool
	}
	BatchNormGrad struct{ BatchNorm } // (x, dy) -> dx

	// Dropout drops numbers in training and divides the others by 1-Probability
	// (Srivastava and others 2014). A number is kept where the next draw, uniform
	// from 0 to 1, is less than that. Gorgonia seeds Draw from the clock.
	Dropout struct {
		Probability float64 // of being dropped
		Training    *bool
		Draw        *func() float64
	}
	DropoutGrad struct{ Dropout } // (x, y, dy) -> dx
)

// Drops tells whether the operator does anything at present.
func (d Dropout) Drops() bool { return *d.Training && d.Probability != 0 }

func batchNorm(op *G.BatchNormOp) BatchNorm {
	v := reflect.ValueOf(op).Elem()
	return BatchNorm{op, v.FieldByName("momentum").Float(), v.FieldByName("epsilon").Float(), state[bool](v, "training")}
}

// batchNormGrad reads the operator that the gradient holds.
func batchNormGrad(op G.Op) any {
	if of, ok := reflect.ValueOf(op).Elem().FieldByName("BatchNormOp").Interface().(*G.BatchNormOp); ok {
		return BatchNormGrad{batchNorm(of)}
	}
	return nil
}

func dropout(op G.Op) Dropout {
	v := reflect.Indirect(reflect.ValueOf(op))
	return Dropout{v.FieldByName("probability").Float(), state[bool](v, "isTraining"), state[func() float64](v, "rndGen")}
}

// state is where an operator keeps an unexported field.
func state[T any](op reflect.Value, name string) *T {
	f := op.FieldByName(name)
	if f.Kind() != reflect.TypeFor[T]().Kind() {
		panic("stock: " + op.Type().String() + " has no " + reflect.TypeFor[T]().String() + " " + name)
	}
	return (*T)(f.Addr().UnsafePointer())
}
