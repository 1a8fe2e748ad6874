package lab

import (
	"context"

	"symgrad/data"
	"symgrad/models"
	"symgrad/train"
)

// Learn makes steps of plain gradient descent on a whole truth table, as the
// tutorials do, and returns the loss before each. An interrupt ends the cell
// after the present step.
func Learn(net *models.Network, set *data.Set, steps int, rate float64) []float64 {
	var losses []float64
	Interruptible(func(ctx context.Context) error {
		t, err := train.NewTrainer(net, set, train.Config{Batch: set.Len(), Ordered: true, Rate: rate})
		if err != nil {
			return err
		}
		defer t.Close()
		for i := 0; i < steps && ctx.Err() == nil; i++ {
			s, err := t.Step()
			if err != nil {
				return err
			}
			losses = append(losses, s.Loss)
		}
		return ctx.Err()
	})
	return losses
}

// Outputs runs a network on inputs given one after the other and returns the
// output of its last layer for each.
func Outputs(net *models.Network, inputs []float64) []float64 {
	layers := Layers(net, inputs)
	return layers[len(layers)-1].Values
}

// Layers runs a network on inputs given one after the other and returns the
// output of every layer.
func Layers(net *models.Network, inputs []float64) []train.LayerOutput {
	layers, err := train.Layers(net, inputs)
	Check(err)
	return layers
}

// Gradients returns the gradients of a network's loss on a batch of examples of
// a set, one slice a parameter.
func Gradients(net *models.Network, set *data.Set, batch int) [][]float64 {
	copied, err := net.As(net.Dtype)
	Check(err)
	t, err := train.NewTrainer(copied, set.Head(batch), train.Config{Batch: batch, Ordered: true, Rate: 1e-9})
	Check(err)
	defer t.Close()
	_, err = t.Step()
	Check(err)
	return t.Gradients()
}

// Network is a spec with weights drawn from a seed.
func Network(spec models.Spec, seed uint64) *models.Network {
	net, err := spec.New(models.NewRand(seed))
	Check(err)
	return net
}

// TutorialNetwork is a spec with weights from the random numbers that the Python
// tutorials draw, numpy's with seed 1.
func TutorialNetwork(spec models.Spec) *models.Network {
	net, err := spec.New(models.NewNumPyRand(1))
	Check(err)
	return net
}
