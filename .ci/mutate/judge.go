package main

import (
	"errors"
	"fmt"
	"os/exec"
	"sync"
	"sync/atomic"
	"time"
)

// verdict is what became of a mutant.
type verdict int

const (
	untried  verdict = iota // something else went wrong
	killed                  // a test failed
	survived                // all tests that it makes a difference to passed
	unfelt                  // it makes no difference to any test
)

// parallel calls do for 0 to n-1 on so many workers.
func parallel(n, workers int, do func(i, worker int) error) error {
	var next atomic.Int64
	var wait sync.WaitGroup
	errs := make([]error, workers)
	for worker := range workers {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < n && errs[worker] == nil; i = int(next.Add(1)) - 1 {
				errs[worker] = do(i, worker)
			}
		})
	}
	wait.Wait()
	return errors.Join(errs...)
}

// judge tries mutants by their numbers, and starts none after a deadline unless
// that is zero. It tells one verdict at a time.
func (b *binary) judge(ids []int, workers int, deadline time.Time, tell func(id int, v verdict)) error {
	var one sync.Mutex
	return parallel(len(ids), workers, func(i, worker int) error {
		if !deadline.IsZero() && time.Now().After(deadline) {
			return nil
		}
		v, err := b.try(ids[i], worker)
		one.Lock()
		defer one.Unlock()
		tell(ids[i], v)
		return err
	})
}

// try runs the tests that feel a mutant, in batches: starting a process takes
// about as long as most tests do.
func (b *binary) try(id, worker int) (verdict, error) {
	const long = 300 * time.Millisecond
	result := unfelt
	var batch []*test
	var takes time.Duration
	for i, t := range b.tests {
		if err := b.feel(t, worker); err != nil {
			return untried, err
		}
		if t.feels[id] {
			batch, takes = append(batch, t), takes+t.takes
			result = survived
		}
		if len(batch) == 0 || i+1 < len(b.tests) && takes < long && (b.tests[i+1].short == nil) == (t.short == nil) {
			continue
		}
		_, _, err := b.run(batch, worker, 2*time.Second+5*takes, fmt.Sprint("MUTANT=", id))
		if failed := new(exec.ExitError); errors.As(err, &failed) {
			return killed, nil
		} else if err != nil {
			return untried, err
		}
		batch, takes = nil, 0
	}
	return result, nil
}
