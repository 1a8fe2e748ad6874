// Package train fits the networks of package models to data: a loop that the
// caller can break, optimisers, learning-rate schedules, evaluation and
// prediction.
//
//	for epoch, err := range train.Epochs(ctx, net, set, train.Config{Optimizer: train.Nesterov(0.9), Schedule: train.Cosine(), Test: test}) {
//		if err != nil {
//			return err
//		}
//		fmt.Println(epoch)
//		if epoch.Test.Accuracy > 0.98 {
//			break // early stopping
//		}
//	}
//
// Same seed, same bits: shuffling and dropout draw from Config.Seed alone, and
// results do not depend on the number of workers.
package train
