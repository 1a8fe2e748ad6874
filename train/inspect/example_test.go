package inspect_test

import (
	"fmt"

	"symgrad/models"
	"symgrad/train/inspect"
)

// What a network makes of an input: its answer, what each layer gave, and which
// inputs the answer hangs on. Here a neuron that answers 1 where x > y.
func ExampleNew() {
	net, err := models.Neuron(2).New(models.NewRand(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := net.Params[0].Set([]float64{2, -2}); err != nil {
		fmt.Println(err)
		return
	}
	inspector, err := inspect.New(net, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer inspector.Close()
	view, err := inspector.At([]float64{0.7, 0.2}, inspect.Answer)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("answer %.4f\n", view.Probabilities)
	for _, layer := range view.Layers {
		fmt.Println(layer.Name, layer.Shape)
	}
	fmt.Printf("d answer / d input %.4f\n", view.Saliency)
	// Output:
	// answer [0.7311]
	// fc1 [1]
	// sigmoid1 [1]
	// d answer / d input [0.3932 -0.3932]
}
