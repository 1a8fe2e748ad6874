// Package gradcheck checks symbolic gradients. [Check] compares the gradient
// that gorgonia.Grad builds for anybody's graph with central finite differences;
// [Test] does so in a Go test. [Network] checks a network of package models
// against two witnesses: the hand-written backpropagation of
// models/reference, and finite differences.
package gradcheck
