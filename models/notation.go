package models

import (
	"fmt"
	"strconv"
	"strings"
)

// ParseLayers reads layers as [Network.String] prints them, with commas between:
//
//	conv 16@3x3 same, relu, max-pool 2x2, flatten, dense 64 no-bias, dropout 0.5
//
// A convolution or a pool may have a stride ("conv 8@5x5 stride 2"), a pool's
// window may be one number and its hyphen left out ("maxpool 2"), and a leaky
// ReLU its slope, 0.01.
func ParseLayers(text string) ([]Layer, error) {
	var layers []Layer
	for part := range strings.SplitSeq(text, ",") {
		l, err := parseLayer(strings.Fields(part))
		if err != nil {
			return nil, fmt.Errorf("models: layer %d, %q: %w", len(layers)+1, strings.TrimSpace(part), err)
		}
		layers = append(layers, l)
	}
	return layers, nil
}

func parseLayer(words []string) (Layer, error) {
	if len(words) == 0 {
		return nil, fmt.Errorf("nothing stands there")
	}
	p := parser{words: words[1:]}
	switch kind := words[0]; kind {
	case "conv":
		maps, window, _ := strings.Cut(p.next(), "@")
		c := Conv2D{Maps: p.count(maps), Kernel: p.square(window)}
		c.Stride, c.Same, c.NoBias = p.stride(), p.flag("same"), p.flag("no-bias")
		return c, p.end("conv MAPS@KxK, then stride N, same or no-bias, such as conv 16@3x3 same")
	case "max-pool", "maxpool":
		l := MaxPool{Size: p.square(p.next())}
		l.Stride = p.stride()
		return l, p.end("max-pool KxK, perhaps stride N")
	case "mean-pool", "meanpool":
		l := MeanPool{Size: p.square(p.next())}
		l.Stride = p.stride()
		return l, p.end("mean-pool KxK, perhaps stride N")
	case "dense":
		d := Dense{Out: p.count(p.next())}
		d.NoBias = p.flag("no-bias")
		return d, p.end("dense UNITS, perhaps no-bias")
	case "flatten":
		return Flatten{}, p.end("flatten")
	case "dropout":
		return Dropout{Drop: p.number(p.next())}, p.end("dropout P with P from 0 to below 1")
	case "softmax":
		return Softmax(), p.end("softmax")
	default:
		a, err := ActivationByName(kind)
		if err != nil {
			return nil, fmt.Errorf("no such layer: want conv, max-pool, mean-pool, dense, flatten, dropout, or an activation: sigmoid, tanh, relu, leaky-relu or softmax")
		}
		if a.Slope != 0 && len(p.words) > 0 {
			a.Slope = p.number(p.next())
		}
		return a, p.end(a.String())
	}
}

// parser reads the words behind a layer's name, and remembers that one was
// wrong.
type parser struct {
	words []string
	wrong bool
}

func (p *parser) next() string {
	if len(p.words) == 0 {
		p.wrong = true
		return ""
	}
	word := p.words[0]
	p.words = p.words[1:]
	return word
}

func (p *parser) count(word string) int {
	n, err := strconv.Atoi(word)
	p.wrong = p.wrong || err != nil || n < 1 || strings.HasPrefix(word, "+")
	return n
}

func (p *parser) number(word string) float64 {
	v, err := strconv.ParseFloat(word, 64)
	p.wrong = p.wrong || err != nil
	return v
}

// square reads 3x3 or 3.
func (p *parser) square(word string) int {
	side, other, both := strings.Cut(word, "x")
	p.wrong = p.wrong || both && side != other
	return p.count(side)
}

// flag reads a word that may stand there.
func (p *parser) flag(word string) bool {
	if len(p.words) == 0 || p.words[0] != word {
		return false
	}
	p.words = p.words[1:]
	return true
}

func (p *parser) stride() int {
	if !p.flag("stride") {
		return 0
	}
	return p.count(p.next())
}

// end is an error where a word was wrong or is left over.
func (p *parser) end(want string) error {
	if p.wrong || len(p.words) > 0 {
		return fmt.Errorf("want %s", want)
	}
	return nil
}
