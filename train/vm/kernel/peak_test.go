package kernel

import "testing"

func TestPeakCountsOperations(t *testing.T) {
	one := Peak(1)
	if useAVX2 != (one == 384) || Peak(10) != 10*one || Peak(0) != 0 {
		t.Errorf("one round counts %g, ten %g, none %g", one, Peak(10), Peak(0))
	}
}
