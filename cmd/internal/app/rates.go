package app

// Rate is the learning rate that a network is trained at by an optimizer, unless
// another is asked for, with the batches and the schedule of its command. Half
// and twice a rate of mlp's and tutorial's are no better by more than 0.2 points,
// the standard error, on 5,000 validation images: `go run ./cmd/bench -tune mlp`.
// `go run ./cmd/bench -optimizers` shows what each reaches on the test images.
func Rate(network, optimizer string) float64 {
	of, known := rates[network]
	if !known {
		of = relu
	}
	return of[optimizer]
}

type byOptimizer map[string]float64

var (
	relu  = byOptimizer{"sgd": 0.2, "momentum": 0.02, "nesterov": 0.02, "rmsprop": 0.001, "adam": 0.002, "adamw": 0.002}
	table = byOptimizer{"sgd": 1, "momentum": 0.1, "nesterov": 0.1, "rmsprop": 0.01, "adam": 0.01, "adamw": 0.01}
	rates = map[string]byOptimizer{
		"mlp":        {"sgd": 0.5, "momentum": 0.1, "nesterov": 0.1, "rmsprop": 0.004, "adam": 0.004, "adamw": 0.004},
		"tutorial":   {"sgd": 1, "momentum": 0.2, "nesterov": 0.1, "rmsprop": 0.004, "adam": 0.002, "adamw": 0.002},
		"neuron":     table,
		"two layers": table,
	}
)
