package train

import (
	"fmt"
	"strings"

	"symgrad/data"
	"symgrad/train/vm/kernel/vec"
)

// Confusion counts answers: Confusion[label][answer].
type Confusion [][]int

// NewConfusion is the empty matrix for a number of classes.
func NewConfusion(classes int) Confusion {
	c := make(Confusion, classes)
	for i := range c {
		c[i] = make([]int, classes)
	}
	return c
}

// Add counts one answer.
func (c Confusion) Add(label, answer int) { c[label][answer]++ }

// Accuracy is the share of right answers; 0 for no answers.
func (c Confusion) Accuracy() float64 {
	right, all := 0, 0
	for i, row := range c {
		for j, n := range row {
			all += n
			if i == j {
				right += n
			}
		}
	}
	if all == 0 {
		return 0
	}
	return float64(right) / float64(all)
}

// String is the matrix as text, a row a label.
func (c Confusion) String() string {
	var b strings.Builder
	b.WriteString("label\\answer")
	for j := range c {
		fmt.Fprintf(&b, " %5d", j)
	}
	for i, row := range c {
		fmt.Fprintf(&b, "\n%12d", i)
		for _, n := range row {
			fmt.Fprintf(&b, " %5d", n)
		}
	}
	return b.String()
}

// classes is how many answers there are: with one output, no or yes.
func classes(set *data.Set) int { return max(set.Classes, 2) }

// truth is the right answer of example i.
func truth(set *data.Set, i int) int {
	if set.Labels != nil {
		return set.Labels[i]
	}
	return decide(set.Targets[i*set.Classes : (i+1)*set.Classes])
}

// answers is the decision for each row of a network's output.
func answers(output any, width int) []int {
	var out []int
	row := make([]float64, width)
	values(output, func(i int, v float64) bool {
		row[i%width] = v
		if i%width == width-1 {
			out = append(out, decide(row))
		}
		return true
	})
	return out
}

// decide is the index of the first largest number or, for a single one, whether
// it is above one half.
func decide[F float32 | float64](row []F) int {
	if len(row) == 1 {
		if row[0] > 0.5 {
			return 1
		}
		return 0
	}
	var best [1]int
	vec.Argmax(best[:], row, len(row))
	return best[0]
}
