// Package truth holds the truth tables that the tutorials learn: rows of three
// bits, each with one bit for an answer, in the tutorials' order.
package truth

import "symgrad/data"

// NeuronRows is the four rows of the nine-line neuron: the answer is the first
// input. Milo Spencer-Harper, "How to build a simple neural network in 9 lines
// of Python code" (2015).
func NeuronRows() *data.Set { return table("neuron's rows", "001 0", "111 1", "101 1", "011 0") }

// AllInputs is the eight inputs of three bits in counting order, with the
// neuron's rule for an answer: the first bit.
func AllInputs() *data.Set {
	return table("all inputs", "000 0", "001 0", "010 0", "011 0", "100 1", "101 1", "110 1", "111 1")
}

// FirstBit is the rows of Trask's two-layer network, in his order: the answer
// is the first input. Andrew Trask, "A Neural Network in 11 lines of Python
// (Part 1)" (2015).
func FirstBit() *data.Set { return table("first bit", "001 0", "011 0", "101 1", "111 1") }

// XOR is the rows of Trask's three-layer network: the answer is the exclusive
// or of the first two inputs; the third is always 1. Trask (2015), as for
// [FirstBit].
func XOR() *data.Set { return table("XOR", "001 0", "011 1", "101 1", "111 0") }

// MultiLayerRows is the seven rows of the follow-up on a network of two layers: the
// answer is the exclusive or of the first two inputs; 110 is left to be asked.
// Spencer-Harper, "How to build a multi-layered neural network in Python" (2015).
func MultiLayerRows() *data.Set {
	return table("multi-layer rows", "001 0", "011 1", "101 1", "010 1", "100 1", "111 0", "000 0")
}

// table reads rows of three input bits, a space and one target bit.
func table(name string, rows ...string) *data.Set {
	s := &data.Set{Name: name, Shape: []int{3}, Classes: 1}
	for _, row := range rows {
		for _, bit := range row[:3] {
			s.Values = append(s.Values, float64(bit-'0'))
		}
		s.Targets = append(s.Targets, float64(row[4]-'0'))
	}
	return s
}
