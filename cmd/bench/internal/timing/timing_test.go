package timing_test

import (
	"context"
	"errors"
	"flag"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"symgrad/cmd/bench/internal/timing"
)

func TestOf(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   timing.Spread
	}{
		{nil, timing.Spread{}},
		{[]float64{3}, timing.Spread{Median: 3, Min: 3, Max: 3}},
		{[]float64{9, 1, 4}, timing.Spread{Median: 4, Min: 1, Max: 9}},
		{[]float64{8, 1, 2, 4}, timing.Spread{Median: 3, Min: 1, Max: 8}},
	} {
		if got := timing.Of(c.values); got != c.want {
			t.Errorf("%v: got %v, want %v", c.values, got, c.want)
		}
	}
}

// TestMedianSplits: as many numbers lie below the median as above it, and the
// numbers themselves stay as they were.
func TestMedianSplits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(-1e6, 1e6), 1, 30).Draw(t, "values")
		before := slices.Clone(values)
		s := timing.Of(values)
		below, above := 0, 0
		for _, v := range values {
			if v < s.Median {
				below++
			}
			if v > s.Median {
				above++
			}
			if v < s.Min || v > s.Max {
				t.Fatalf("%v outside %v", v, s)
			}
		}
		if below > len(values)/2 || above > len(values)/2 || !slices.Equal(before, values) {
			t.Fatalf("%v: %v, %d below, %d above", before, s, below, above)
		}
	})
}

func TestRateStops(t *testing.T) {
	plan := timing.Plan{Chunks: 2, Seconds: 1e-4}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	steps := 0
	s, err := plan.Rate(ctx, 7, func() error { steps++; return nil })
	if err != nil || steps < 9 || s.Min <= 0 || s.Min > s.Median || s.Median > s.Max {
		t.Errorf("%v after %d steps: %v", s, steps, err)
	}
	broken := errors.New("broken")
	if _, err := plan.Rate(ctx, 1, func() error { return broken }); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	steps = 0
	if _, err := plan.Rate(ctx, 1, func() error { steps++; cancel(); return nil }); !errors.Is(err, context.Canceled) || steps != 1 {
		t.Errorf("got %v after %d steps", err, steps)
	}
}

func TestFlagsAreThePlan(t *testing.T) {
	want := timing.Plan{Chunks: 3, Seconds: 0.125}
	var got timing.Plan
	set := flag.NewFlagSet("", flag.ContinueOnError)
	set.IntVar(&got.Chunks, "chunks", 0, "")
	set.Float64Var(&got.Seconds, "chunk-seconds", 0, "")
	if err := set.Parse(want.Flags()); err != nil || got != want {
		t.Errorf("%v: %v, %v", want.Flags(), got, err)
	}
}

// TestTurns: each step gets the same parts, one after the other.
func TestTurns(t *testing.T) {
	plan := timing.Plan{Chunks: 3, Seconds: 1e-9}
	var order []string
	spreads, err := plan.Turns(context.Background(),
		func() error { order = append(order, "a"); return nil },
		func() error { order = append(order, "b"); time.Sleep(time.Millisecond); return nil })
	if err != nil || len(spreads) != 2 || spreads[1].Median > 1000 || spreads[0].Median <= spreads[1].Median {
		t.Errorf("%v: %v", spreads, err)
	}
	if turns := slices.Compact(order); len(turns) != 2*(plan.Chunks+1) {
		t.Errorf("%d turns", len(turns))
	}
	broken := errors.New("broken")
	if _, err := plan.Turns(context.Background(), func() error { return broken }); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}
