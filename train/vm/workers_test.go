package vm

import (
	"sync"
	"sync/atomic"
	"testing"
)

// TestAllWorkersWork: as many pieces as workers, none of which ends before all
// have begun, so that each has one; again after they were closed.
func TestAllWorkersWork(t *testing.T) {
	for count := 2; count <= 4; count++ {
		w := newWorkers(count)
		var j job
		for range 3 {
			for range 50 {
				var together sync.WaitGroup
				together.Add(count)
				var ran [4]atomic.Int32
				w.do(&j, count, func(worker, piece int) {
					ran[worker].Add(1)
					together.Done()
					together.Wait()
				})
				for worker := range count {
					if n := ran[worker].Load(); n != 1 {
						t.Errorf("worker %d of %d ran %d pieces, want 1", worker, count, n)
					}
				}
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

// TestShare: pieces are of their round alone, whatever its number.
func TestShare(t *testing.T) {
	var s share
	for _, c := range []struct {
		round, of         uint32
		next, end, pieces int
	}{
		{7, 7, 2, 4, 2}, {7, 6, 2, 4, 0}, {7, 8, 2, 4, 0}, {7, 7, 3, 3, 0},
		{1<<24 + 7, 1<<24 + 7, 2, 4, 2}, {1<<24 - 1, 1<<24 - 1, 2, 4, 2}, {1<<32 - 1, 1<<32 - 1, maxPieces - 3, maxPieces, 3},
	} {
		s.set(c.round, c.next, c.end)
		for want := c.next; want < c.next+c.pieces; want++ {
			if piece, ok := s.take(c.of); piece != want || !ok {
				t.Errorf("%+v: took %d, %v; want %d", c, piece, ok, want)
			}
		}
		if piece, ok := s.take(c.of); ok {
			t.Errorf("%+v: took %d, of which there is none", c, piece)
		}
	}
}

// TestAShareOfMany: however many take from it, each piece is taken once.
func TestAShareOfMany(t *testing.T) {
	var s share
	s.set(1, 0, maxPieces)
	var together, ended sync.WaitGroup
	var taken atomic.Int64
	together.Add(4)
	for range 4 {
		ended.Go(func() {
			together.Done()
			together.Wait()
			for _, ok := s.take(1); ok; _, ok = s.take(1) {
				taken.Add(1)
			}
		})
	}
	ended.Wait()
	if n := taken.Load(); n != maxPieces {
		t.Errorf("%d pieces were taken of %d", n, maxPieces)
	}
}

// TestWhatIsNotShared: what is one worker's or one piece, and what cannot be
// counted, starts no goroutine.
func TestWhatIsNotShared(t *testing.T) {
	for _, c := range []struct {
		count, pieces int
		shared        bool
	}{{1, 2, false}, {2, 1, false}, {2, 2, true}, {2, maxPieces, true}, {2, maxPieces + 1, false}} {
		w := newWorkers(c.count)
		w.do(new(job), c.pieces, func(int, int) {})
		if w.running != c.shared {
			t.Errorf("%+v: shared %v", c, w.running)
		}
		w.close()
	}
}
