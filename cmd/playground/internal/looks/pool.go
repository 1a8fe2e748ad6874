// Package looks answers what a network makes of a picture, for many callers at a
// time with a fixed number of inspectors.
package looks

import (
	"bytes"
	"context"
	"errors"

	"symgrad/cmd/internal/pretrained"
	"symgrad/data/digit"
	"symgrad/data/imagefile"
	"symgrad/models"
	"symgrad/train"
	"symgrad/train/inspect"
)

// MaxBytes is the largest picture taken, in bytes of its file.
const MaxBytes = 1 << 18

const maxPixels = 1 << 20

// Pool shares inspectors of one network.
type Pool struct {
	net      *models.Network
	free     chan *desk
	decoding chan struct{} // a token for each picture being decoded
}

// NewPool makes size inspectors, one goroutine each; as many pictures are decoded
// at a time.
func NewPool(net *models.Network, size int) (*Pool, error) {
	p := &Pool{net: net, free: make(chan *desk, size), decoding: make(chan struct{}, size)}
	for range size {
		d, err := newDesk(net)
		if err != nil {
			return nil, errors.Join(err, p.Close())
		}
		p.free <- d
	}
	return p, nil
}

// desk is what one caller at a time works with.
type desk struct {
	*inspect.Inspector
	attacker *inspect.Attacker
}

func newDesk(net *models.Network) (*desk, error) {
	i, err := inspect.New(net, train.OwnVM(1))
	if err != nil {
		return nil, err
	}
	a, err := inspect.NewAttacker(net, train.OwnVM(1))
	if err != nil {
		return nil, errors.Join(err, i.Close())
	}
	return &desk{i, a}, nil
}

func (d *desk) Close() error { return errors.Join(d.Inspector.Close(), d.attacker.Close()) }

// Outputs is how many classes the network knows.
func (p *Pool) Outputs() int { return p.net.Outputs() }

// Look reads a picture and inspects what is drawn on it; class is as for
// [inspect.Inspector.At]. It waits for its turn to decode and then for a free
// inspector, as long as the context lasts: a picture that is slow to decode keeps
// no inspector from others.
func (p *Pool) Look(ctx context.Context, picture []byte, class int) (Look, error) {
	drawing, err := p.decode(ctx, picture)
	if err != nil {
		return Look{}, err
	}
	select {
	case i := <-p.free:
		defer func() { p.free <- i }()
		view, err := i.At(drawing.Pixels, class)
		if err != nil {
			return Look{}, err
		}
		several, err := pretrained.Several(drawing, answerOf(view), func(pixels []float64) (train.Prediction, error) {
			one, err := i.At(pixels, inspect.Answer)
			return answerOf(one), err
		})
		return look(p.net, drawing.Pixels, view, several), err
	case <-ctx.Done():
		return Look{}, ctx.Err()
	}
}

func answerOf(v inspect.View) train.Prediction {
	return train.Prediction{Class: v.Class, Probabilities: v.Probabilities}
}

func (p *Pool) decode(ctx context.Context, picture []byte) (digit.Drawing, error) {
	select {
	case p.decoding <- struct{}{}:
		defer func() { <-p.decoding }()
		return digit.Read(ctx, bytes.NewReader(picture), "picture", imagefile.Limits{Bytes: MaxBytes, Pixels: maxPixels, Only: []string{"PNG", "JPEG", "GIF"}})
	case <-ctx.Done():
		return digit.Drawing{}, ctx.Err()
	}
}

// Close frees the inspectors that nobody uses.
func (p *Pool) Close() (err error) {
	for {
		select {
		case i := <-p.free:
			err = errors.Join(err, i.Close())
		default:
			return err
		}
	}
}
