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

// plan gives every value that an instruction writes a place, shared by values
// that do not live at the same time; size is how much memory that takes.
func plan(p *program, units []unit) (places map[*value]place, size int) {
	places = map[*value]place{}
	var mem memory
	last := lifetimes(units)
	forever := map[*value]bool{}
	for _, v := range p.values {
		if v.keep {
			forever[root(v)] = true
		}
		if _, ok := v.op.(besides); ok { // written early by another instruction
			forever[v] = true
			places[v] = mem.take(v.size)
		}
	}
	for i, u := range units {
		inside := u.inner(p)
		if x := u.overwrites(inside, func(x *value) bool {
			_, mine := places[x]
			return mine && last[x] == i && !forever[x]
		}); x != nil {
			places[u.values[len(u.values)-1]], forever[x] = places[x], true
		}
		for _, v := range u.values {
			if _, done := places[v]; !done && !inside[v] {
				places[v] = mem.take(v.size)
			}
		}
		for v, end := range last {
			if at, ok := places[v]; ok && end == i && !forever[v] {
				mem.give(at)
			}
		}
	}
	return places, mem.size
}

// overwrites chooses an operand that a group may write over: one that dies with
// it and is as long, where the group's last value alone is stored, since then
// all reading of a block comes before its writing.
func (u unit) overwrites(inside map[*value]bool, dies func(*value) bool) *value {
	last := u.values[len(u.values)-1]
	if !u.group || inside[last] || len(inside) != len(u.values)-1 {
		return nil
	}
	for _, v := range u.values {
		for _, a := range v.args {
			if x := root(a); x.size == last.size && !inside[x] && x != last && dies(x) {
				return x
			}
		}
	}
	return nil
}
