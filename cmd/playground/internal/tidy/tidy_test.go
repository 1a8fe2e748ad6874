package tidy

import (
	"runtime"
	"testing"
)

// kept is memory that the runtime has but no use for.
func kept() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapIdle - m.HeapReleased
}

var sink []byte

// What was allocated and is used no more is given back, once it is quiet.
func TestGivesBack(t *testing.T) {
	var ti tidier
	ti.look(allocated())
	for range 8 {
		sink = make([]byte, 32<<20)
		for i := 0; i < len(sink); i += 4096 {
			sink[i] = 1
		}
	}
	if ti.look(allocated()) {
		t.Error("tidied in a busy spell")
	}
	sink = nil
	if !ti.look(allocated()) {
		t.Error("not tidied in the quiet after it")
	}
	if k := kept(); k > 16<<20 {
		t.Errorf("%d MB were kept", k>>20)
	}
}

func TestOnlyWhenQuietAndWorthIt(t *testing.T) {
	var ti tidier
	for i, c := range []struct {
		allocated uint64
		tidied    bool
	}{{10 << 20, false}, {10 << 20, false}, {30 << 20, false}, {30<<20 + 1000, true}, {30<<20 + 2000, false}, {45 << 20, false}, {45<<20 + 1, false}, {47 << 20, false}, {47 << 20, true}} {
		if got := ti.look(c.allocated); got != c.tidied {
			t.Errorf("look %d: %v", i, got)
		}
	}
}
