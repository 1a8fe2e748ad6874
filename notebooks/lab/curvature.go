package lab

import (
	"context"

	"symgrad/train/curvature"
)

// Descend makes steps of plain gradient descent on a loss and returns the loss
// before each. An interrupt ends the cell after the present step.
func Descend(loss *curvature.Loss, steps int, rate float64) []float64 {
	var losses []float64
	Interruptible(func(ctx context.Context) error {
		for i := 0; i < steps && ctx.Err() == nil; i++ {
			now, gradient, err := loss.Gradient()
			if err != nil {
				return err
			}
			at := loss.Point()
			for k, g := range gradient {
				at[k] -= rate * g
			}
			if err := loss.Move(at); err != nil {
				return err
			}
			losses = append(losses, now)
		}
		return ctx.Err()
	})
	return losses
}
