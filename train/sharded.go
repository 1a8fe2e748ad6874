package train

import "unsafe"

// sharded takes a batch in a fixed number of shards, which the processes of a
// group share, and sums their gradients along the tree of [subtree]: to the same
// bits on any number of processes.
type sharded[F float32 | float64] struct {
	lessons
	group  Group
	shards int
	leaves []action // what this process does up to its last leaf; alone, all of it
	rest   []action // and after it
	halved bool     // the rest is this process's own; between them it goes on by halves

	begins  []int     // of each parameter in a sum, and the end
	stack   [][]F     // sums of gradients, all parameters one after the other
	parts   [][]any   // of each sum, by parameter
	depth   int       // how many there are
	spare   []F       // what is received
	notes   []float64 // by process: the losses of its shards, and 1 when it wants to stop
	adder   *adder[F]
	pending *pending
}

func newSharded[F float32 | float64](l lessons, group Group, shards int) *sharded[F] {
	rank, size := group.Rank(), group.Size()
	s := &sharded[F]{lessons: l, group: group, shards: shards, begins: []int{0}, notes: make([]float64, shards+size)}
	for _, p := range l.net.Params {
		s.begins = append(s.begins, s.begins[len(s.begins)-1]+p.Len())
	}
	s.adder = newAdder[F](&s.lessons, s.begins)
	plan := subtree(rank, size, shards, 0, shards)
	if s.halved = powerOfTwo(size) && powerOfTwo(shards); s.halved {
		plan = subtree(rank, size, shards, s.firstOf(rank), s.firstOf(rank+1))
	}
	if s.leaves = plan; size > 1 {
		s.leaves, s.rest = afterLeaves(plan)
	}
	bucket := bucketLen
	if sendsEarly(size, shards) {
		bucket = s.length()
	}
	s.pending = newPending(s.begins, bucket)
	if size > 1 {
		s.spare = make([]F, s.length())
	}
	return s
}

func powerOfTwo(n int) bool { return n&(n-1) == 0 }

func (s *sharded[F]) firstOf(rank int) int { return firstOf(rank, s.shards, s.group.Size()) }

// length of a sum of gradients.
func (s *sharded[F]) length() int { return s.begins[len(s.begins)-1] }

func (s *sharded[F]) gradient(idx []int, step int, stop bool, into []any) (loss float64, stopped bool, err error) {
	for _, l := range s.made {
		l.machine.Hold(l.graph.Params...) // until all shards are done
	}
	s.depth = 0
	early := len(s.leaves)
	if s.group.Size() > 1 {
		early--
	}
	for plan := s.leaves[:early]; len(plan) > 0; {
		a := plan[0]
		plan = plan[1:]
		if a.kind == leaf || a.kind == leafAdded {
			var additions int
			additions, plan = firstAdditions(plan)
			err = s.leaf(a, additions, idx, step)
		} else {
			s.depth, err = s.act(a, s.depth, 0, s.length())
		}
		if err != nil {
			return
		}
	}
	if early < len(s.leaves) {
		if err = s.lastLeaf(s.leaves[early], idx, step); err != nil {
			return
		}
	}
	copy(into, s.parts[0])
	return s.agree(stop)
}

// act does one action of the plan, no leaf, for a part of all sums, and returns
// the stack's new depth.
func (s *sharded[F]) act(a action, depth, from, to int) (int, error) {
	top := s.stack[depth-1][from:to]
	switch a.kind {
	case addition:
		s.adder.add(s.stack[depth-2][from:to], top)
		return depth - 1, nil
	case sending:
		return depth - 1, send(s.group, a.with, bytesOf(top))
	default:
		if err := receive(s.group, a.with, bytesOf(s.spare[from:to])); err != nil {
			return depth, err
		}
		s.adder.add(top, s.spare[from:to])
		return depth, nil
	}
}

// finish does what comes after the leaves for a part of all sums.
func (s *sharded[F]) finish(from, to int) (err error) {
	depth := s.depth
	for _, a := range s.rest {
		if depth, err = s.act(a, depth, from, to); err != nil {
			return err
		}
	}
	if s.halved {
		return s.halve(s.stack[0][from:to], s.spare[from:], 1)
	}
	return Broadcast(s.group, bytesOf(s.stack[0][from:to]))
}

// halve sums a part of the gradient over the processes that differ from this one
// in the bits from d on: each of a pair takes one half, adds the other's numbers
// to it, goes on with that and gives the result back (recursive halving and
// doubling, Thakur, Rabenseifner and Gropp 2005; here the nearest first, which is
// the tree's order).
func (s *sharded[F]) halve(sum, spare []F, d int) error {
	if d == s.group.Size() {
		return nil
	}
	peer, mid := s.group.Rank()^d, len(sum)/2
	keep, give := sum[:mid], sum[mid:]
	if s.group.Rank()&d != 0 {
		keep, give = give, keep
	}
	spare = spare[:len(keep)]
	if err := s.group.Exchange(peer, bytesOf(give), peer, bytesOf(spare)); err != nil {
		return err
	}
	s.adder.add(keep, spare)
	if err := s.halve(keep, spare, 2*d); err != nil {
		return err
	}
	return s.group.Exchange(peer, bytesOf(keep), peer, bytesOf(give))
}

// agree gives all processes the losses of all shards, which are weighted
// already, and the wish of any to stop.
func (s *sharded[F]) agree(stop bool) (loss float64, stopped bool, err error) {
	end := func(rank int) int { return s.firstOf(rank) + rank }
	wish := &s.notes[end(s.group.Rank()+1)-1]
	*wish = 0
	if stop {
		*wish = 1
	}
	if err = gather(s.group, bytesOf(s.notes), func(rank int) int { return 8 * end(rank) }); err != nil {
		return
	}
	for rank := range s.group.Size() {
		notes := s.notes[end(rank):end(rank+1)]
		for _, l := range notes[:len(notes)-1] {
			loss += l
		}
		stopped = stopped || notes[len(notes)-1] != 0
	}
	return loss, stopped, nil
}

// bytesOf is the memory of numbers.
func bytesOf[F float32 | float64 | uint32](x []F) []byte {
	var one F
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(x))), len(x)*int(unsafe.Sizeof(one)))
}
