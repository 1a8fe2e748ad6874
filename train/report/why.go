package report

import (
	"context"
	"errors"
	"fmt"
	"math"

	"symgrad/models"
	"symgrad/train"
	"symgrad/train/inspect"
)

// Reasoner finds what a network's answers to pictures hang on. It is not safe for
// concurrent use.
type Reasoner struct {
	net        *models.Network
	inspector  *inspect.Inspector
	integrator *inspect.Integrator
	camera     *inspect.Camera // nil without a convolution
}

// NewReasoner builds the graphs, for a network of pictures of one or three
// channels, or of the squares of pixels that networks for digits take as a vector.
func NewReasoner(net *models.Network, machine train.Backend) (r *Reasoner, err error) {
	r = &Reasoner{net: net}
	if _, err := r.picture(); err != nil {
		return nil, err
	}
	if r.inspector, err = inspect.New(net, machine); err != nil {
		return nil, err
	}
	if r.integrator, err = inspect.NewIntegrator(net, machine); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	for _, l := range net.Layers {
		if _, ok := l.(models.Conv2D); ok && r.camera == nil {
			if r.camera, err = inspect.NewCamera(net, machine); err != nil {
				return nil, errors.Join(err, r.Close())
			}
		}
	}
	return r, nil
}

// Close frees the machines.
func (r *Reasoner) Close() (err error) {
	if r.inspector != nil {
		err = r.inspector.Close()
	}
	if r.integrator != nil {
		err = errors.Join(err, r.integrator.Close())
	}
	if r.camera != nil {
		err = errors.Join(err, r.camera.Close())
	}
	return err
}

// picture is the shape of what the network sees.
func (r *Reasoner) picture() ([]int, error) {
	in := r.net.Input
	if side := int(math.Sqrt(float64(in[0]))); len(in) == 1 && side*side == in[0] {
		return []int{1, side, side}, nil
	}
	if len(in) == 3 && (in[0] == 1 || in[0] == 3) {
		return in, nil
	}
	return nil, fmt.Errorf("report: %s takes %v, no pictures of 1 or 3 channels", r.net.Name, in)
}

// Reasons are what an answer hangs on.
type Reasons struct {
	Answer   string    // its name and how sure it is
	Shape    []int     // of the picture: channels, height, width
	Picture  []float64 // as the network gets it, 0 to 1
	Saliency []float64 // the slope of the answer's output by each number of the picture
	Shares   inspect.Shares
	Heat     []float64 // Grad-CAM, a number a pixel; nil without a convolution
}

// Of finds the reasons for one output.
func (r *Reasoner) Of(ctx context.Context, pixels []float64, class int) (Reasons, error) {
	shape, err := r.picture()
	if err != nil {
		return Reasons{}, err
	}
	view, err := r.inspector.At(pixels, class)
	if err != nil {
		return Reasons{}, err
	}
	shares, err := r.integrator.At(ctx, pixels, nil, class)
	if err != nil {
		return Reasons{}, err
	}
	why := Reasons{Shape: shape, Picture: pixels, Saliency: view.Saliency, Shares: shares}
	if r.camera != nil {
		heat, err := r.camera.At(pixels, class)
		if err != nil {
			return Reasons{}, err
		}
		why.Heat = heat.Picture
	}
	return why, nil
}

// Why shows the reasons for answers, a row each: the picture, its saliency, its
// integrated gradients and Grad-CAM. Colours lie over the picture, faint.
func Why(title string, answers ...Reasons) Figure {
	var rows [][]panel
	for _, r := range answers {
		size := max(168, r.Shape[1], r.Shape[2])
		picture := tile{width: r.Shape[2], values: r.Picture, text: []string{"what the network gets"}}
		if r.Shape[0] == 1 {
			picture.paint = ink
		}
		tiles := []tile{picture,
			r.over(r.Saliency, "saliency:", "what more would do"),
			r.over(r.Shares.Values, "integrated gradients:", fmt.Sprintf("shares of a score of %.2f", r.Shares.Score)),
		}
		if r.Heat != nil {
			tiles = append(tiles, r.over(r.Heat, "Grad-CAM:", "where it was seen"))
		}
		rows = append(rows, []panel{{heading: r.Answer, tiles: tiles, columns: len(tiles), size: size}})
	}
	return panels(title+": orange speaks for the answer, blue against it", rows...)
}

// over is a map of signs in colour over the picture, its channels added up.
func (r Reasons) over(values []float64, text ...string) tile {
	area := r.Shape[1] * r.Shape[2]
	sums, light := make([]float64, area), make([]float64, area)
	for k, v := range values {
		sums[k%area] += v
	}
	for k, v := range r.Picture {
		light[k%area] += v / float64(r.Shape[0])
	}
	paint := signed(sums)
	colours := make([]float64, 3*area)
	for k, v := range sums {
		red, green, blue, _ := paint(v).RGBA()
		shade := light[k] // of a photo
		if r.Shape[0] == 1 {
			shade = 1 - light[k] // ink is dark
		}
		shade = 0.72 + 0.28*min(max(shade, 0), 1)
		for plane, c := range []uint32{red, green, blue} {
			colours[plane*area+k] = float64(c) / 0xffff * shade
		}
	}
	return tile{width: r.Shape[2], values: colours, text: text}
}
