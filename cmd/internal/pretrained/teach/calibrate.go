package main

import (
	"math"

	"symgrad/data"
	"symgrad/models"
	"symgrad/train"
)

// calibrate divides the logits by the temperature at which the likelihood of the
// validation set is largest, and gives that: Guo, Pleiss, Sun and Weinberger, "On
// calibration of modern neural networks" (2017), section 4.2. The last layer's
// weights take it up.
func calibrate(net *models.Network, validation *data.Set) (float64, error) {
	logits, err := logits(net, validation)
	if err != nil {
		return 0, err
	}
	loss := func(t float64) (sum float64) {
		for i, row := range logits {
			total := 0.0
			for _, v := range row {
				total += math.Exp((v - row[validation.Labels[i]]) / t)
			}
			sum += math.Log(total)
		}
		return sum
	}
	// The loss has one minimum in log t: by thirds.
	low, high := math.Log(0.25), math.Log(4.0)
	for range 60 {
		a, b := low+(high-low)/3, high-(high-low)/3
		if loss(math.Exp(a)) < loss(math.Exp(b)) {
			high = b
		} else {
			low = a
		}
	}
	t := math.Round(1000*math.Exp((low+high)/2)) / 1000 // three digits hold on any machine
	for _, p := range net.LayerParams(len(net.Layers) - 1) {
		weights := p.Float64s()
		for i := range weights {
			weights[i] /= t
		}
		if err := p.Set(weights); err != nil {
			return 0, err
		}
	}
	return t, nil
}

// logits are the logarithms of the probabilities: what softmax makes of logits,
// but for a constant.
func logits(net *models.Network, set *data.Set) (rows [][]float64, err error) {
	const batch = 100
	p, err := train.NewPredictor(net, batch, nil)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	inputs := make([]float64, batch*set.Size())
	for from := 0; from+batch <= set.Len(); from += batch {
		idx := make([]int, batch)
		for k := range idx {
			idx[k] = from + k
		}
		data.Gather(set, idx, inputs, nil)
		answers, err := p.Predict(inputs)
		if err != nil {
			return nil, err
		}
		for _, a := range answers {
			row := make([]float64, len(a.Probabilities))
			for k, v := range a.Probabilities {
				row[k] = math.Log(max(v, 1e-30))
			}
			rows = append(rows, row)
		}
	}
	return rows, nil
}
