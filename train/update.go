package train

import (
	"fmt"

	"symgrad/models"
)

// updateLen is about how many weights one piece of an update has.
const updateLen = 8192

// update is an optimiser's step on all parameters of a network. It is cut into
// pieces of equal length, across parameters, that may be computed at once.
type update struct {
	rule     Optimizer
	params   []*models.Param
	pieces32 [][]stretch[float32]
	pieces64 [][]stretch[float64]

	grads []any // of this step, by parameter: []float32 or []float64
	rate  float64
	step  int
	run   func(worker, piece int)
}

// stretch is a part of one parameter, with the optimiser's state for it.
type stretch[F float32 | float64] struct {
	param, from, to int
	weights         []F
	state           [][]F
}

func newUpdate(rule Optimizer, params []*models.Param, s *State) *update {
	u := &update{rule: rule, params: params, grads: make([]any, len(params))}
	u.pieces32, u.pieces64 = cut[float32](params, s), cut[float64](params, s)
	u.run = func(_, piece int) {
		if len(u.pieces32) > 0 {
			apply(u, rule.Rule32, u.pieces32[piece])
		} else {
			apply(u, rule.Rule64, u.pieces64[piece])
		}
	}
	return u
}

// count is how many pieces there are.
func (u *update) count() int { return len(u.pieces32) + len(u.pieces64) }

// check tells whether the gradients fit the parameters.
func (u *update) check() error {
	for i, p := range u.params {
		if err := isGradient(p, u.grads[i]); err != nil {
			return fmt.Errorf("train: %w", err)
		}
	}
	return nil
}

// isGradient is an error where numbers are not a parameter's: of its type, as many.
func isGradient(p *models.Param, numbers any) error {
	if !sameKind(p.Data(), numbers) {
		return fmt.Errorf("the gradient of %s is a %T, want %d numbers of %v", p.Name, numbers, p.Len(), p.Dtype())
	}
	return nil
}

// cut divides the parameters of type F; the others are left out.
func cut[F float32 | float64](params []*models.Param, s *State) (pieces [][]stretch[F]) {
	room := 0 // in the last piece
	for i, p := range params {
		w, _ := p.Data().([]F) // none of another type
		for from := 0; from < len(w); {
			if room == 0 {
				pieces, room = append(pieces, nil), updateLen
			}
			to := min(from+room, len(w))
			part := stretch[F]{param: i, from: from, to: to, weights: w[from:to]}
			for _, slot := range s.Slots[p.Name] {
				part.state = append(part.state, slot.([]F)[from:to])
			}
			last := len(pieces) - 1
			pieces[last] = append(pieces[last], part)
			room -= to - from
			from = to
		}
	}
	return pieces
}

func apply[F float32 | float64](u *update, rule Rule[F], piece []stretch[F]) {
	for i := range piece {
		p := &piece[i]
		rule(p.weights, u.grads[p.param].([]F)[p.from:p.to], p.state, u.rate, u.step)
	}
}
