package train

import (
	"fmt"
	"math"
	"testing"
)

func TestSchedules(t *testing.T) {
	half := math.Sqrt2 / 2
	for name, want := range map[string][]float64{ // steps 0, 1, ... of 4, two an epoch
		"constant":   {1, 1, 1, 1, 1, 1, 1},
		"cosine":     {1, (1 + half) / 2, 0.5, (1 - half) / 2, 0, 0, 0},
		"onecycle":   {1, 0.75, 0.5, 0.25, 0, 0},
		"step":       {1, 1, 1, 1, 1, 1, 0.1, 0.1},
		"step:1:0.5": {1, 1, 0.5, 0.5, 0.25, 0.25, 0.125},
		"step:2:0.5": {1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25},
		"step:1:1":   {1, 1, 1, 1},
	} {
		s, err := ScheduleByName(name)
		if err != nil {
			t.Fatal(err)
		}
		for i, w := range want {
			if got := s(i, 2, 4); !(math.Abs(got-w) <= 1e-15) {
				t.Errorf("%s, step %d of 4: %v, want %v", name, i, got, w)
			}
		}
	}
	if got := Cosine()(0, 1, 0); got != 1 {
		t.Errorf("of no steps the first is at %v", got)
	}
	if got := Cosine()(1, 1, 1); !(math.Abs(got) <= 1e-15) {
		t.Errorf("behind the only step the rate is at %v", got)
	}
	for _, c := range []struct {
		rising float64
		total  int
		want   []float64 // steps 0, 1, ...; a straight line up, one down, and nothing behind them
	}{
		{0.4, 5, []float64{1. / 3, 2. / 3, 1, 2. / 3, 1. / 3, 0, 0}},
		{0, 4, []float64{1, 0.75, 0.5, 0.25, 0, 0}},
		{1, 3, []float64{0.25, 0.5, 0.75, 0, 0}},
		{-1, 2, []float64{1, 0.5, 0}},
		{2, 1, []float64{0.5, 0, 0}},
		{0.2, 0, []float64{0}},
	} {
		for i, w := range c.want {
			if got := OneCycle(c.rising)(i, 1, c.total); got != w {
				t.Errorf("one cycle, %v of it rising, step %d of %d: %v, want %v", c.rising, i, c.total, got, w)
			}
		}
	}
	for _, bad := range []string{"", "linear", "cosine:1", "onecycle:1", "constant:", "step:", "step:0:0.1", "step:3", "step:3:2", "step:3:0", "step:3:-1", "step:a:0.1", "step:3:a", "stop:1:0.5", "step:99999999999999999999:0.5"} {
		want := fmt.Sprintf("train: no schedule %q; choose constant, cosine, onecycle, step or step:EPOCHS:FACTOR (step:3:0.1)", bad)
		if s, err := ScheduleByName(bad); s != nil || fmt.Sprint(err) != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
