package vm

import (
	"sync"
	"sync/atomic"
	"testing"
)

// TestAllWorkersWork: as many pieces as workers, none of which ends before all
// have begun; again after they were closed.
func TestAllWorkersWork(t *testing.T) {
	for count := 2; count <= 4; count++ {
		w := newWorkers(count)
		var j job
		for range 3 {
			for range 50 {
				var together sync.WaitGroup
				together.Add(count)
				w.do(&j, count, func(worker, piece int) {
					together.Done()
					together.Wait()
				})
			}
			w.close()
		}
	}
}

// TestEachPieceOnce: jobs of any number of pieces, far more than can be shared
// too, and shares so small that workers take from each other.
func TestEachPieceOnce(t *testing.T) {
	for count := 1; count <= 4; count++ {
		w := newWorkers(count)
		var j job
		for rounds, pieces := range map[int]int{1000: 7, 300: 1000, 2: maxPieces, 3: maxPieces + 1, 50: 1, 20: 0} {
			ran := make([]atomic.Int32, pieces)
			for range rounds {
				w.do(&j, pieces, func(worker, piece int) { ran[piece].Add(1) })
			}
			for piece := range ran {
				if n := ran[piece].Load(); n != int32(rounds) {
					t.Fatalf("%d workers, %d pieces: piece %d ran %d times in %d rounds", count, pieces, piece, n, rounds)
				}
			}
		}
		w.close()
	}
}
