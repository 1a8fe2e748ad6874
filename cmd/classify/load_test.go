package main

import (
	"path/filepath"
	"strings"
	"testing"

	"symgrad/models"
	"symgrad/train/checkpoint"
)

// What a checkpoint says of its pictures is held against its network before any
// is scaled to it: 3 x 8192 x 8192 would take gigabytes.
func TestShapeIsTheNetworks(t *testing.T) {
	net, err := models.Sequential([]int{12}, models.Dense{Out: 2}).New(models.NewRand(1))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "x.safetensors")
	for want, shape := range map[string][]int{
		"": {3, 2, 2}, "it was trained on examples of [3 8192 8192], but its network takes [12]": {3, 8192, 8192},
		"examples of [1 3 3], but": {1, 3, 3}, "want pictures of 1 or 3 channels": {2, 2, 3}, "examples of [1 -3 -4], want": {1, -3, -4}, "examples of [], want": nil,
	} {
		meta := checkpoint.Meta{Data: checkpoint.Data{Classes: []string{"a", "b"}, Shape: shape}}
		if err := checkpoint.Save(path, net, meta); err != nil {
			t.Fatal(err)
		}
		_, _, _, err := load(path)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%v: %v, want %q", shape, err, want)
		}
	}
}
