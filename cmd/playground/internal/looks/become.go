package looks

import (
	"context"
	"math"

	"symgrad/train/inspect"
)

const (
	// MostSteps bounds [Pool.Become].
	MostSteps = 150
	// pixelStep is the most that a pixel changes in a step, of 1.
	pixelStep = 0.03
	// persuaded is how probable a class must get.
	persuaded = 0.99
)

// Become changes what is drawn on a picture until the network takes it for a
// class: small steps down the slope of the network's loss for that class, each
// projected on pixels from 0 to 1, [MostSteps] at most. It shows the drawing and
// every step; an error of show ends it. An inspector is taken for each step anew,
// so that others come in between.
func (p *Pool) Become(ctx context.Context, picture []byte, class int, show func(Look) error) error {
	drawing, err := p.decode(ctx, picture)
	if err != nil {
		return err
	}
	pixels := drawing.Pixels
	for step := 0; ; step++ {
		view, slope, err := p.step(ctx, pixels, class)
		if err != nil {
			return err
		}
		if err := show(look(p.net, pixels, view, nil)); err != nil {
			return err
		}
		if step == MostSteps || view.Probabilities[class] >= persuaded {
			return nil
		}
		descend(pixels, slope)
	}
}

// step is what the network makes of pixels, and the slope of its loss.
func (p *Pool) step(ctx context.Context, pixels []float64, class int) (inspect.View, []float64, error) {
	select {
	case d := <-p.free:
		defer func() { p.free <- d }()
		view, err := d.At(pixels, class)
		if err != nil {
			return inspect.View{}, nil, err
		}
		loss, err := d.attacker.Loss(pixels, class)
		return view, loss.Slope, err
	case <-ctx.Done():
		return inspect.View{}, nil, ctx.Err()
	}
}

// descend moves pixels down a slope, the steepest by pixelStep.
func descend(pixels, slope []float64) {
	steepest := 0.0
	for _, s := range slope {
		steepest = max(steepest, math.Abs(s))
	}
	if steepest == 0 {
		return
	}
	for k, s := range slope {
		pixels[k] = min(max(pixels[k]-pixelStep*s/steepest, 0), 1)
	}
}
