package app

import (
	"fmt"
	"os"
	"strconv"
	"testing"

	"symgrad/data/mnist"
	"symgrad/models"
	"symgrad/train"
)

// The check of -check-gradients raises no false alarm, whatever the seed: not
// where black pixels under biases of zero put ReLUs and pools at their corners.
// LONG=1 tries two seeds and all networks, or as many seeds as SEEDS says; else it
// is one seed of those that are quick.
func TestNoFalseAlarmAboutGradients(t *testing.T) {
	set, _, err := mnist.First(200, 1)
	if err != nil {
		t.Fatal(err)
	}
	seeds, slow := 1, false
	if os.Getenv("LONG") != "" {
		seeds, slow = 2, true
	}
	if s := os.Getenv("SEEDS"); s != "" {
		if seeds, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	for _, spec := range []models.Spec{models.Tutorial(), models.LeNet(), models.Small(), models.MLP(784, 128, 10)} {
		for name, machine := range map[string]train.Backend{"own": train.OwnVM(1), "tape": train.TapeMachine()} {
			if !slow && (spec.Name == models.LeNet().Name || spec.Name == models.Small().Name) {
				continue
			}
			t.Run(fmt.Sprint(spec.Name, " ", name), func(t *testing.T) {
				t.Parallel()
				for seed := range seeds {
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
