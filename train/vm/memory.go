package vm

import "slices"

// place is a stretch of the machine's memory.
type place struct{ offset, length int }

// aligned rounds up to whole cache lines of float32.
func aligned(n int) int { return (n + 15) &^ 15 }

// memory hands out stretches, the lowest that fits first, and takes them back.
type memory struct {
	free []place // sorted by offset, no two adjacent
	size int
}

func (m *memory) take(n int) place {
	n = aligned(n)
	for i, f := range m.free {
		if f.length >= n {
			m.free[i] = place{f.offset + n, f.length - n}
			if f.length == n {
				m.free = slices.Delete(m.free, i, i+1)
			}
			return place{f.offset, n}
		}
	}
	p := place{m.size, n}
	if k := len(m.free); k > 0 && m.free[k-1].offset+m.free[k-1].length == m.size { // grow the last free stretch
		p.offset = m.free[k-1].offset
		m.free = m.free[:k-1]
	}
	m.size = p.offset + n
	return p
}

func (m *memory) give(p place) {
	i, _ := slices.BinarySearchFunc(m.free, p, func(a, b place) int { return a.offset - b.offset })
	m.free = slices.Insert(m.free, i, p)
	if i+1 < len(m.free) && m.free[i].offset+m.free[i].length == m.free[i+1].offset {
		m.free[i].length += m.free[i+1].length
		m.free = slices.Delete(m.free, i+1, i+2)
	}
	if i > 0 && m.free[i-1].offset+m.free[i-1].length == m.free[i].offset {
		m.free[i-1].length += m.free[i].length
		m.free = slices.Delete(m.free, i, i+1)
	}
}
