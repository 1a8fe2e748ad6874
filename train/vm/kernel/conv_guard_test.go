package kernel

import (
	"math"
	"unsafe"
)

// marker is what memory holds that nothing has written to.
const marker = 0x5A

var markerFloat = math.Float32frombits(marker * 0x01010101)

// fataler is a test, or a property's one run.
type fataler interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

// guard hands out marked memory with more of it before, and after it a page
// that may not be touched (on linux; elsewhere marked memory too).
type guard struct{ blocks []guardBlock }

type guardBlock struct {
	memory     []byte
	start, end int // of the part handed out
	free       func()
}

func (g *guard) bytes(t fataler, n int) []uint8 {
	b := newGuardBlock(t, n)
	for i := range b.memory {
		b.memory[i] = marker
	}
	g.blocks = append(g.blocks, b)
	return b.memory[b.start:b.end:b.end]
}

func (g *guard) floats(t fataler, n int) []float32 {
	return unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(g.bytes(t, 4*n)))), n)
}

// release checks that nothing outside was written, and frees.
func (g *guard) release(t fataler) {
	t.Helper()
	for _, b := range g.blocks {
		for i, v := range b.memory {
			if (i < b.start || i >= b.end) && v != marker {
				t.Fatalf("a kernel wrote %d bytes from the beginning of a buffer of %d", i-b.start, b.end-b.start)
			}
		}
		b.free()
	}
}

// untouched fails if x, from guarded memory, was written to.
func untouched(t fataler, what string, x []float32) {
	t.Helper()
	for i, v := range x {
		if v != markerFloat {
			t.Fatalf("%s was written outside its range, at %d: %v", what, i, v)
		}
	}
}
