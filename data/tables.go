package data

// NeuronRows are the four rows of the nine-line neuron: the answer is the first
// input. Milo Spencer-Harper (2015).
func NeuronRows() *Set {
	return table("neuron's rows", 1, "001 0", "111 1", "101 1", "011 0")
}

// AllInputs are the eight inputs of three bits, with the neuron's rule for an
// answer: the first bit.
func AllInputs() *Set {
	return table("all inputs", 1, "000 0", "001 0", "010 0", "011 0", "100 1", "101 1", "110 1", "111 1")
}

// XOR is the first two bits' exclusive or, beside a third that is always 1.
// Andrew Trask, "A Neural Network in 11 lines of Python" (2015), part 2.
func XOR() *Set { return table("XOR", 1, "001 0", "011 1", "101 1", "111 0") }

// FirstBit is Trask's first table, in his order: the answer is the first bit.
func FirstBit() *Set { return table("first bit", 1, "001 0", "011 0", "101 1", "111 1") }

// MultiLayerRows are the seven rows of Spencer-Harper's multi-layer follow-up.
func MultiLayerRows() *Set {
	return table("multi-layer rows", 1, "001 0", "011 1", "101 1", "010 1", "100 1", "111 0", "000 0")
}

// table reads rows of bits, inputs and targets apart by a space.
func table(name string, classes int, lines ...string) *Set {
	s := &Set{Name: name, Classes: classes}
	for _, line := range lines {
		s.Shape = []int{len(line) - 1 - classes}
		for i, c := range line {
			switch {
			case c == ' ':
			case i < s.Shape[0]:
				s.Values = append(s.Values, float64(c-'0'))
			default:
				s.Targets = append(s.Targets, float64(c-'0'))
			}
		}
	}
	return s
}
