package train

import "fmt"

// leaf computes the gradient of one shard, onto the stack or added to its top, and
// does the additions that follow.
func (s *sharded[F]) leaf(a action, additions int, idx []int, step int) error {
	l, err := s.prepare(a, idx, step)
	if err != nil {
		return err
	}
	if l == nil {
		for range additions {
			s.depth, err = s.act(action{kind: addition}, s.depth, 0, s.length())
		}
		return err
	}
	return s.compute(l, a, additions)
}

// compute runs a shard's graph, takes its gradient, and does the additions that
// follow.
func (s *sharded[F]) compute(l *lesson, a action, additions int) error {
	if err := s.run(l, a.with); err != nil {
		return err
	}
	grads, err := s.read(l)
	if err == nil {
		s.adder.take(grads, s.stack[s.depth-1-additions:s.depth], a.kind == leafAdded)
		s.depth -= additions
	}
	return err
}

// prepare makes the graph of a shard ready, and the place for its gradient. There
// is no graph where the shard has no examples; its gradient is 0.
func (s *sharded[F]) prepare(a action, idx []int, step int) (*lesson, error) {
	n := len(idx)
	s.notes[a.with+s.group.Rank()] = 0
	if a.kind == leaf {
		s.push()
	}
	part := idx[a.with*n/s.shards : (a.with+1)*n/s.shards]
	if len(part) == 0 {
		if a.kind == leaf {
			clear(s.stack[s.depth-1])
		}
		return nil, nil
	}
	l, err := s.lesson(part, n, step, a.with)
	if err != nil {
		return nil, err
	}
	l.place(s.parts[s.depth-1], a.kind == leafAdded)
	return l, nil
}

// read gives a shard's gradients where they were not placed.
func (s *sharded[F]) read(l *lesson) ([]any, error) {
	grads := l.read()
	for i, numbers := range grads {
		if !l.placed[i] {
			if err := isGradient(s.net.Params[i], numbers); err != nil {
				return nil, err
			}
		}
	}
	return grads, nil
}

// run runs a shard's graph and notes the loss.
func (s *sharded[F]) run(l *lesson, shard int) error {
	err := l.machine.RunAll()
	if err == nil {
		s.notes[shard+s.group.Rank()], err = number(l.machine.Value(l.graph.Loss))
	}
	if err != nil {
		return fmt.Errorf("shard %d of %d: %w", shard+1, s.shards, err)
	}
	return nil
}

// push is a new place on the stack.
func (s *sharded[F]) push() {
	if s.depth++; s.depth > len(s.stack) {
		sum, parts := make([]F, s.length()), make([]any, len(s.begins)-1)
		for i := range parts {
			parts[i] = sum[s.begins[i]:s.begins[i+1]]
		}
		s.stack, s.parts = append(s.stack, sum), append(s.parts, parts)
	}
}
