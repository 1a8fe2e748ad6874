package pretrained_test

import (
	"image"
	"image/draw"
	"strings"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// The README says that letters which look like a digit are read as that digit. All
// others are refused, nine in ten at least.
func TestLettersThatLookLikeDigits(t *testing.T) {
	t.Parallel()
	ask := reader(t)
	letters := "DOoiZzSsGbg"
	if !long() {
		letters = "OiZS"
	}
	resembles := map[rune]string{'D': "0", 'O': "0", 'o': "0", 'i': "1", 'Z': "2", 'z': "2", 'S': "5", 's': "5", 'G': "6", 'b': "68", 'g': "69"}
	for i, letter := range letters {
		for name, ttf := range map[string][]byte{"regular": goregular.TTF, "mono": gomono.TTF} {
			if answer := read(t, ask, printed(t, ttf, letter, 60+2*i)); answer == "" || !strings.Contains(resembles[letter], answer) {
				t.Errorf("%c of Go %s is read as %q, want one of %s", letter, name, answer, resembles[letter])
			}
		}
	}
	if !long() {
		return
	}
	refused, others := 0, "ACEFHJKLMNPQRTVWXYacefhkmnprtuvwxy"
	for i, letter := range others {
		if read(t, ask, printed(t, gomono.TTF, letter, 60+i%9)) == "" {
			refused++
		}
	}
	wanted(t, "other printed letters refused", 100*float64(refused)/float64(len(others)), 90)
}

// printed is a letter in black on a white sheet, as it is in a font.
func printed(t *testing.T, ttf []byte, letter rune, size int) image.Image {
	t.Helper()
	f, err := opentype.Parse(ttf)
	if err != nil {
		t.Fatal(err)
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: float64(size), DPI: 72})
	if err != nil {
		t.Fatal(err)
	}
	sheet := image.NewGray(image.Rect(0, 0, side, side))
	draw.Draw(sheet, sheet.Rect, image.White, image.Point{}, draw.Src)
	(&font.Drawer{Dst: sheet, Src: image.Black, Face: face, Dot: fixed.P(45, 90)}).DrawString(string(letter))
	return sheet
}
