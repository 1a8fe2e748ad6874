package neon

import (
	"errors"
	"slices"
	"strings"
)

// lines are the function's instructions. A constant for which no register is left
// is loaded wherever it is read.
func (f *Func) lines() ([]string, error) {
	for {
		all := slices.Concat(f.head, f.body)
		registers, ok := allocate(all, f.vectors)
		if !ok && f.demote() {
			continue
		}
		if !ok {
			return nil, errors.New("no vector register is left")
		}
		var lines []string
		for _, i := range all {
			v := make([]V, len(i.vectors))
			for j, vec := range i.vectors {
				v[j] = registers[vec]
			}
			switch {
			case i.text == nil || i.move && v[0] == v[1]:
				continue
			}
			text := i.text(v)
			if !strings.HasSuffix(text, ":") {
				text = "\t" + text
			}
			lines = append(lines, text)
		}
		return lines, nil
	}
}

// life is where a vector is first and last mentioned, loops' whole bodies included
// where it outlives a round.
type life struct{ first, last int }

func lives(all []instruction, vectors int) []life {
	l := make([]life, vectors)
	for v := range l {
		l[v] = life{-1, -1}
	}
	var loops []int
	for at, i := range all {
		for _, v := range i.vectors {
			if l[v].first < 0 {
				l[v].first = at
			}
			l[v].last = at
		}
		if i.loop > 0 {
			loops = append(loops, at)
		}
		if i.loop < 0 {
			begin := loops[len(loops)-1]
			loops = loops[:len(loops)-1]
			for v := range l {
				if l[v].first < begin && l[v].last > begin {
					l[v].last = at
				}
			}
		}
	}
	return l
}

// allocate gives every vector a register, in the order of their first mention; a
// copy has its original's if that is not needed any more.
func allocate(all []instruction, vectors int) (registers []V, ok bool) {
	l := lives(all, vectors)
	registers = make([]V, vectors)
	var owner [32]Vec
	for r := range owner {
		owner[r] = -1
	}
	for at, i := range all {
		for j, v := range i.vectors {
			if l[v].first != at || slices.Index(i.vectors, v) < j {
				continue
			}
			found := -1
			for r, o := range owner {
				free := o < 0 || l[o].last < at || l[o].last == at && l[o].first < at
				if free && (found < 0 || i.move && o == i.vectors[1]) {
					found = r
				}
			}
			if found < 0 {
				return nil, false
			}
			owner[found], registers[v] = v, V(found)
		}
	}
	return registers, true
}

// demote loads the least used constant wherever it is read.
func (f *Func) demote() bool {
	least, uses := -1, 0
	for h, i := range f.head {
		if i.constant == 0 {
			continue
		}
		n := 0
		for _, b := range f.body {
			if slices.Contains(b.vectors, i.vectors[0]) {
				n++
			}
		}
		if least < 0 || n < uses {
			least, uses = h, n
		}
	}
	if least < 0 {
		return false
	}
	c, at := f.head[least].vectors[0], f.head[least].constant-1
	f.head = slices.Delete(f.head, least, least+1)
	var body []instruction
	for _, i := range f.body {
		switch {
		case !slices.Contains(i.vectors, c):
		case i.move:
			i = f.load(at, i.vectors[0])
			i.constant = 0
		default:
			v := f.New()
			body = append(body, f.load(at, v))
			i.vectors = slices.Clone(i.vectors)
			for j := range i.vectors {
				if i.vectors[j] == c {
					i.vectors[j] = v
				}
			}
		}
		body = append(body, i)
	}
	f.body = body
	return true
}
