// Package tidy gives memory back to the system once a program has become quiet.
// The runtime does so by itself, but where nothing runs at all it takes minutes.
package tidy

import (
	"context"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// A spell in which less is allocated is quiet; a heap that is smaller is not worth
// a collection.
const (
	quiet = 1 << 20
	small = 16 << 20
)

// Keep looks once a period, until the context ends.
func Keep(ctx context.Context, period time.Duration) {
	tick := time.NewTicker(period)
	defer tick.Stop()
	var t tidier
	for {
		select {
		case <-tick.C:
			t.look(heap())
		case <-ctx.Done():
			return
		}
	}
}

// tidier knows how many bytes had been allocated, since the program began, up to
// the last look.
type tidier struct{ allocated uint64 }

// look tells whether it was time to tidy up.
func (t *tidier) look(allocated, held uint64) bool {
	isQuiet := allocated-t.allocated < quiet
	t.allocated = allocated
	if !isQuiet || held < small {
		return false
	}
	debug.FreeOSMemory()
	return true
}

// heap is what has been allocated since the program began, and the memory that
// the heap holds, of use or not.
func heap() (allocated, held uint64) {
	s := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}, {Name: "/memory/classes/heap/objects:bytes"},
		{Name: "/memory/classes/heap/unused:bytes"}, {Name: "/memory/classes/heap/free:bytes"}}
	metrics.Read(s)
	for _, part := range s[1:] {
		held += part.Value.Uint64()
	}
	return s[0].Value.Uint64(), held
}
