// Package models defines neural networks as Gorgonia expression graphs, so that
// their gradients come from symbolic differentiation.
//
// A [Spec] says what a network is: the shape of one input, a list of layers and
// a loss. [Spec.New] gives it weights drawn from a seeded source and checks that
// every layer fits the one before it. The weights live outside any graph:
// [Network.Forward], [Network.Evaluation], [Network.Training] and
// [Network.Saliency] each build a graph of their own type, at any batch size, over
// the same weights.
//
//	net, err := models.MLP(784, 128, 10).New(models.NewRand(1))
//	graph, err := net.Training(64)
//	// graph.Loss is a scalar node, graph.Grads its symbolic gradients
package models
