package photo

import (
	"image/color"
	"math/rand/v2"
)

// OnDesk is a photo of a sheet on a desk.
func OnDesk(r *rand.Rand) Photo {
	p := plain(r)
	p.Desk = Desk{Colour: grey(r, 20, 90), Margin: between(r, 0.06, 0.2), Turn: between(r, -0.12, 0.12)}
	return p.placed(r)
}

// Squared is a photo of squared paper.
func Squared(r *rand.Rand) Photo {
	p := plain(r)
	p.Rules = squares(r, between(r, -0.04, 0.04))
	return p.placed(r)
}

// SquaredOnDesk is a photo of a squared sheet on a desk.
func SquaredOnDesk(r *rand.Rand) Photo {
	p := OnDesk(r)
	p.Rules = squares(r, p.Desk.Turn)
	return p
}

func plain(r *rand.Rand) Photo {
	return Photo{Width: 256, Height: 196, Size: 60 + r.IntN(50), Paper: grey(r, 200, 250), Ink: grey(r, 10, 70), Lamp: between(r, 0, 0.3), Noise: between(r, 0, 0.02)}
}

func squares(r *rand.Rand, turn float64) Rules {
	return Rules{Colour: grey(r, 70, 150), Pitch: between(r, 12, 24), Width: between(r, 0.6, 1.6), Turn: turn}
}

// placed puts the digit anywhere on the sheet.
func (p Photo) placed(r *rand.Rand) Photo {
	margin := int(p.Desk.Margin*float64(p.Height)) + 16
	p.X = margin + r.IntN(max(p.Width-2*margin-p.Size, 1))
	p.Y = margin + r.IntN(max(p.Height-2*margin-p.Size, 1))
	return p
}

func between(r *rand.Rand, low, high float64) float64 { return low + (high-low)*r.Float64() }

// grey is almost grey: a little brown.
func grey(r *rand.Rand, low, high float64) color.RGBA {
	v := between(r, low, high)
	return color.RGBA{uint8(v), uint8(v * between(r, 0.9, 1)), uint8(v * between(r, 0.8, 1)), 255}
}
