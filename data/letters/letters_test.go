package letters_test

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"symgrad/data/letters"
)

// A seed decides every pixel, and no two pictures are alike.
func TestASeedDecidesPictures(t *testing.T) {
	pen, err := letters.NewPen()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, letter := range letters.Alphabet {
		r, again := rand.New(rand.NewPCG(1, 2)), rand.New(rand.NewPCG(1, 2))
		for range 4 {
			a, b := pen.Draw(letter, 32, r), pen.Draw(letter, 32, again)
			if a.Rect.Dx() != 32 || a.Rect.Dy() != 32 || !a.Opaque() || !bytes.Equal(a.Pix, b.Pix) || seen[string(a.Pix)] {
				t.Fatalf("a picture of %c is %v, not opaque, another with the same seed, or there already", letter, a.Rect)
			}
			seen[string(a.Pix)] = true
		}
	}
}
