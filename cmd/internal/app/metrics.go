package app

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"symgrad/train"
)

// Metrics writes metrics.csv, a row an epoch, as they come. A nil Metrics
// writes nothing. What was not measured is left empty.
type Metrics struct {
	file *os.File
	csv  *csv.Writer
}

// NewMetrics creates dir/metrics.csv; an empty dir gives a nil Metrics.
func NewMetrics(dir string) (*Metrics, error) {
	if dir == "" {
		return nil, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	file, err := os.Create(filepath.Join(dir, "metrics.csv"))
	if err != nil {
		return nil, err
	}
	m := &Metrics{file, csv.NewWriter(file)}
	return m, m.row("epoch", "train_loss", "validation_loss", "validation_accuracy", "test_loss", "test_accuracy", "seconds", "images_per_second")
}

// Add writes an epoch's row through to the file.
func (m *Metrics) Add(e train.Epoch) error {
	if m == nil {
		return nil
	}
	number := func(v float64) string { return strconv.FormatFloat(v, 'g', 8, 64) }
	result := func(r train.Result) (string, string) {
		if !r.Measured() {
			return "", ""
		}
		return number(r.Loss), number(r.Accuracy)
	}
	validationLoss, validationAccuracy := result(e.Validation)
	testLoss, testAccuracy := result(e.Test)
	return m.row(strconv.Itoa(e.Number), number(e.Loss), validationLoss, validationAccuracy, testLoss, testAccuracy, number(e.Seconds), number(e.ImagesPerSecond))
}

// Close closes the file.
func (m *Metrics) Close() error {
	if m == nil {
		return nil
	}
	return m.file.Close()
}

func (m *Metrics) row(fields ...string) error {
	if err := m.csv.Write(fields); err != nil {
		return err
	}
	m.csv.Flush()
	if err := m.csv.Error(); err != nil {
		return fmt.Errorf("writing %s: %w", m.file.Name(), err)
	}
	return nil
}
