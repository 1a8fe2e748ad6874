package looks

import (
	"math"

	"symgrad/models"
	"symgrad/train"
	"symgrad/train/inspect"
)

// Look is a view for the page: small, and with what a caption needs.
type Look struct {
	Network       string    `json:"network"`
	Answer        int       `json:"answer"` // [pretrained.NoDigit] is none
	Probabilities []float64 `json:"probabilities"`
	Digits        []int     `json:"digits"`   // of several side by side, from left to right
	Chosen        int       `json:"chosen"`   // the output that the saliency is of
	Input         Grid      `json:"input"`    // what the network got
	Saliency      Grid      `json:"saliency"` // d logit / d pixel
	Layers        []Layer   `json:"layers"`   // those that give maps
}

// Layer is a layer that gives maps.
type Layer struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
	Text string `json:"text"` // conv 8@5x5
	Maps Grid   `json:"maps"`
}

// Grid holds images of one size, one after the other: a byte v stands for
// (v-128)/127 of Scale, the largest size of a number.
type Grid struct {
	Count  int     `json:"count"`
	Height int     `json:"height"`
	Width  int     `json:"width"`
	Scale  float64 `json:"scale"`
	Values []byte  `json:"values"` // base64 in JSON
}

func look(net *models.Network, pixels []float64, v inspect.View, several []train.Prediction) Look {
	l := Look{Network: net.Name, Answer: v.Class, Probabilities: v.Probabilities, Chosen: v.Chosen,
		Input: grid(1, 28, 28, pixels), Saliency: grid(1, 28, 28, v.Saliency)}
	for _, d := range several {
		l.Digits = append(l.Digits, d.Class)
	}
	for k, layer := range v.Layers {
		if len(layer.Shape) == 3 {
			text := ""
			if s, ok := net.Layers[k].(interface{ String() string }); ok {
				text = s.String()
			}
			l.Layers = append(l.Layers, Layer{layer.Name, layer.Kind, text, grid(layer.Shape[0], layer.Shape[1], layer.Shape[2], layer.Values)})
		}
	}
	return l
}

func grid(count, height, width int, values []float64) Grid {
	g := Grid{Count: count, Height: height, Width: width, Values: make([]byte, len(values))}
	g.Scale, g.Values = Bytes(values)
	return g
}

// Bytes quantises numbers as a [Grid] has them.
func Bytes(values []float64) (scale float64, out []byte) {
	for _, v := range values {
		scale = max(scale, math.Abs(v))
	}
	out = make([]byte, len(values))
	for i, v := range values {
		out[i] = 128
		if scale > 0 {
			out[i] = byte(128 + math.Round(v/scale*127))
		}
	}
	return scale, out
}
