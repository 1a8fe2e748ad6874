package train

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// The plans of all processes together must add the shards along the one tree.
func TestPlansMakeOneTree(t *testing.T) {
	for shards := 1; shards <= 17; shards++ {
		want := written(0, shards)
		for size := 1; size <= shards; size++ {
			if got := together(t, size, shards); got != want {
				t.Errorf("%d shards, %d processes: %s, want %s", shards, size, got, want)
			}
		}
	}
}

func written(lo, hi int) string {
	if hi-lo == 1 {
		return fmt.Sprint(lo)
	}
	mid := (lo + hi) / 2
	return "(" + written(lo, mid) + "+" + written(mid, hi) + ")"
}

// together runs the plans of all processes until none can go on, with sums
// written out, and returns what rank 0 has.
func together(t *testing.T, size, shards int) string {
	t.Helper()
	plans, stacks := make([][]action, size), make([][]string, size)
	sent := map[[2]int][]string{}
	seen := map[int]int{}
	for rank := range plans {
		plans[rank] = subtree(rank, size, shards, 0, shards)
	}
	for moved := true; moved; {
		moved = false
		for rank := range plans {
			for len(plans[rank]) > 0 {
				a, stack := plans[rank][0], stacks[rank]
				n := len(stack)
				switch a.kind {
				case leaf:
					stack = append(stack, fmt.Sprint(a.with))
					seen[a.with]++
				case leafAdded:
					stack[n-1] = "(" + stack[n-1] + "+" + fmt.Sprint(a.with) + ")"
					seen[a.with]++
				case addition:
					stack = append(stack[:n-2], "("+stack[n-2]+"+"+stack[n-1]+")")
				case sending:
					way := [2]int{rank, a.with}
					sent[way] = append(sent[way], stack[n-1])
					stack = stack[:n-1]
				case reception:
					way := [2]int{a.with, rank}
					if len(sent[way]) == 0 {
						goto next
					}
					stack[n-1] = "(" + stack[n-1] + "+" + sent[way][0] + ")"
					sent[way] = sent[way][1:]
				}
				plans[rank], stacks[rank], moved = plans[rank][1:], stack, true
			}
		next:
		}
	}
	for rank := range plans {
		if len(plans[rank]) > 0 || rank > 0 && len(stacks[rank]) > 0 {
			t.Errorf("%d shards, %d processes: rank %d is left with %v and %v", shards, size, rank, plans[rank], stacks[rank])
		}
	}
	for shard := range shards {
		if seen[shard] != 1 || owner(shard, shards, size) < 0 || shard < firstOf(owner(shard, shards, size), shards, size) || shard >= firstOf(owner(shard, shards, size)+1, shards, size) {
			t.Errorf("%d shards, %d processes: shard %d was computed %d times", shards, size, shard, seen[shard])
		}
	}
	return stacks[0][0]
}

// A plan adds a single shard without a place for it on the stack, and says whether
// a sum travels before the last leaf.
func TestPlansByHand(t *testing.T) {
	for _, c := range []struct {
		rank, size, shards int
		want               string
		early              bool
	}{
		{0, 1, 5, "[{0 0} {1 1} {0 2} {0 3} {1 4} {2 0} {2 0}]", false},
		{1, 2, 3, "[{0 1} {1 2} {3 0}]", false},
		{0, 4, 4, "[{0 0} {4 1} {4 2}]", false},
		{2, 4, 4, "[{0 2} {4 3} {3 0}]", false},
		{1, 3, 5, "[{0 1} {3 0} {0 2} {4 2} {3 0}]", true},
	} {
		if got := fmt.Sprint(subtree(c.rank, c.size, c.shards, 0, c.shards)); got != c.want {
			t.Errorf("rank %d of %d, %d shards: %s, want %s", c.rank, c.size, c.shards, got, c.want)
		}
		if sendsEarly(c.size, c.shards) != c.early {
			t.Errorf("%d processes, %d shards: sends early %v", c.size, c.shards, !c.early)
		}
	}
}

// Buckets hold every parameter once, from the last to the first, and a large one
// alone.
func TestBuckets(t *testing.T) {
	for _, c := range []struct{ sizes, want string }{
		{"[250 10 184320 128 1280 10]", "[[3 6] [2 3] [0 2]]"}, // the tutorial's CNN
		{"[100352 128 1280 10]", "[[1 4] [0 1]]"},
		{"[10 20000 20000 20000 5]", "[[2 5] [0 2]]"},
		{"[40000 40000]", "[[1 2] [0 1]]"},
		{"[10 32768 10]", "[[2 3] [1 2] [0 1]]"},
		{"[5 32767 1]", "[[1 3] [0 1]]"},
		{"[5]", "[[0 1]]"},
	} {
		begins, size := []int{0}, 0
		for _, field := range strings.Fields(strings.Trim(c.sizes, "[]")) {
			n, err := strconv.Atoi(field)
			if err != nil {
				t.Fatal(err)
			}
			size += n
			begins = append(begins, size)
		}
		if got := fmt.Sprint(newPending(begins, bucketLen).buckets); got != c.want {
			t.Errorf("parameters of %s: buckets %s, want %s", c.sizes, got, c.want)
		}
		if got := fmt.Sprint(newPending(begins, size).buckets); got != fmt.Sprintf("[[0 %d]]", len(begins)-1) {
			t.Errorf("parameters of %s: %s, want all in one", c.sizes, got)
		}
	}
}
