package pretrained

import (
	"symgrad/data/digit"
	"symgrad/train"
)

const beyondDoubt = 0.8

// Several reads a drawing digit by digit, from left to right, by a network that
// answers for one: where all of it is no digit, and what stands side by side are
// digits, each of them beyond doubt. Else there are none.
func Several(d digit.Drawing, whole train.Prediction, ask func(pixels []float64) (train.Prediction, error)) ([]train.Prediction, error) {
	if whole.Class != NoDigit {
		return nil, nil
	}
	var all []train.Prediction
	for _, g := range d.Groups {
		p, err := ask(g)
		if err != nil || p.Class == NoDigit || p.Probabilities[p.Class] < beyondDoubt {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}
