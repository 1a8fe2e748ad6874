package train

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Schedule gives the factor on the learning rate at a step (from 0) of total
// steps; perEpoch is the number of steps in one epoch.
type Schedule func(step, perEpoch, total int) float64

// ConstantRate keeps the learning rate.
func ConstantRate() Schedule { return func(_, _, _ int) float64 { return 1 } }

// StepDecay multiplies the rate by factor after every so many epochs.
func StepDecay(epochs int, factor float64) Schedule {
	return func(step, perEpoch, _ int) float64 { return math.Pow(factor, float64(step/perEpoch/epochs)) }
}

// Cosine lets the rate fall from 1 to 0 along half a cosine: Loshchilov and
// Hutter, "SGDR" (2017), equation 5, without restarts.
func Cosine() Schedule {
	return func(step, _, total int) float64 {
		return (1 + math.Cos(math.Pi*float64(min(step, total))/float64(max(total, 1)))) / 2
	}
}

// OneCycle lets the rate rise along a line to 1 in a share of all steps, and fall
// along one to 0 in the rest: Smith and Topin, "Super-Convergence" (2019), with a
// single fall. It bears a higher rate than others, and so takes fewer epochs.
func OneCycle(rising float64) Schedule {
	return func(step, _, total int) float64 {
		top := min(max(int(rising*float64(total)), 0), total)
		if step < top {
			return float64(step+1) / float64(top+1)
		}
		return float64(max(total-step, 0)) / float64(max(total-top, 1))
	}
}

// ScheduleByName understands constant, cosine, onecycle (a fifth of it rising),
// step (a tenth every 3 epochs) and step:EPOCHS:FACTOR.
func ScheduleByName(name string) (Schedule, error) {
	kind, rest, _ := strings.Cut(name, ":")
	switch {
	case name == "constant":
		return ConstantRate(), nil
	case name == "cosine":
		return Cosine(), nil
	case name == "onecycle":
		return OneCycle(0.2), nil
	case name == "step":
		return StepDecay(3, 0.1), nil
	case kind == "step":
		epochs, factor, _ := strings.Cut(rest, ":")
		n, err1 := strconv.Atoi(epochs)
		f, err2 := strconv.ParseFloat(factor, 64)
		if err1 == nil && err2 == nil && n > 0 && f > 0 && f <= 1 {
			return StepDecay(n, f), nil
		}
	}
	return nil, fmt.Errorf("train: no schedule %q; choose constant, cosine, onecycle, step or step:EPOCHS:FACTOR (step:3:0.1)", name)
}
