package onnx_test

import (
	"bytes"
	"fmt"

	"symgrad/models"
	"symgrad/models/onnx"
)

func ExampleExport() {
	net, err := models.MLP(784, 128, 10).New(models.NewRand(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	var file bytes.Buffer // or a file called model.onnx
	if err := onnx.Export(&file, net); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(file.Len() > 4*net.Size())
	// Output: true
}
