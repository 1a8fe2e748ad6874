package models_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unicode"

	"symgrad/models"
)

// Any text is one clear line of error, or layers that are printed as they were
// read, and that fit an image or say why they do not.
func FuzzParseLayers(f *testing.F) {
	for _, text := range []string{"", "conv 16@3x3 same, relu, max-pool 2x2, flatten, dense 64 no-bias, dropout 0.5", "maxpool 2 stride 1,mean-pool 3", "leaky-relu 0.2,leaky-relu,softmax",
		"dense 99999999999999999999", "dense 9223372036854775807, dense 9223372036854775807", "conv 1@9223372036854775807 stride 9223372036854775807 same", "dropout NaN", "dropout 1e400", "conv 8@3x5", "\x1b[2J", "tanh,\n,sigmoid"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		layers, err := models.ParseLayers(text)
		if err != nil {
			clear(t, err, 2*len(text)*len(`\U0010ffff`)+300)
			return
		}
		var again []string
		for _, l := range layers {
			again = append(again, fmt.Sprint(l))
		}
		if two, err := models.ParseLayers(strings.Join(again, ",")); err != nil || !reflect.DeepEqual(fmt.Sprint(two), fmt.Sprint(layers)) {
			t.Fatalf("%q was read as %v and again as %v, %v", text, layers, two, err)
		}
		shape := []int{3, 32, 32}
		for _, l := range layers {
			out, err := l.Shape(shape)
			if err != nil {
				clear(t, err, 1000)
				return
			}
			for _, d := range out {
				if d < 1 {
					t.Fatalf("%v makes %v of %v", l, out, shape)
				}
			}
			shape = out
		}
	})
}

// clear checks that an error is one line that can be shown, and not too long.
func clear(t *testing.T, err error, most int) {
	t.Helper()
	for _, r := range err.Error() {
		if !unicode.IsPrint(r) {
			t.Fatalf("the error has %q in it: %q", r, err)
		}
	}
	if len(err.Error()) > most {
		t.Fatalf("an error of %d bytes: %.200q", len(err.Error()), err)
	}
}
