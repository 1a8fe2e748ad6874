package looks_test

import (
	"context"
	"errors"
	"testing"

	"symgrad/cmd/playground/internal/looks"
)

// A 7 becomes every other digit in small steps, by its own gradient.
func TestBecome(t *testing.T) {
	p := pool(t)
	for class := range 10 {
		var shown []looks.Look
		if err := p.Become(context.Background(), picture(t), class, func(l looks.Look) error {
			shown = append(shown, l)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		first, last := shown[0], shown[len(shown)-1]
		if first.Answer != 7 || last.Answer != class || last.Chosen != class || last.Probabilities[class] < 0.99 || len(shown) > looks.MostSteps {
			t.Errorf("from %d to %d, wanted %d; probability %g after %d steps", first.Answer, last.Answer, class, last.Probabilities[class], len(shown)-1)
		}
		for i := 1; i < len(shown); i++ {
			for k, v := range shown[i].Input.Values {
				// A byte is (v-128)/127 of the scale.
				is := (float64(v) - 128) / 127 * shown[i].Input.Scale
				was := (float64(shown[i-1].Input.Values[k]) - 128) / 127 * shown[i-1].Input.Scale
				if is < 0 || is > 1 || is-was > 0.04 || was-is > 0.04 {
					t.Fatalf("digit %d, step %d, pixel %d: from %g to %g", class, i, k, was, is)
				}
			}
		}
		t.Logf("%d: %d steps", class, len(shown)-1)
	}
}

// Whoever is shown may end it, and so may the context; the inspectors are free
// again afterwards.
func TestBecomeEnds(t *testing.T) {
	p := pool(t)
	enough := errors.New("enough")
	for range 3 {
		if err := p.Become(context.Background(), picture(t), 3, func(looks.Look) error { return enough }); !errors.Is(err, enough) {
			t.Error(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		steps := 0
		err := p.Become(ctx, picture(t), 3, func(looks.Look) error {
			steps++
			cancel()
			return ctx.Err()
		})
		if !errors.Is(err, context.Canceled) || steps != 1 {
			t.Errorf("%v after %d steps", err, steps)
		}
	}
	if _, err := p.Look(context.Background(), picture(t), 3); err != nil {
		t.Error(err)
	}
}
