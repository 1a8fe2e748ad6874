package vm

import (
	"runtime"
	"sync/atomic"
	"testing"
	"time"
)

// TestHelperSleepsUntilARound: once it has looked often enough, and though an
// earlier round called it too late.
func TestHelperSleepsUntilARound(t *testing.T) {
	for _, spins := range []int{2 * minSpins, 4 * minSpins} {
		w := newWorkers(2)
		h := w.helpers[0]
		h.spins = spins
		h.wake <- struct{}{}
		got := make(chan uint32, 1)
		go func() { got <- w.await(h, 0) }()
		for len(h.wake) > 0 || !h.parked.Load() {
			if len(got) > 0 {
				t.Fatalf("%d looks: it came back to round %d, which it had seen", spins, <-got)
			}
			runtime.Gosched()
		}
		w.begin(1)
		if round := <-got; round != 1 || h.parked.Load() || h.spins == spins {
			t.Errorf("%d looks: round %d, asleep %v, then %d looks; want round 1, awake, and another number", spins, round, h.parked.Load(), h.spins)
		}
	}
}

// TestHowOftenAHelperLooks: more often where its job came soon, be it asleep by
// then, less often where it did not; between the bounds.
func TestHowOftenAHelperLooks(t *testing.T) {
	for _, c := range []struct {
		spins int
		slept time.Duration
		then  int
	}{
		{minSpins, 0, 2 * minSpins},
		{minSpins, soon - 1, 2 * minSpins},
		{4 * minSpins, soon, 2 * minSpins},
		{2*minSpins - 2, time.Second, minSpins},
		{minSpins, time.Second, minSpins},
		{maxSpins/2 + 1, 0, maxSpins},
		{maxSpins, soon - 1, maxSpins},
	} {
		h := helper{spins: c.spins}
		if h.learn(c.slept); h.spins != c.then {
			t.Errorf("%d looks, asleep for %v: then %d looks, want %d", c.spins, c.slept, h.spins, c.then)
		}
	}
}

// TestHelperThatIsAwake: nobody calls it, and it looks twice as often the next time.
func TestHelperThatIsAwake(t *testing.T) {
	for spins, then := range map[int]int{minSpins: 2 * minSpins, maxSpins: maxSpins} {
		w := newWorkers(2)
		h := w.helpers[0]
		h.spins = spins
		w.begin(1)
		if round := w.await(h, 0); round != 1 || len(h.wake) != 0 || h.spins != then {
			t.Errorf("%d looks: round %d, %d calls, then %d looks; want round 1, no call, then %d", spins, round, len(h.wake), h.spins, then)
		}
	}
}

// TestHelperThatFallsAsleepAsARoundBegins finds it in its last look, though
// nobody calls it.
func TestHelperThatFallsAsleepAsARoundBegins(t *testing.T) {
	w := newWorkers(2)
	h := w.helpers[0]
	h.spins = 0
	w.begin(1)
	if round := w.await(h, 0); round != 1 {
		t.Errorf("round %d, want 1", round)
	}
}

// TestASleeperIsCalledOnce: a round never waits for a helper to get up.
func TestASleeperIsCalledOnce(t *testing.T) {
	w := newWorkers(2)
	w.helpers[0].parked.Store(true)
	for round := range uint32(3) {
		w.begin(round)
	}
	if n := len(w.helpers[0].wake); n != 1 {
		t.Errorf("%d calls, want 1", n)
	}
}

// TestTheCallerWaits for pieces that others have begun, in each round of a job.
func TestTheCallerWaits(t *testing.T) {
	w := newWorkers(2)
	defer w.close()
	var j job
	for range 20 {
		var begun, ended atomic.Int32
		w.do(&j, 2, func(worker, piece int) {
			begun.Add(1)
			for begun.Load() < 2 {
				runtime.Gosched()
			}
			if worker > 0 {
				for range 1000 {
					runtime.Gosched()
				}
			}
			ended.Add(1)
		})
		if n := ended.Load(); n != 2 {
			t.Fatalf("%d of 2 pieces had ended", n)
		}
	}
}
