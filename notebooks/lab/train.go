package lab

import (
	"context"
	"errors"
	"fmt"

	"symgrad/data"
	"symgrad/models"
	"symgrad/train"
)

// Train trains net on a set for the epochs of the configuration, and returns
// them. An interrupt ends the cell after the present step; the network keeps
// the weights that it has by then.
func Train(net *models.Network, set *data.Set, cfg train.Config) []train.Epoch {
	var epochs []train.Epoch
	Each(net, set, cfg, func(e train.Epoch) bool {
		epochs = append(epochs, e)
		return true
	})
	return epochs
}

// Each is [Train] that calls f after every epoch, and stops where f returns
// false:
//
//	lab.Each(net, set, cfg, func(e train.Epoch) bool {
//		fmt.Println(e)
//		return e.Test.Accuracy < 0.98
//	})
func Each(net *models.Network, set *data.Set, cfg train.Config, f func(train.Epoch) bool) {
	done := 0
	err := interruptible(func(ctx context.Context) error {
		for e, err := range train.Epochs(ctx, net, set, cfg) {
			if err != nil {
				return err
			}
			done++
			if !f(e) {
				break
			}
		}
		return nil
	})
	if errors.Is(err, errInterrupted) {
		err = fmt.Errorf("training was interrupted in epoch %d; the network keeps its weights", done+1)
	}
	Check(err)
}

// Evaluate runs a network on a set once.
func Evaluate(net *models.Network, set *data.Set) train.Result {
	var r train.Result
	Interruptible(func(ctx context.Context) (err error) {
		r, err = train.Evaluate(ctx, net, set)
		return err
	})
	return r
}
