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
classify tells which digit each picture shows: a photo, scan or drawing (PNG,
JPEG, GIF, WebP, BMP or TIFF; - reads standard input) of any size and colour,
dark on light or light on dark. What is no digit is called so, and several side
by side are read one by one. A folder stands for the pictures in it. With a
network trained on pictures of your own it tells their class.

  go run ./cmd/classify seven.jpg two.png
  go run ./cmd/classify -why seven.jpg                           and draws why, seven.jpg.why.png
  go run ./cmd/classify -json photos                             one JSON object a line, with what could not be read
  go run ./cmd/classify -model out/best.safetensors seven.jpg    a network of your own (train-cnn -out out)
  go run ./cmd/classify -model pets/best.safetensors cat.webp    its classes too (train-cnn -data DIR -out pets)`

func main() { os.Exit(app.Main("classify", run)) }

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var set flag.FlagSet
	model := set.String("model", "", "checkpoint of a network for digits of 28x28, or of one trained on a folder of pictures; default: the built-in one")
	asJSON := set.Bool("json", false, "print one JSON object a line, failures too")
	why := set.Bool("why", false, "draw what each answer hangs on, beside the picture: FILE.why.png; a file that is there already is left alone")
	whyOut := set.String("why-out", "", "draw it, in this directory")
	if err := app.ParseArgs("classify", about, &set, args, stderr); err != nil {
		return err
	}
	if set.NArg() == 0 {
		return app.Usage(errors.New("no image given"))
	}
	net, see, classes, err := load(*model)
	if err != nil {
		return err
	}
	predictor, err := train.NewPredictor(net, 1, nil)
	if err != nil {
		return err
	}
	defer predictor.Close()
	var because *explainer
	if *why || *whyOut != "" {
		if because, err = newExplainer(net, classes, *whyOut); err != nil {
			return err
		}
		defer because.Close()
	}
	all := pictures(set.Args())
	out, from := newPrinter(stdout, app.Columns(stdout), *asJSON, all, classes), &files{stdin: os.Stdin}
	var failures []error
	for _, p := range all {
		if err := ctx.Err(); err != nil {
			return err
		}
		answer, drawing, err := classify(ctx, predictor, see, from, p)
		if err == nil && because != nil {
			if answer.why, err = because.draw(ctx, p.name, drawing, answer); ctx.Err() != nil {
				return ctx.Err()
			}
		}
		if err == nil {
			err = out.print(p.name, answer)
		} else {
			failures = append(failures, err)
			err = out.failure(p.name, err)
		}
		if err != nil {
			return err
		}
	}
	if len(failures) < 2 {
		return errors.Join(failures...)
	}
	for _, err := range failures {
		fmt.Fprintf(stderr, "classify: %v\n", err)
	}
	return fmt.Errorf("%d of %d images were not classified", len(failures), len(all))
}

func classify(ctx context.Context, predictor *train.Predictor, see eye, from *files, p picture) (answer, digit.Drawing, error) {
	if p.err != nil {
		return answer{}, digit.Drawing{}, p.err
	}
	file, err := from.open(p.name)
	if err != nil {
		return answer{}, digit.Drawing{}, err
	}
	defer file.Close()
	drawing, err := see(ctx, file, p.name)
	if err != nil {
		return answer{}, digit.Drawing{}, err
	}
	ask := func(pixels []float64) (train.Prediction, error) {
		answers, err := predictor.Predict(pixels)
		if err != nil {
			return train.Prediction{}, err
		}
		return answers[0], nil
	}
	whole, err := ask(drawing.Pixels)
	if err != nil {
		return answer{}, digit.Drawing{}, err
	}
	digits, err := pretrained.Several(drawing, whole, ask)
	return answer{Prediction: whole, digits: digits}, drawing, err
}
