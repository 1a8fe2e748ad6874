package inspect

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gorgonia.org/gorgonia"
)

// numbers copies a value's numbers.
func numbers(v gorgonia.Value) []float64 {
	switch data := v.Data().(type) {
	case []float32:
		out := make([]float64, len(data))
		for k, v := range data {
			out[k] = float64(v)
		}
		return out
	case []float64:
		return slices.Clone(data)
	case float32:
		return []float64{float64(data)}
	case float64:
		return []float64{data}
	}
	return nil
}

func set(dst any, from []float64) {
	switch dst := dst.(type) {
	case []float32:
		for k, v := range from {
			dst[k] = float32(v)
		}
	case []float64:
		copy(dst, from)
	}
}

func largest(row []float64) int {
	best := 0
	for k, v := range row {
		if v > row[best] {
			best = k
		}
	}
	return best
}

// finite is an error where a number is none that can be shown.
func finite(of string, numbers []float64) error {
	for _, x := range numbers {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return fmt.Errorf("inspect: a %v in %s: the network's weights, or the input's numbers, are too large", x, of)
		}
	}
	return nil
}

// pixels is an error where an input is no picture with pixels from 0 to 1.
func pixels(input []float64, want int) error {
	if len(input) != want {
		return fmt.Errorf("inspect: %d numbers given, want %d", len(input), want)
	}
	for k, x := range input {
		if !(x >= 0 && x <= 1) {
			return fmt.Errorf("inspect: pixel %d is %g, want 0 to 1", k, x)
		}
	}
	return nil
}

var errNoBall = errors.New("inspect: the size of an attack must be above 0 and at most 1")
