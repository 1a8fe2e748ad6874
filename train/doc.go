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
// results do not depend on the number of workers. On [OwnVM] they do not depend on
// the processor either: layers, losses and optimisers give the same bits with
// AVX-512, with AVX2 and in plain Go on every platform. Not so TapeMachine, Gorgonia's
// own operators, normal and orthogonal initial weights and [Cosine], which use
// functions of package math whose last bits differ between platforms.
package train
