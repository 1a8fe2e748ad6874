package vm

import (
	"slices"
	"testing"
)

func TestMergedAxes(t *testing.T) {
	for _, c := range []struct{ shape, steps, to, by []int }{
		{[]int{2, 3, 4}, []int{12, 4, 1}, []int{24}, []int{1}},
		{[]int{2, 3, 4}, []int{4, 8, 1}, []int{2, 3, 4}, []int{4, 8, 1}},
		{[]int{2, 3, 4}, []int{1, 8, 2}, []int{2, 12}, []int{1, 2}},
		{[]int{2, 1, 4}, []int{4, 0, 1}, []int{8}, []int{1}},
		{[]int{1, 5, 1}, []int{9, 3, 7}, []int{5}, []int{3}},
		{[]int{1, 1}, []int{1, 1}, nil, nil},
	} {
		to, by := merged(c.shape, c.steps)
		if !slices.Equal(to, c.to) || !slices.Equal(by, c.by) {
			t.Errorf("axes %v by %v merge to %v by %v, want %v by %v", c.shape, c.steps, to, by, c.to, c.by)
		}
	}
}
