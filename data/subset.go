package data

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// splitStream numbers the random stream of [Set.Split]; epochs, which are never
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

// Split deals every example to one of two new sets: holdout examples, chosen by
// the seed, for validation and the others for training, both in the order of s.
// The new sets share no memory with s, which can be let go.
func (s *Set) Split(holdout int, seed uint64) (train, validation *Set, err error) {
	if holdout < 0 || holdout > s.Len() {
		return nil, nil, fmt.Errorf("data: set %q: cannot hold out %d of %d examples", s.Name, holdout, s.Len())
	}
	order := rand.New(rand.NewPCG(seed, splitStream)).Perm(s.Len())
	slices.Sort(order[:holdout])
	slices.Sort(order[holdout:])
	train, validation = s.pick(order[holdout:]), s.pick(order[:holdout])
	train.Name, validation.Name = s.Name+", training part", s.Name+", validation part"
	return train, validation, nil
}

func (s *Set) pick(idx []int) *Set {
	p := *s
	p.Pixels, p.Values = rows(s.Pixels, s.Size(), idx), rows(s.Values, s.Size(), idx)
	p.Labels, p.Targets = rows(s.Labels, 1, idx), rows(s.Targets, s.Classes, idx)
	return &p
}

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
