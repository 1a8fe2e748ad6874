package truth_test

import (
	"slices"
	"testing"

	"symgrad/data"
	"symgrad/data/truth"
)

// The rules that the tutorials hide in their tables.
func TestTablesFollowTheirRules(t *testing.T) {
	first := func(bits []float64) bool { return bits[0] == 1 }
	xor := func(bits []float64) bool { return bits[0] != bits[1] }
	for _, c := range []struct {
		set  *data.Set
		rows int
		rule func([]float64) bool
	}{
		{truth.NeuronRows(), 4, first}, {truth.AllInputs(), 8, first}, {truth.FirstBit(), 4, first}, {truth.XOR(), 4, xor}, {truth.MultiLayerRows(), 7, xor},
	} {
		if err := c.set.Validate(); err != nil {
			t.Error(err)
		}
		if c.set.Len() != c.rows || c.set.Size() != 3 || c.set.Classes != 1 {
			t.Errorf("%s: %d rows of %d to %d", c.set.Name, c.set.Len(), c.set.Size(), c.set.Classes)
		}
		seen := map[[3]float64]bool{}
		for i := range c.set.Len() {
			bits := c.set.Values[3*i : 3*i+3]
			seen[[3]float64(bits)] = true
			if (c.set.Targets[i] == 1) != c.rule(bits) || c.set.Targets[i] != 0 && c.set.Targets[i] != 1 {
				t.Errorf("%s: %v -> %v", c.set.Name, bits, c.set.Targets[i])
			}
		}
		if len(seen) != c.rows {
			t.Errorf("%s: a row stands twice", c.set.Name)
		}
	}
}

// Full-batch sums depend on the order of rows in their last bits, and the
// published digits on those sums.
func TestTablesAreInTheTutorialsOrder(t *testing.T) {
	for _, c := range []struct {
		set  *data.Set
		want []int // rows, read as binary numbers
	}{
		{truth.NeuronRows(), []int{1, 7, 5, 3}},
		{truth.AllInputs(), []int{0, 1, 2, 3, 4, 5, 6, 7}},
		{truth.FirstBit(), []int{1, 3, 5, 7}},
		{truth.XOR(), []int{1, 3, 5, 7}},
		{truth.MultiLayerRows(), []int{1, 3, 5, 2, 4, 7, 0}},
	} {
		var got []int
		for row := range slices.Chunk(c.set.Values, 3) {
			got = append(got, int(4*row[0]+2*row[1]+row[2]))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.set.Name, got, c.want)
		}
	}
}
