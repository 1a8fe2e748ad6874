// Package tidy gives memory back to the system once a program has become quiet.
// The runtime does so by itself, but where nothing runs at all it takes minutes.
package tidy

import (
	"context"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// A spell in which less is allocated is quiet; what is less than worth is not
// worth a collection.
const (
	quiet = 1 << 20
	worth = 16 << 20
)

// Keep looks once a period, until the context ends.
func Keep(ctx context.Context, period time.Duration) {
	tick := time.NewTicker(period)
	defer tick.Stop()
	var t tidier
	for {
		select {
		case <-tick.C:
			t.look(allocated())
		case <-ctx.Done():
			return
		}
	}
}

type tidier struct {
	seen   uint64 // bytes allocated up to the last look
	tidied uint64 // up to the last collection
}

// look tells whether it was time to tidy up.
func (t *tidier) look(allocated uint64) bool {
	isQuiet := allocated-t.seen < quiet
	t.seen = allocated
	if !isQuiet || allocated-t.tidied < worth {
		return false
	}
	t.tidied = allocated
	debug.FreeOSMemory()
	return true
}

// allocated is the number of bytes since the program began.
func allocated() uint64 {
	s := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}
