package app

import (
	"fmt"
	"os"
	"testing"

	"symgrad/data/mnist"
	"symgrad/models"
	"symgrad/train"
)

// The check of -check-gradients raises no false alarm, whatever the seed: not
// where black pixels under biases of zero put ReLUs and pools at their corners.
// LONG=1 tries 100 seeds rather than 2.
func TestNoFalseAlarmAboutGradients(t *testing.T) {
	set, _, err := mnist.Load()
	if err != nil {
		t.Fatal(err)
	}
	seeds := 2
	if os.Getenv("LONG") != "" {
		seeds = 100
	}
	for _, spec := range []models.Spec{models.Tutorial(), models.LeNet(), models.Small(), models.MLP(784, 128, 10)} {
		for name, machine := range map[string]train.Backend{"own": train.OwnVM(1), "tape": train.TapeMachine()} {
			t.Run(fmt.Sprint(spec.Name, " ", name), func(t *testing.T) {
				for seed := range seeds {
					if slow := spec.Name == models.LeNet().Name; seeds < 100 && (slow && seed > 0 || testing.Short() && (slow || seed > 0)) {
						continue
					}
					net, err := spec.New(models.NewRand(uint64(seed)))
					if err != nil {
						t.Fatal(err)
					}
					report, err := gradients(net, set, []int{2 * seed, 2*seed + 1}, machine)
					if err != nil {
						t.Errorf("seed %d: %v\n%v", seed, err, report)
					}
				}
			})
		}
	}
}
