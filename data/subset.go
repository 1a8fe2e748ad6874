package data

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// splitStream numbers the random stream of [Set.HoldOut]; epochs, which are never
// negative, use the streams from 0.
const splitStream = ^uint64(0)

// Head is the first n examples, sharing memory with s; all of them if n is not
// positive or too large.
func (s *Set) Head(n int) *Set {
	if n <= 0 || n >= s.Len() {
		return s
	}
	h := *s
	h.Pixels, h.Values = head(s.Pixels, n*s.Size()), head(s.Values, n*s.Size())
	h.Labels, h.Targets = head(s.Labels, n), head(s.Targets, n*s.Classes)
	return &h
}

// head is clipped, so that appending to it cannot overwrite what follows.
func head[T any](from []T, n int) []T {
	if from == nil {
		return nil
	}
	return from[:n:n]
}

// HoldOut takes so many examples out of s, chosen by the seed, for validation;
// s keeps the others. Both have the order that s had. What s keeps stays in the
// memory that it has, which must be shared with no other set.
func (s *Set) HoldOut(count int, seed uint64) (validation *Set, err error) {
	if count < 0 || count > s.Len() {
		return nil, fmt.Errorf("data: set %q: cannot hold out %d of %d examples", s.Name, count, s.Len())
	}
	order := rand.New(rand.NewPCG(seed, splitStream)).Perm(s.Len())
	out, kept := order[:count], order[count:]
	slices.Sort(out)
	slices.Sort(kept)
	size := s.Size()
	v := *s
	v.Name += ", validation part"
	v.Pixels, v.Values = rows(s.Pixels, size, out), rows(s.Values, size, out)
	v.Labels, v.Targets = rows(s.Labels, 1, out), rows(s.Targets, s.Classes, out)
	s.Pixels, s.Values = moved(s.Pixels, size, kept), moved(s.Values, size, kept)
	s.Labels, s.Targets = moved(s.Labels, 1, kept), moved(s.Targets, s.Classes, kept)
	return &v, nil
}

// rows copies those of idx.
func rows[T any](from []T, width int, idx []int) []T {
	if from == nil {
		return nil
	}
	out := make([]T, 0, len(idx)*width)
	for _, i := range idx {
		out = append(out, from[i*width:(i+1)*width]...)
	}
	return out
}

// moved brings the rows of idx, which ascends, to the front.
func moved[T any](from []T, width int, idx []int) []T {
	if from == nil {
		return nil
	}
	for k, i := range idx {
		copy(from[k*width:(k+1)*width], from[i*width:(i+1)*width])
	}
	return head(from, len(idx)*width)
}
