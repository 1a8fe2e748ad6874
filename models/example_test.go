package models_test

import (
	"fmt"

	"symgrad/models"
)

func ExampleSequential() {
	net, err := models.Sequential([]int{1, 28, 28},
		models.Conv2D{Maps: 10, Kernel: 5}, models.Sigmoid(), models.MaxPool{Size: 2},
		models.Flatten{},
		models.Dense{Out: 10},
	).New(models.NewRand(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(net)
	// Output:
	// sequential: input 1x28x28
	//   conv1        conv 10@5x5            10x24x24         260 parameters
	//   sigmoid1     sigmoid                10x24x24
	//   pool1        max-pool 2x2           10x12x12
	//   flatten1     flatten                1440
	//   fc1          dense 10               10             14410 parameters
	//   loss: softmax cross-entropy; 14670 parameters
}

// A training step is one graph: its gradients are nodes, too.
func ExampleNetwork_Training() {
	net, err := models.MLP(784, 128, 10).New(models.NewRand(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	g, err := net.Training(64)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("input", g.Input.Shape(), "loss", g.Loss.Shape())
	for i, p := range g.Params {
		fmt.Println(p.Name(), p.Shape(), "gradient", g.Grads[i].Shape())
	}
	// Output:
	// input (64, 784) loss ()
	// fc1.weight (784, 128) gradient (784, 128)
	// fc1.bias (128) gradient (128)
	// fc2.weight (128, 10) gradient (128, 10)
	// fc2.bias (10) gradient (10)
}

func ExampleParseLayers() {
	layers, err := models.ParseLayers("conv 16@3x3 same, relu, maxpool 2, flatten, dense 64")
	fmt.Println(layers, err)
	_, err = models.ParseLayers("conv 16@3x5")
	fmt.Println(err)
	// Output:
	// [conv 16@3x3 same relu max-pool 2x2 flatten dense 64] <nil>
	// models: layer 1, "conv 16@3x5": want conv MAPS@KxK, then stride N, same or no-bias, such as conv 16@3x3 same
}

// A network for other data than MNIST; what is too deep for it says so.
func ExampleSpec_For() {
	net, err := models.Tutorial().For([]int{3, 32, 32}, 26).New(models.NewRand(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(net.Input, net.Outputs(), net.Size())
	_, err = models.LeNet().For([]int{3, 8, 8}, 26).New(models.NewRand(1))
	fmt.Println(err)
	// Output:
	// [3 32 32] 26 255122
	// models: lenet on input 3x8x8: layer 6, pool2 (max-pool 2x2): window 2x2 is larger than the image 1x1
}
