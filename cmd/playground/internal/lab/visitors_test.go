package lab_test

import (
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"symgrad/cmd/playground/internal/lab"
	"symgrad/data"
)

// started has a training that is past a step.
func started(t *testing.T, l *lab.Lab, step int) lab.State {
	t.Helper()
	if err := l.Start(0.02); err != nil {
		t.Fatal(err)
	}
	return until(t, l, "under way", func(s lab.State) bool { return s.Phase == lab.Running && s.Step > step })
}

// A visitor's controls are heard in that visitor's lab alone, and who comes back
// finds what was left.
func TestTrainingsAreApart(t *testing.T) {
	v := newVisitors(t, some(60000), limits)
	one, other := enter(t, v, "one"), enter(t, v, "other")
	started(t, one, 5)
	if s := other.State(); s.Phase != lab.Idle || s.Curve != nil {
		t.Fatalf("one's start began the other's: %+v", s)
	}
	at := started(t, other, 5)
	one.Reset()
	if s := one.State(); s.Phase != lab.Idle || s.Curve != nil {
		t.Errorf("after one's reset: %+v", s)
	}
	until(t, other, "going on", func(s lab.State) bool { return s.Phase == lab.Running && s.Step > at.Step+20 })
	if err := one.Pause(); !errors.Is(err, lab.ErrNothing) {
		t.Errorf("one paused the other's: %v", err)
	}
	again, leave := v.Enter("other")
	leave()
	leave() // once is enough
	if again != other || again.State().Step <= at.Step {
		t.Error("who comes back finds another lab")
	}
}

// Every visitor's training, one beside the others, gives the same numbers.
func TestSameSeedSamePicture(t *testing.T) {
	v := newVisitors(t, some(640), limits)
	var all [3]lab.State
	for i := range all {
		if err := enter(t, v, fmt.Sprint(i)).Start(0.02); err != nil {
			t.Fatal(err)
		}
	}
	for i := range all {
		s := until(t, enter(t, v, fmt.Sprint(i)), "done", phase(lab.Done))
		s.ImagesPerSecond = 0
		if all[i] = s; len(s.Curve) < 10 || !reflect.DeepEqual(s, all[0]) {
			t.Errorf("visitor %d got\n%+v, the first\n%+v", i, s.Curve, all[0].Curve)
		}
	}
}

// There are so many places and no more; each that gets free is free again.
func TestPlaces(t *testing.T) {
	v := newVisitors(t, some(60000), lab.Limits{Places: 2, Watchers: 6, Results: 8, Idle: time.Hour})
	a, b, c := enter(t, v, "a"), enter(t, v, "b"), enter(t, v, "c")
	started(t, a, 0)
	started(t, b, 0)
	if err := b.Pause(); err != nil {
		t.Fatal(err)
	}
	if err := c.Start(0.02); !errors.Is(err, lab.ErrFull) || c.State().Phase != lab.Idle {
		t.Errorf("a third training: %v, %+v", err, c.State())
	}
	for range 3 {
		a.Reset()
		started(t, c, 0)
		if err := a.Start(0.02); !errors.Is(err, lab.ErrFull) {
			t.Errorf("while c trains: %v", err)
		}
		a, c = c, a
	}
}

// A place is free once a training is done, and the result stays to be seen.
func TestDoneFreesThePlace(t *testing.T) {
	v := newVisitors(t, some(320), lab.Limits{Places: 1, Watchers: 6, Results: 8, Idle: time.Hour})
	for _, name := range []string{"a", "b", "a"} {
		l := enter(t, v, name)
		if err := l.Start(0.02); err != nil {
			t.Fatal(name, err)
		}
		until(t, l, "done", phase(lab.Done))
	}
	if s := enter(t, v, "b").State(); s.Phase != lab.Done || s.Step != 30 {
		t.Errorf("%+v", s)
	}
}

// A training that stays paused ends, keeps its curve and frees its place; one
// that goes on in time doesn't.
func TestPausedForTooLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := lab.NewVisitors(some(3200), lab.Limits{Places: 1, Watchers: 6, Results: 8, Idle: 10 * time.Minute})
		defer v.Close()
		a, leave := v.Enter("a")
		defer leave()
		b, leave := v.Enter("b")
		defer leave()
		pauseAt := func(d time.Duration) {
			t.Helper()
			time.Sleep(d)
			if err := a.Pause(); err != nil {
				t.Fatal(err)
			}
		}
		if err := a.Start(0.02); err != nil {
			t.Fatal(err)
		}
		pauseAt(100 * time.Millisecond)
		time.Sleep(9 * time.Minute)
		if err := errors.Join(a.Pause(), a.Start(0.02)); err != nil {
			t.Fatal(err)
		}
		pauseAt(100 * time.Millisecond)
		time.Sleep(9 * time.Minute)
		if err := b.Start(0.02); !errors.Is(err, lab.ErrFull) || a.State().Phase != lab.Paused {
			t.Fatal(err, a.State().Phase)
		}
		time.Sleep(2 * time.Minute)
		if s := a.State(); s.Phase != lab.Ended || len(s.Curve) < 2 || s.Step < 10 {
			t.Errorf("after 11 minutes: %s at step %d", s.Phase, s.Step)
		}
		if err := b.Start(0.02); err != nil {
			t.Error(err)
		}
		b.Reset()
		if err := a.Start(0.02); err != nil { // begins anew
			t.Error(err)
		}
		synctest.Wait()
		if s := a.State(); s.Step > 1 || s.Phase != lab.Running {
			t.Errorf("begun anew: %s at step %d", s.Phase, s.Step)
		}
	})
}

