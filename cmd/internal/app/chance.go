package app

import (
	"fmt"
	"math"

	"symgrad/data"
	"symgrad/train"
)

// advice is two lines for whoever trained a network that does no better on the test
// set than one that always gives its commonest class: than that one's share by
// two standard errors of it. It is empty for any other.
func advice(test *data.Set, reached train.Result) string {
	count := make([]int, test.Classes)
	commonest := 0
	for _, l := range test.Labels {
		if count[l]++; count[l] > count[commonest] {
			commonest = l
		}
	}
	n := float64(test.Len())
	share := float64(count[commonest]) / n
	if reached.Accuracy > share+2*math.Sqrt(share*(1-share)/n) {
		return ""
	}
	name := fmt.Sprint(commonest)
	if test.ClassNames != nil {
		name = test.ClassNames[commonest]
	}
	return fmt.Sprintf("no better than guessing: always %s would be right for %.2f%%\ntry train-cnn -net lenet, or another -lr or -optimizer\n", name, 100*share)
}
