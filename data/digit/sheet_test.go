package digit_test

import (
	"math/rand/v2"
	"os"
	"testing"

	"symgrad/data/digit/photo"
)

// A desk about the paper and rules on it go away; what is left is the digit.
func TestDesksAndRules(t *testing.T) {
	photos := 5
	if os.Getenv("LONG") != "" {
		photos = 20
	}
	set := digits(t)
	for name, kind := range map[string]func(*rand.Rand) photo.Photo{
		"desk": photo.OnDesk, "squares": photo.Squared, "squares on a desk": photo.SquaredOnDesk,
	} {
		good := 0
		for i := range photos {
			r := rand.New(rand.NewPCG(21, uint64(i)))
			got, err := found(kind(r).Of(set, i))
			if err != nil {
				t.Logf("%s: %v", name, err)
				continue
			}
			wellPlaced(t, got)
			if alike(got, original(set, i)) < 0.08 {
				good++
			}
		}
		t.Logf("%s: %d of %d photos", name, good, photos)
		if good < photos*9/10 {
			t.Errorf("%s: %d of %d photos came out as the digit that is on them", name, good, photos)
		}
	}
}
