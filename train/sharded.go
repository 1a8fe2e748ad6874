package train

import (
	"fmt"
	"unsafe"
)

// sharded takes a batch in a fixed number of shards, which the processes of a
// group share, and sums their gradients along the tree of [plan]: to the same
// bits on any number of processes.
type sharded[F float32 | float64] struct {
	lessons
	group   Group
	shards  int
	plan    []action
	halving bool // the plan ends with this process's own sum; between them it goes on by halves

	begins []int     // of each parameter in a sum, and the end
	stack  [][]F     // sums of gradients, all parameters one after the other
	spare  []F       // what is received
	notes  []float64 // by process: the losses of its shards, and 1 when it wants to stop
	adder  *adder[F]
}

func newSharded[F float32 | float64](l lessons, group Group, shards int) *sharded[F] {
	rank, size := group.Rank(), group.Size()
	s := &sharded[F]{lessons: l, group: group, shards: shards, begins: []int{0}, notes: make([]float64, shards+size)}
	for _, p := range l.net.Params {
		s.begins = append(s.begins, s.begins[len(s.begins)-1]+p.Len())
	}
	s.adder = newAdder[F](&s.lessons, s.begins)
	if s.halving = powerOfTwo(size) && powerOfTwo(shards); s.halving {
		s.plan = subtree(rank, size, shards, s.firstOf(rank), s.firstOf(rank+1))
	} else {
		s.plan = subtree(rank, size, shards, 0, shards)
	}
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
	depth := 0 // of the stack
	for _, a := range s.plan {
		if depth, err = s.act(a, depth, idx, step); err != nil {
			return 0, false, err
		}
	}
	if s.halving {
		err = s.halve(s.stack[0], s.spare, 1)
	} else {
		err = Broadcast(s.group, bytesOf(s.room(0)))
	}
	if err != nil {
		return 0, false, err
	}
	for i := range into {
		into[i] = s.stack[0][s.begins[i]:s.begins[i+1]]
	}
	return s.agree(stop)
}

// room is place i of the stack.
func (s *sharded[F]) room(i int) []F {
	for len(s.stack) <= i {
		s.stack = append(s.stack, make([]F, s.length()))
	}
	return s.stack[i]
}

// act does one action of the plan and returns the stack's new depth.
func (s *sharded[F]) act(a action, depth int, idx []int, step int) (int, error) {
	switch a.kind {
	case leaf:
		return depth + 1, s.leaf(a.with, idx, step, s.room(depth), false)
	case leafAdded:
		return depth, s.leaf(a.with, idx, step, s.stack[depth-1], true)
	case addition:
		s.adder.add(s.stack[depth-2], s.stack[depth-1])
		return depth - 1, nil
	case sending:
		return depth - 1, send(s.group, a.with, bytesOf(s.stack[depth-1]))
	default:
		if err := receive(s.group, a.with, bytesOf(s.spare)); err != nil {
			return depth, err
		}
		s.adder.add(s.stack[depth-1], s.spare)
		return depth, nil
	}
}

// leaf computes the gradient of one shard and its loss.
func (s *sharded[F]) leaf(shard int, idx []int, step int, sum []F, added bool) error {
	rank, n := s.group.Rank(), len(idx)
	loss := &s.notes[shard+rank]
	*loss = 0
	part := idx[shard*n/s.shards : (shard+1)*n/s.shards]
	if len(part) == 0 {
		if !added {
			clear(sum)
		}
		return nil
	}
	l, err := s.run(part, n, step, shard)
	if err != nil {
		return fmt.Errorf("shard %d of %d: %w", shard+1, s.shards, err)
	}
	if *loss, err = number(l.machine.Value(l.graph.Loss)); err != nil {
		return err
	}
	return s.adder.take(l, sum, added)
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
	if err := gather(s.group, bytesOf(s.notes), func(rank int) int { return 8 * end(rank) }); err != nil {
		return 0, false, err
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
	if len(x) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&x[0])), len(x)*int(unsafe.Sizeof(x[0])))
}
