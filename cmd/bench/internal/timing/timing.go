// Package timing measures how often something can be done in a second.
package timing

import (
	"context"
	"slices"
	"strconv"
	"time"
)

// Plan is how long to measure.
type Plan struct {
	Chunks  int     // parts, of which the median counts
	Seconds float64 // of one part, and of the warm-up before the first
}

// Spread is what several measurements of one thing gave.
type Spread struct{ Median, Min, Max float64 }

// Of is the spread of some numbers; the median of an even count is the mean of
// the middle two. Without numbers it is zero.
func Of(values []float64) Spread {
	n := len(values)
	if n == 0 {
		return Spread{}
	}
	v := slices.Sorted(slices.Values(values))
	return Spread{Median: (v[(n-1)/2] + v[n/2]) / 2, Min: v[0], Max: v[n-1]}
}

// Rate repeats step and gives units a second, units being what one step does.
// The context is looked at after every step.
func (p Plan) Rate(ctx context.Context, units float64, step func() error) (Spread, error) {
	if _, err := repeat(ctx, p.Seconds, step); err != nil {
		return Spread{}, err
	}
	rates := make([]float64, 0, p.Chunks)
	for range p.Chunks {
		each, err := repeat(ctx, p.Seconds, step)
		if err != nil {
			return Spread{}, err
		}
		rates = append(rates, units/each)
	}
	return Of(rates), nil
}

// Turns measures several steps in turns, a part of each after the other, so that
// whatever else the machine does meets all alike, and gives steps a second.
func (p Plan) Turns(ctx context.Context, steps ...func() error) ([]Spread, error) {
	rates := make([][]float64, len(steps))
	for chunk := range p.Chunks + 1 {
		for i, step := range steps {
			each, err := repeat(ctx, p.Seconds, step)
			if err != nil {
				return nil, err
			}
			if chunk > 0 { // the first is the warm-up
				rates[i] = append(rates[i], 1/each)
			}
		}
	}
	spreads := make([]Spread, len(steps))
	for i, r := range rates {
		spreads[i] = Of(r)
	}
	return spreads, nil
}

// repeat does step for about so many seconds, at least three times, and gives
// the seconds of one. The clock is read once in a while only: a step may take
// less than a microsecond.
func repeat(ctx context.Context, seconds float64, step func() error) (each float64, err error) {
	begin := time.Now()
	for n, next := 0, 3; ; next = n + max(n/4, 1) {
		for ; n < next; n++ {
			if err := ctx.Err(); err != nil {
				return 0, err
			}
			if err := step(); err != nil {
				return 0, err
			}
		}
		if passed := time.Since(begin).Seconds(); passed >= seconds {
			return passed / float64(n), nil
		}
	}
}

// Flags are the command line's words for a plan.
func (p Plan) Flags() []string {
	return []string{"--chunks", strconv.Itoa(p.Chunks), "--chunk-seconds", strconv.FormatFloat(p.Seconds, 'g', -1, 64)}
}
