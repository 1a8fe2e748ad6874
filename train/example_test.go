package train_test

import (
	"context"
	"fmt"

	"symgrad/data"
	"symgrad/data/mnist"
	"symgrad/data/truth"
	"symgrad/models"
	"symgrad/train"
)

// The README's program: a multi-layer perceptron on MNIST, until it is good enough.
func ExampleEpochs() {
	training, test, err := mnist.Load()
	if err != nil {
		fmt.Println(err)
		return
	}
	net, err := models.MLP(784, 128, 10).New(models.NewRand(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	cfg := train.Config{Optimizer: train.Nesterov(0.9), Schedule: train.Cosine(), Seed: 1, Test: test}
	for epoch, err := range train.Epochs(context.Background(), net, training, cfg) {
		if err != nil {
			fmt.Println(err)
			return
		}
		if epoch.Test.Accuracy > 0.95 {
			fmt.Printf("more than 95 %% of the test images after epoch %d\n", epoch.Number)
			break
		}
	}
	pixels := make([]float64, 784)
	data.Gather(test, []int{0}, pixels, nil)
	answer, err := train.Predict(net, pixels)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("the first test image is a", answer.Class)
	// Output:
	// more than 95 % of the test images after epoch 1
	// the first test image is a 7
}

// Steps can be made one by one, and the gradients be looked at.
func ExampleNewTrainer() {
	net, err := models.Neuron(3).New(models.NewRand(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	trainer, err := train.NewTrainer(net, truth.NeuronRows(), train.Config{Batch: 4, Rate: 1, Ordered: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer trainer.Close()
	for range 10000 {
		if _, err := trainer.Step(); err != nil {
			fmt.Println(err)
			return
		}
	}
	answer, err := train.Predict(net, []float64{1, 0, 0})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.3f, %d gradients of %s\n", answer.Probabilities[0], len(trainer.Gradients()[0]), net.Params[0].Name)
	// Output: 1.000, 3 gradients of fc1.weight
}

func ExampleEvaluate() {
	net, err := models.NeuronWithBias(3).New(models.NewRand(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, err := range train.Epochs(context.Background(), net, truth.NeuronRows(), train.Config{Epochs: 1000, Batch: 4, Rate: 1}) {
		if err != nil {
			fmt.Println(err)
			return
		}
	}
	result, err := train.Evaluate(context.Background(), net, truth.AllInputs())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.Accuracy)
	fmt.Println(result.Confusion)
	// Output:
	// 1
	// label\answer     0     1
	//            0     4     0
	//            1     0     4
}
