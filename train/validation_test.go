package train_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"symgrad/data"
	"symgrad/models"
	"symgrad/train"
)

// Validation and test are two questions after every epoch; neither changes what
// is learnt, and what was not asked is not answered.
func TestValidationAndTestAreMeasuredApart(t *testing.T) {
	training := blobs(64)
	validation, err := training.HoldOut(16, 1)
	if err != nil {
		t.Fatal(err)
	}
	test := blobs(40)
	spec := models.MLP(2, 8, 4)
	for _, c := range []struct {
		name string
		cfg  train.Config
		says []string
	}{
		{"neither", train.Config{}, []string{"train loss"}},
		{"validation", train.Config{Validation: validation}, []string{"train loss", "validation loss", "validation accuracy"}},
		{"test", train.Config{Test: test}, []string{"train loss", "test loss", "test accuracy"}},
		{"both", train.Config{Validation: validation, Test: test}, []string{"train loss", "validation loss", "validation accuracy", "test loss", "test accuracy"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.cfg.Epochs, c.cfg.Batch, c.cfg.Seed = 2, 8, 3
			net, plain := network(t, spec, 1), network(t, spec, 1)
			for epoch, err := range train.Epochs(context.Background(), net, training, c.cfg) {
				if err != nil {
					t.Fatal(err)
				}
				var want train.Epoch
				if c.cfg.Validation != nil {
					want.Validation = result(t, net, validation)
				}
				if c.cfg.Test != nil {
					want.Test = result(t, net, test)
				}
				if d := cmp.Diff([]train.Result{want.Validation, want.Test}, []train.Result{epoch.Validation, epoch.Test}); d != "" {
					t.Error(d)
				}
				if epoch.Validation.Measured() != (c.cfg.Validation != nil) || epoch.Test.Measured() != (c.cfg.Test != nil) {
					t.Errorf("measured: %v, %v", epoch.Validation.Measured(), epoch.Test.Measured())
				}
				var said []string
				for _, part := range strings.Split(strings.SplitN(epoch.String(), ": ", 2)[1], ", ") {
					if words := strings.Fields(part); len(words) == 3 {
						said = append(said, words[0]+" "+words[1])
					}
				}
				if d := cmp.Diff(c.says, said); d != "" {
					t.Errorf("%v: %s", epoch, d)
				}
			}
			c.cfg.Validation, c.cfg.Test = nil, nil
			for _, err := range train.Epochs(context.Background(), plain, training, c.cfg) {
				if err != nil {
					t.Fatal(err)
				}
			}
			for i, p := range plain.Params {
				if d := cmp.Diff(p.Float64s(), net.Params[i].Float64s()); d != "" {
					t.Errorf("%s: %s", p.Name, d)
				}
			}
		})
	}
	if _, err := train.NewTrainer(network(t, spec, 1), training, train.Config{Validation: blobs(0)}); err == nil {
		t.Error("an empty validation set is accepted")
	}
}

func result(t *testing.T, net *models.Network, set *data.Set) train.Result {
	t.Helper()
	r, err := train.Evaluate(context.Background(), net, set)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
