package tidy

import (
	"runtime"
	"testing"
)

var sink []byte

// What was allocated and is used no more is given back once it is quiet, however
// long it was of use.
func TestGivesBack(t *testing.T) {
	var ti tidier
	sink = make([]byte, 64<<20)
	for i := 0; i < len(sink); i += 4096 {
		sink[i] = 1
	}
	if ti.look(heap()) {
		t.Error("tidied in a busy spell")
	}
	for range 2 {
		if !ti.look(heap()) {
			t.Error("not tidied in the quiet after it")
		}
	}
	if _, held := heap(); held < 64<<20 {
		t.Errorf("%d MB, and what is in use is gone", held>>20)
	}
	runtime.KeepAlive(sink)
	sink = nil
	if !ti.look(heap()) {
		t.Error("not tidied when it was of no use any more")
	}
	if _, held := heap(); held > small {
		t.Errorf("%d MB were kept", held>>20)
	}
	if ti.look(heap()) {
		t.Error("tidied where nothing is to be gained")
	}
}

func TestOnlyWhenQuiet(t *testing.T) {
	var ti tidier
	for i, c := range []struct {
		allocated, held uint64
		tidied          bool
	}{{10 << 20, small, false}, {10 << 20, small, true}, {10 << 20, small - 1, false}, {11 << 20, small, false}, {12<<20 - 1, small, true}, {12<<20 - 1, small, true}} {
		if got := ti.look(c.allocated, c.held); got != c.tidied {
			t.Errorf("look %d: %v", i, got)
		}
	}
}
