// Command classify tells which digit a photo, scan or drawing shows.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"symgrad/cmd/internal/app"
	"symgrad/cmd/internal/pretrained"
	"symgrad/data/digit"
	"symgrad/train"
)

const about = `
classify tells which digit each image shows: a photo, scan or drawing (PNG, JPEG
or GIF; - reads standard input) of one digit, of any size and colour, dark on
light or light on dark.

  go run ./cmd/classify seven.jpg two.png
  go run ./cmd/classify -json *.png                              one JSON object a line
  go run ./cmd/classify -model out/best.safetensors seven.jpg    a network of your own (train-cnn -out out)`

func main() { os.Exit(app.Main("classify", run)) }

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var set flag.FlagSet
	model := set.String("model", "", "checkpoint of a network for 28x28 images; default: the built-in one")
	asJSON := set.Bool("json", false, "print one JSON object a line")
	if err := app.ParseArgs("classify", about, &set, args, stderr); err != nil {
		return err
	}
	if set.NArg() == 0 {
		return app.Usage(errors.New("no image given"))
	}
	net, err := pretrained.Load(*model)
	if err != nil {
		return err
	}
	predictor, err := train.NewPredictor(net, 1, nil)
	if err != nil {
		return err
	}
	defer predictor.Close()
	out := newPrinter(stdout, *asJSON, set.Args())
	var failures []error
	for _, path := range set.Args() {
		if err := ctx.Err(); err != nil {
			return err
		}
		answer, err := classify(predictor, path)
		if err == nil {
			err = out.print(path, answer)
		}
		if err != nil {
			failures = append(failures, err)
		}
	}
	switch {
	case len(failures) < 2:
		return errors.Join(failures...)
	default:
		for _, err := range failures {
			fmt.Fprintf(stderr, "classify: %v\n", err)
		}
		return fmt.Errorf("%d of %d images were not classified", len(failures), set.NArg())
	}
}

func classify(p *train.Predictor, path string) (train.Prediction, error) {
	file := os.Stdin
	if path != "-" {
		var err error
		if file, err = os.Open(path); err != nil {
			return train.Prediction{}, err
		}
		defer file.Close()
	}
	pixels, err := digit.Read(file, path, digit.Limits{})
	if err != nil {
		return train.Prediction{}, err
	}
	answers, err := p.Predict(pixels)
	if err != nil {
		return train.Prediction{}, err
	}
	return answers[0], nil
}
