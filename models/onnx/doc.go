// Package onnx writes networks in the Open Neural Network Exchange format, which
// onnxruntime, browsers and phones run: operator set 13, float32, any batch size.
// The input is called "input", the output "logits" where the loss includes the
// softmax, else "output". Dropout, which only training knows, is left out.
//
// Source: https://onnx.ai/onnx/repo-docs/IR.html and Operators.html; the numbers
// of the fields are those of onnx.proto.
package onnx
