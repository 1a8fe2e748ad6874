// Command draw-letters draws a set of pictures to train on: letters in colour.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"image/png"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"

	"symgrad/cmd/internal/app"
	"symgrad/data/letters"
)

const about = `
draw-letters draws the letters A to Z in Go's own fonts, turned, sheared and in
colours that chance decides, into a folder for each:

  go run ./cmd/draw-letters -out letters     letters/train/A/0000.png, ..., letters/test/Z/0049.png
  go run ./cmd/train-cnn -data letters -net lenet     learns them`

func main() { os.Exit(app.Main("draw-letters", run)) }

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var set flag.FlagSet
	out := set.String("out", "letters", "directory to draw into")
	each := set.Int("each", 300, "pictures of each letter for training; a sixth as many for testing")
	size := set.Int("size", 32, "height and width of a picture")
	seed := set.Uint64("seed", 1, "decides every picture")
	if err := app.Parse("draw-letters", about, &set, args, stderr); err != nil {
		return err
	}
	if *each < 6 || *size < 8 || *size > 128 {
		return app.Usage(fmt.Errorf("-each %d, -size %d: want 6 pictures at least, of 8 to 128 pixels a side", *each, *size))
	}
	pen, err := letters.NewPen()
	if err != nil {
		return err
	}
	encoder, total := png.Encoder{CompressionLevel: png.BestSpeed}, 0
	for part, count := range map[string]int{"train": *each, "test": *each / 6} {
		for _, letter := range letters.Alphabet {
			if err := ctx.Err(); err != nil {
				return err
			}
			dir := filepath.Join(*out, part, string(letter))
			if err := os.MkdirAll(dir, 0o755); err != nil {
				return err
			}
			r := rand.New(rand.NewPCG(*seed, uint64(letter)<<8+uint64(part[1])))
			for i := range count {
				var b bytes.Buffer
				if err := encoder.Encode(&b, pen.Draw(letter, *size, r)); err != nil {
					return err
				}
				if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%04d.png", i)), b.Bytes(), 0o644); err != nil {
					return err
				}
				total++
			}
		}
	}
	fmt.Fprintf(stdout, "%d pictures of %d x %d pixels in %s\n", total, *size, *size, *out)
	return nil
}
