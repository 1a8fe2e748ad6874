// Package sketch draws with a round pen: digits, and what is no digit, such as
// letters, shapes, scribbles and cats. A network learns from some of it what to
// refuse, and is tried on the rest.
//
//	for _, f := range sketch.NoDigits() {
//		img := f.Draw(r, 64) // white on black, 64 x 64
//	}
//
// Chance bends every stroke, and chooses the pen's width, size, slant and turn; a
// source of random numbers decides every pixel.
package sketch
