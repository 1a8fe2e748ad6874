package own_test

import (
	"context"
	"errors"
	"testing"

	"symgrad/cmd/bench/internal/own"
	"symgrad/cmd/bench/internal/timing"
)

// brief is a plan for looking whether something runs at all.
var brief = timing.Plan{Chunks: 1, Seconds: 1e-4}

// TestNeuronAnswers: the measured training is the tutorial's, which Neuron
// checks by itself.
func TestNeuronAnswers(t *testing.T) {
	if step, err := (own.Setting{Model: own.Neuron, Workers: 1, Plan: brief}).Neuron(context.Background()); err != nil || step.Median <= 0 {
		t.Errorf("%v, %v", step, err)
	}
}

func TestEveryKernelRuns(t *testing.T) {
	all, err := own.Kernels()
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range all {
		if r, err := k.Rate(context.Background(), brief); err != nil || r.Median <= 0 {
			t.Errorf("%s: %v, %v", k.Name, r, err)
		}
	}
}

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	images, err := own.LoadImages()
	if err != nil {
		t.Fatal(err)
	}
	s := own.Setting{Model: own.MLP, Batch: 64, Workers: 1, Plan: brief}
	_, trained := s.Train(ctx, images)
	_, predicted := s.Predict(ctx, images)
	_, stepped := s.Neuron(ctx)
	_, scaled := s.Scaling(ctx, own.Models(), images)
	for _, err := range []error{trained, predicted, stepped, scaled} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	}
}
