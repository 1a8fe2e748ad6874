package train

import "slices"

// The gradient of a batch that is cut into shards is summed along one binary
// tree over the shards: the middle of lo..hi is (lo+hi)/2. Which process
// computes a shard, and thus how many there are, changes nothing about the
// order of the additions.

// MostShards bounds how many shards there may be: each has its part of the plan
// and a loss in memory.
const MostShards = 1 << 16

// owner is the process that computes a shard: each has neighbouring ones, as
// many as the others or one more.
func owner(shard, shards, size int) int { return ((shard+1)*size - 1) / shards }

// firstOf is the first shard of a process.
func firstOf(rank, shards, size int) int { return rank * shards / size }

// action is what a process does with its stack of gradient sums.
type action struct {
	kind actionKind
	with int // shard or rank
}

type actionKind int

const (
	leaf      actionKind = iota // computes a shard's gradient onto the stack
	leafAdded                   // computes one and adds it to the sum on top
	addition                    // adds the sum on top to the one below
	sending                     // sends the sum on top away
	reception                   // receives a sum and adds it to the one on top
)

// subtree is what one process does, its plan, for the sum over shards lo to hi-1,
// which the owner of lo has in the end: for that over all shards, rank 0.
func subtree(rank, size, shards, lo, hi int) []action {
	first, last := owner(lo, shards, size), owner(hi-1, shards, size)
	switch {
	case rank < first || rank > last:
		return nil
	case hi-lo == 1:
		return []action{{leaf, lo}}
	}
	mid := (lo + hi) / 2
	actions := append(subtree(rank, size, shards, lo, mid), subtree(rank, size, shards, mid, hi)...)
	switch left, right := first, owner(mid, shards, size); {
	case left == right && hi-mid == 1: // which is this process
		actions[len(actions)-1].kind = leafAdded
	case left == right && rank == left:
		return append(actions, action{kind: addition})
	case rank == right:
		return append(actions, action{sending, left})
	case rank == left:
		return append(actions, action{reception, right})
	}
	return actions
}

// afterLeaves cuts a plan behind its last leaf.
func afterLeaves(plan []action) (leaves, rest []action) {
	n := len(plan)
	for plan[n-1].kind != leaf && plan[n-1].kind != leafAdded {
		n--
	}
	return plan[:n], plan[n:]
}

// firstAdditions counts those that a plan begins with, and gives what comes after.
func firstAdditions(plan []action) (n int, rest []action) {
	for n < len(plan) && plan[n].kind == addition {
		n++
	}
	return n, plan[n:]
}

// sendsEarly tells whether any process sends a sum before its last leaf. Then sums
// travel whole: the parts of two of them would come in another order than the
// one in which they are waited for.
func sendsEarly(size, shards int) bool {
	for rank := range size {
		leaves, _ := afterLeaves(subtree(rank, size, shards, 0, shards))
		if slices.ContainsFunc(leaves, func(a action) bool { return a.kind == sending }) {
			return true
		}
	}
	return false
}
