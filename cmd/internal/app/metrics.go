package app

import (
	"encoding/csv"
	"io"
	"strconv"

	"symgrad/train"
)

// writeMetrics writes a table with a row for each epoch; what was not measured
// is left empty.
func writeMetrics(w io.Writer, history []train.Epoch) error {
	number := func(v float64) string { return strconv.FormatFloat(v, 'g', 8, 64) }
	result := func(r train.Result) (string, string) {
		if !r.Measured() {
			return "", ""
		}
		return number(r.Loss), number(r.Accuracy)
	}
	rows := [][]string{{"epoch", "train_loss", "validation_loss", "validation_accuracy", "test_loss", "test_accuracy", "seconds", "images_per_second"}}
	for _, e := range history {
		validationLoss, validationAccuracy := result(e.Validation)
		testLoss, testAccuracy := result(e.Test)
		rows = append(rows, []string{strconv.Itoa(e.Number), number(e.Loss), validationLoss, validationAccuracy, testLoss, testAccuracy, number(e.Seconds), number(e.ImagesPerSecond)})
	}
	return csv.NewWriter(w).WriteAll(rows)
}
