package vm

import (
	"testing"

	"pgregory.net/rapid"
)

// lines is memory as one truth for each cache line: taken or not.
type lines []bool

// take marks the lowest run of n free lines, at the end a longer memory's.
func (l *lines) take(n int) (from int) {
	fits := func() bool {
		for i := from; i < min(from+n, len(*l)); i++ {
			if (*l)[i] {
				return false
			}
		}
		return true
	}
	for !fits() {
		from++
	}
	for i := range n {
		if from+i == len(*l) {
			*l = append(*l, true)
		}
		(*l)[from+i] = true
	}
	return from
}

// TestMemory: stretches are where a search line by line finds room, whatever was
// taken and given back before; what is free is known in as few pieces as there are.
func TestMemory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var m memory
		var l lines
		var taken []place
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			if len(taken) > 0 && rapid.Bool().Draw(t, "give") {
				i := rapid.IntRange(0, len(taken)-1).Draw(t, "which")
				m.give(taken[i])
				clear(l[taken[i].offset/16 : (taken[i].offset+taken[i].length)/16])
				taken = append(taken[:i], taken[i+1:]...)
			} else {
				n := rapid.IntRange(1, 100).Draw(t, "numbers")
				p, want := m.take(n), l.take((n+15)/16)
				if p.offset != 16*want || p.length != (n+15)/16*16 {
					t.Fatalf("%d numbers at %v, want them at %d", n, p, 16*want)
				}
				taken = append(taken, p)
			}
			if m.size != 16*len(l) {
				t.Fatalf("size %d, want %d", m.size, 16*len(l))
			}
			pieces := 0
			for i := range l {
				if !l[i] && (i == 0 || l[i-1]) {
					pieces++
				}
			}
			if len(m.free) != pieces {
				t.Fatalf("free %v, want %d pieces", m.free, pieces)
			}
		}
	})
}
