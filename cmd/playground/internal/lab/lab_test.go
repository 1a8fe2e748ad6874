package lab_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"symgrad/cmd/playground/internal/lab"
	"symgrad/data"
	"symgrad/data/mnist"
)

var sets = sync.OnceValues(func() ([2]*data.Set, error) {
	training, test, err := mnist.First(0, 40)
	return [2]*data.Set{training, test}, err
})

// some loads so many training images, and a few to test on.
func some(n int) lab.Load {
	return func() (training, test *data.Set, err error) {
		both, err := sets()
		if err != nil {
			return nil, nil, err
		}
		return both[0].Head(n), both[1], nil
	}
}

var limits = lab.Limits{Places: 4, Watchers: 6, Results: 8, Idle: time.Hour}

func newVisitors(t *testing.T, load lab.Load, limits lab.Limits) *lab.Visitors {
	v := lab.NewVisitors(load, limits)
	t.Cleanup(v.Close)
	return v
}

// enter is a visitor who stays to the end.
func enter(t *testing.T, v *lab.Visitors, name string) *lab.Lab {
	l, leave := v.Enter(name)
	t.Cleanup(leave)
	return l
}

func newLab(t *testing.T, load lab.Load) *lab.Lab { return enter(t, newVisitors(t, load, limits), "a") }

// until waits for a state.
func until(t *testing.T, l *lab.Lab, what string, ok func(lab.State) bool) lab.State {
	t.Helper()
	changed, leave, err := l.Watch()
	if err != nil {
		t.Fatal(err)
	}
	defer leave()
	deadline := time.After(time.Minute)
	for {
		if s := l.State(); ok(s) {
			return s
		}
		select {
		case <-changed:
		case <-deadline:
			t.Fatalf("not %s: %+v", what, l.State())
		}
	}
}

func phase(name string) func(lab.State) bool {
	return func(s lab.State) bool { return s.Phase == name }
}

func TestTrainsToTheEnd(t *testing.T) {
	l := newLab(t, some(1500))
	if s := l.State(); s.Phase != lab.Idle {
		t.Errorf("at first: %+v", s)
	}
	if err := l.Start(0.02); err != nil {
		t.Fatal(err)
	}
	if err := l.Start(0.5); err != nil { // running already
		t.Error(err)
	}
	s := until(t, l, "done", phase(lab.Done))
	last := s.Curve[len(s.Curve)-1]
	if s.Step != 141 || s.Steps != 141 || s.Images != 4500 || s.Epoch != 3 || s.Rate != 0.02 || last.Images != 4500 {
		t.Errorf("at the end: step %d of %d, %d images, epoch %d, rate %g", s.Step, s.Steps, s.Images, s.Epoch, s.Rate)
	}
	if first := s.Curve[0]; last.Accuracy < 0.8 || last.Loss > 0.8 || first.Loss < 1.5 || first.Images != 0 {
		t.Errorf("from %+v to %+v", first, last)
	}
	if f := s.Filters; f.Count != 8 || f.Side != 5 || len(f.Values) != 200 {
		t.Errorf("filters %+v", f)
	}
	if len(s.Samples) != 30 || s.Samples[0].Label != 7 || len(s.Samples[0].Pixels) != 784 {
		t.Errorf("%d samples", len(s.Samples))
	}
	if err := l.Start(0.02); err != nil { // again, to the same bits
		t.Fatal(err)
	}
	again := until(t, l, "done again", phase(lab.Done))
	if a := again.Curve[len(again.Curve)-1]; a != last {
		t.Errorf("the same training ended at %+v and at %+v", last, a)
	}
}

func TestPauseAndReset(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := lab.NewVisitors(some(60000), limits)
		defer v.Close()
		l, leave := v.Enter("a")
		defer leave()
		// later is the state when a while has passed and everybody waits.
		later := func(d time.Duration) lab.State {
			time.Sleep(d)
			synctest.Wait()
			return l.State()
		}
		if err := l.Pause(); !errors.Is(err, lab.ErrNothing) {
			t.Errorf("pausing nothing: %v", err)
		}
		if err := l.Start(0.02); err != nil {
			t.Fatal(err)
		}
		running := later(time.Second)
		if running.Phase != lab.Running || running.Step < 100 {
			t.Fatalf("after a second: %s at step %d", running.Phase, running.Step)
		}
		if err := errors.Join(l.Pause(), l.Pause()); err != nil {
			t.Fatal(err)
		}
		paused, still := later(10*time.Millisecond), later(time.Minute) // the present step is done first
		if still.Phase != lab.Paused || still.Step != paused.Step {
			t.Errorf("paused at step %d, a minute later %s at %d", paused.Step, still.Phase, still.Step)
		}
		if err := l.Start(0.3); err != nil {
			t.Fatal(err)
		}
		if on := later(time.Second); on.Phase != lab.Running || on.Step < paused.Step+100 || on.Rate != 0.02 {
			t.Errorf("going on: %s at step %d, rate %g", on.Phase, on.Step, on.Rate)
		}
		l.Reset()
		if s := later(time.Second); s.Phase != lab.Idle || s.Step != 0 || s.Curve != nil || s.Filters != nil {
			t.Errorf("after reset: %+v", s)
		}
		if err := l.Start(0.1); err != nil {
			t.Fatal(err)
		}
		later(10 * time.Millisecond)
		if err := l.Pause(); err != nil {
			t.Fatal(err)
		}
		l.Reset() // a paused one
		if s := later(time.Second); s.Phase != lab.Idle {
			t.Errorf("after another reset: %s", s.Phase)
		}
	})
}

func TestErrors(t *testing.T) {
	v := newVisitors(t, func() (_, _ *data.Set, err error) { return nil, nil, errors.New("no disk") }, limits)
	l := enter(t, v, "a")
	for _, rate := range []float64{0, -1, 11} {
		if err := l.Start(rate); !errors.Is(err, lab.ErrRate) {
			t.Errorf("rate %g: %v", rate, err)
		}
	}
	if err := l.Start(1); err != nil {
		t.Fatal(err)
	}
	if s := until(t, l, "failed", phase(lab.Failed)); s.Error != "lab: no disk" {
		t.Errorf("error %q", s.Error)
	}
	v.Close()
	if err := l.Start(1); !errors.Is(err, lab.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}

// A watcher that does not read holds nobody up, and is not told more than once.
func TestSlowWatcher(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := lab.NewVisitors(func() (_, _ *data.Set, err error) { return nil, nil, errors.New("none") }, limits)
		l, _ := v.Enter("a")
		changed, leave, err := l.Watch()
		if err != nil {
			t.Fatal(err)
		}
		for range 100 {
			l.Reset()
		}
		<-changed
		select {
		case <-changed:
			t.Error("told twice")
		default:
		}
		leave()
		l.Reset()
		select {
		case <-changed:
			t.Error("told after leaving")
		default:
		}
		v.Close()
		<-l.Life()
	})
}

// Everything at once: for the race detector.
func TestManyHands(t *testing.T) {
	l := newLab(t, some(320))
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for range 10 {
				switch i % 4 {
				case 0:
					if err := l.Start(0.1); err != nil {
						t.Error(err)
					}
				case 1:
					if err := l.Pause(); err != nil && !errors.Is(err, lab.ErrNothing) {
						t.Error(err)
					}
				case 2:
					l.Reset()
				case 3:
					if s := l.State(); strings.Contains(s.Error, "lab") {
						t.Error(s.Error)
					}
				}
				time.Sleep(5 * time.Millisecond)
			}
		})
	}
	wg.Wait()
}
