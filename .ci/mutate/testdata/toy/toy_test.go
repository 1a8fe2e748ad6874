package toy

import "testing"

func TestClamp(t *testing.T) {
	for x, want := range map[int]int{1: 2, 2: 2, 3: 3, 4: 4, 5: 4} {
		if got := Clamp(x, 2, 4); got != want {
			t.Errorf("Clamp(%d) = %d, want %d", x, got, want)
		}
	}
}

func TestAll(t *testing.T) {
	if !All(true, true, true) || All(true, false, true) || All(true, true, false) || All(false, false, true) {
		t.Error("not all")
	}
}

func TestSum(t *testing.T) {
	if Sum([]int{1, 2}) != 3 {
		t.Error("1 + 2 is not 3")
	}
}
