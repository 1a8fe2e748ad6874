package vm

import "testing"

// What is held is packed once a run has packed it: not where that failed halfway.
func TestHeldOncePacked(t *testing.T) {
	held := &slot[float32]{held: 1}
	h := &heldOperand[float32]{slot: held, strips: make([]float32, 96), packed: make([]int, 3)}
	for hold := 1; hold < 3; hold++ {
		held.held = hold
		for look, want := range []bool{false, false, true} {
			strips, packed := h.at(32)
			if len(strips) != 96 || packed != want {
				t.Errorf("hold %d, look %d: packed %v", hold, look, packed)
			}
			if look == 1 {
				h.keep(32)
			}
		}
	}
	if _, packed := h.at(16); packed {
		t.Error("columns that no run has packed")
	}
}
