// Package kerneltest helps to test kernels: memory with guards around it, random
// numbers, comparisons.
package kerneltest

import (
	"bytes"
	"math"
	"slices"
	"unsafe"
)

// Marker is what memory holds that nothing has written to.
const Marker = 0x5A

// T is a test, or a property's one run.
type T interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

// Float is what kernels compute with.
type Float interface{ float32 | float64 }

// Guard hands out marked memory with more of it before, and after it a page
// that may not be touched (on linux; elsewhere marked memory too).
type Guard struct{ blocks []guardBlock }

type guardBlock struct {
	memory     []byte
	start, end int // of the part handed out
	free       func()
}

// Bytes gives n marked bytes.
func (g *Guard) Bytes(t T, n int) []uint8 {
	b := newGuardBlock(t, n)
	b.memory[0] = Marker
	for done := 1; done < len(b.memory); done *= 2 {
		copy(b.memory[done:], b.memory[:done])
	}
	g.blocks = append(g.blocks, b)
	return b.memory[b.start:b.end:b.end]
}

// Floats gives n marked float32.
func (g *Guard) Floats(t T, n int) []float32 { return Floats[float32](t, g, n) }

// Floats gives n marked numbers.
func Floats[F Float](t T, g *Guard, n int) []F {
	var x F
	return unsafe.Slice((*F)(unsafe.Pointer(unsafe.SliceData(g.Bytes(t, int(unsafe.Sizeof(x))*n)))), n)
}

// Release checks that nothing outside was written, and frees.
func (g *Guard) Release(t T) {
	t.Helper()
	for _, b := range g.blocks {
		if at := written(b.memory[:b.start]); at >= 0 {
			t.Fatalf("a kernel wrote %d bytes from the beginning of a buffer of %d", at-b.start, b.end-b.start)
		}
		if at := written(b.memory[b.end:]); at >= 0 {
			t.Fatalf("a kernel wrote %d bytes from the end of a buffer of %d", at, b.end-b.start)
		}
		b.free()
	}
}

// written is where memory is no longer as it was handed out, or -1.
func written(memory []byte) int {
	if bytes.Count(memory, []byte{Marker}) == len(memory) {
		return -1
	}
	return slices.IndexFunc(memory, func(v byte) bool { return v != Marker })
}

// Untouched fails if x, from guarded memory, was written to.
func Untouched[F Float](t T, what string, x []F) {
	t.Helper()
	marker := F(math.Float32frombits(Marker * 0x01010101))
	if unsafe.Sizeof(marker) == 8 {
		marker = F(math.Float64frombits(Marker * 0x0101010101010101))
	}
	for i, v := range x {
		if v != marker {
			t.Fatalf("%s was written outside its range, at %d: %v", what, i, v)
		}
	}
}