// A lab that was left is kept for a while, running to its end; one that was left
// idle isn't.
func TestForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := lab.NewVisitors(some(320), lab.Limits{Places: 1, Watchers: 6, Results: 8, Idle: 10 * time.Minute})
		defer v.Close()
		idle, leave := v.Enter("a")
		leave()
		a, leave := v.Enter("a")
		if a == idle {
			t.Error("an idle lab was kept")
		}
		if err := a.Start(0.02); err != nil {
			t.Fatal(err)
		}
		leave()
		time.Sleep(9 * time.Minute)
		again, leave := v.Enter("a")
		if again != a || again.State().Phase != lab.Done {
			t.Errorf("after 9 minutes: %s", again.State().Phase)
		}
		leave()
		time.Sleep(9 * time.Minute) // since the last visit
		again, leave = v.Enter("a")
		if again != a {
			t.Error("forgotten 9 minutes after a visit")
		}
		time.Sleep(time.Hour) // somebody is there
		if other, out := v.Enter("a"); other != a {
			t.Error("forgotten while somebody was there")
		} else {
			out()
		}
		leave()
		time.Sleep(11 * time.Minute)
		if again, leave := v.Enter("a"); again == a {
			t.Error("still there after 11 minutes")
		} else {
			leave()
		}
	})
}

// Of more results than are kept, those that were left first go; trainings and
// labs with somebody in them stay.
func TestResultsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := lab.NewVisitors(some(320), lab.Limits{Places: 2, Watchers: 6, Results: 4, Idle: time.Hour})
		defer v.Close()
		paused, leave := v.Enter("paused")
		if err := paused.Start(0.02); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Millisecond)
		if err := paused.Pause(); err != nil {
			t.Fatal(err)
		}
		leave()
		seen := map[string]*lab.Lab{"paused": paused}
		for i := range 10 {
			name := fmt.Sprint(i)
			l, leave := v.Enter(name)
			seen[name] = l
			if err := l.Start(0.02); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Minute)
			if i > 0 {
				leave()
			} else {
				defer leave()
			}
		}
		for name, kept := range map[string]bool{"paused": true, "0": true, "1": false, "7": false, "8": true, "9": true} {
			if l := seen[name]; kept != !closed(l) {
				t.Errorf("%s kept: %v", name, !kept)
			}
		}
	})
}

func closed(l *lab.Lab) bool {
	select {
	case <-l.Life():
		return true
	default:
		return false
	}
}

func TestWatchersAreBounded(t *testing.T) {
	l := newLab(t, some(320))
	var leave func()
	for range 6 {
		var err error
		if _, leave, err = l.Watch(); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := l.Watch(); !errors.Is(err, lab.ErrWatched) {
		t.Error(err)
	}
	leave()
	if _, _, err := l.Watch(); err != nil {
		t.Error(err)
	}
}

// What trainings took, processors and data set, is given back: nothing but the
// results stays.
func TestTrainingsLeaveNothing(t *testing.T) {
	loaded := 0
	freed := make(chan bool, 8)
	v := newVisitors(t, func() (training, test *data.Set, err error) {
		loaded++
		training, test, err = some(320)()
		training = &data.Set{Name: training.Name, Shape: training.Shape, Pixels: append([]uint8(nil), training.Pixels...), Labels: training.Labels, Classes: 10}
		runtime.AddCleanup(&training.Pixels[0], func(int) { freed <- true }, 0)
		return training, test, err
	}, lab.Limits{Places: 4, Watchers: 6, Results: 8, Idle: time.Hour})
	before := runtime.NumGoroutine()
	for round := range 2 {
		var labs []*lab.Lab
		for i := range 4 {
			l := enter(t, v, fmt.Sprint(i))
			if err := l.Start(0.02); err != nil {
				t.Fatal(err)
			}
			labs = append(labs, l)
		}
		for _, l := range labs {
			until(t, l, "done", phase(lab.Done))
		}
		for deadline := time.Now().Add(time.Minute); runtime.NumGoroutine() > before; time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
			}
		}
		for deadline := time.Now().Add(time.Minute); len(freed) <= round; time.Sleep(time.Millisecond) {
			if runtime.GC(); time.Now().After(deadline) {
				t.Fatal("the images are still there")
			}
		}
	}
	if loaded < 2 {
		t.Errorf("loaded %d times", loaded)
	}
}
