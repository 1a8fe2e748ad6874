package own

import (
	"context"
	"time"

	"symgrad/cmd/bench/internal/timing"
	"symgrad/models"
	"symgrad/train"
)

// Point is one size of something and what it takes.
type Point struct {
	Size, Seconds float64
	Work          float64 // multiply-adds, or anything proportional to them
}

// Curve is a cost against a size.
type Curve struct {
	Name   string
	Points []Point
}

// Study is a few curves of one kind.
type Study struct {
	Name, Title, Size string
	Curves            []Curve
}

// Scaling measures how the cost of training grows with the batch, the width of
// a hidden layer and the number of images.
func (s Setting) Scaling(ctx context.Context, models []string, images *Images) ([]Study, error) {
	batch := Study{Name: "batch", Title: "One training step", Size: "images in the batch"}
	count := Study{Name: "images", Title: "One epoch of training, batch 64", Size: "images in the training set"}
	for _, model := range models {
		s := s
		if s.Model = model; model == Neuron {
			continue
		}
		byBatch, err := s.byBatch(ctx, images)
		if err != nil {
			return nil, err
		}
		byImages, err := s.byImages(ctx, images)
		if err != nil {
			return nil, err
		}
		batch.Curves, count.Curves = append(batch.Curves, byBatch), append(count.Curves, byImages)
	}
	byWidth, err := s.byWidth(ctx, images)
	if err != nil {
		return nil, err
	}
	width := Study{Name: "width", Title: "One training step of 784-width-10, batch 64", Size: "width of the hidden layer", Curves: []Curve{byWidth}}
	return []Study{batch, width, count}, nil
}

func (s Setting) byBatch(ctx context.Context, images *Images) (Curve, error) {
	c := Curve{Name: s.Model}
	for s.Batch = 1; s.Batch <= 4096; s.Batch *= 2 {
		r, err := s.Train(ctx, images)
		if err != nil {
			return c, err
		}
		c.Points = append(c.Points, Point{float64(s.Batch), float64(s.Batch) / r.Median, float64(s.Batch)})
	}
	return c, nil
}

func (s Setting) byWidth(ctx context.Context, images *Images) (Curve, error) {
	c := Curve{Name: MLP}
	s.Batch = 64
	for width := 32; width <= 4096; width *= 2 {
		net, err := models.MLP(784, width, 10).New(models.NewRand(1))
		if err != nil {
			return c, err
		}
		r, err := s.train(ctx, net, images)
		if err != nil {
			return c, err
		}
		// Forward and the weights' gradient in both layers, the input's in the second.
		work := float64(s.Batch) * float64(2*784*width+3*10*width)
		c.Points = append(c.Points, Point{float64(width), float64(s.Batch) / r.Median, work})
	}
	return c, nil
}

// byImages times whole epochs, the first of which warms up.
func (s Setting) byImages(ctx context.Context, images *Images) (Curve, error) {
	c := Curve{Name: s.Model}
	for _, n := range []int{1000, 2000, 5000, 10_000, 20_000, 60_000} {
		net, err := spec(s.Model).New(models.NewRand(1))
		if err != nil {
			return c, err
		}
		t, err := train.NewTrainer(net, images.training.Head(n), train.Config{Batch: 64, Rate: rate, Machine: train.OwnVM(s.Workers)})
		if err != nil {
			return c, err
		}
		var seconds []float64
		begin := time.Now()
		for epoch := 0; epoch < 2 || epoch <= s.Plan.Chunks && time.Since(begin).Seconds() < float64(s.Plan.Chunks)*s.Plan.Seconds; epoch++ {
			e, err := t.Epoch(ctx)
			if err != nil {
				return c, err
			}
			if epoch > 0 {
				seconds = append(seconds, e.Seconds)
			}
		}
		if err := t.Close(); err != nil {
			return c, err
		}
		c.Points = append(c.Points, Point{float64(n), timing.Of(seconds).Median, float64(n)})
	}
	return c, nil
}
