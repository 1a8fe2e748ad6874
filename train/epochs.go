package train

import (
	"context"
	"iter"

	"symgrad/data"
	"symgrad/models"
)

// Epochs trains net on a set and yields after every epoch; a break stops
// training. An error, the context's included, is yielded last, with what was
// reached of that epoch.
func Epochs(ctx context.Context, net *models.Network, set *data.Set, cfg Config) iter.Seq2[Epoch, error] {
	return func(yield func(Epoch, error) bool) {
		t, err := NewTrainer(net, set, cfg)
		if err != nil {
			yield(Epoch{}, err)
			return
		}
		defer t.Close()
		t.Epochs(ctx)(yield)
	}
}
