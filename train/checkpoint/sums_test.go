package checkpoint_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"symgrad/data"
	"symgrad/models"
	"symgrad/train/checkpoint"
	"symgrad/train/checkpoint/safetensors"
)

// hashed is the SHA-256 of parts written one behind the other: ints and float64s
// as eight little-endian bytes, strings as they are.
func hashed(parts ...any) string {
	var b []byte
	for _, p := range parts {
		switch p := p.(type) {
		case int:
			b = binary.LittleEndian.AppendUint64(b, uint64(p))
		case float64:
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(p))
		case string:
			b = append(b, p...)
		}
	}
	return fmt.Sprintf("%x", sha256.Sum256(b))
}

// The checksum is of the bytes that its description tells of.
func TestWhatTheChecksumIsOf(t *testing.T) {
	f := &safetensors.File{
		Metadata: map[string]string{"b": "xy", "a": "", "sha256": "left out"},
		Tensors:  []safetensors.Tensor{{Name: "one", DType: "U8", Shape: []int{2, 3}, Data: []byte("abcdef")}, {Name: "s", DType: "I16", Data: []byte("gh")}},
	}
	want := hashed(1, "a", 0, 1, "b", 2, "xy", 3, "one", 2, "U8", 2, 2, 3, 6, "abcdef", 1, "s", 3, "I16", 0, 2, "gh")
	if got := checkpoint.Checksum(f); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// A set's fingerprint is of all that its examples are, labels of many classes
// among them, and of no name.
func TestWhatTheFingerprintIsOf(t *testing.T) {
	for want, set := range map[string]*data.Set{
		hashed(70000, 2, 1, 3, 6, "\x01\x02\x03\x04\x05\x06", 6, "\x01\x11\x6f\x00\x00\x07", 0, 0): {Name: "many", Shape: []int{1, 3}, Classes: 70000, Pixels: []uint8{1, 2, 3, 4, 5, 6}, Labels: []int{69999, 7}},
		hashed(257, 1, 1, 1, "\x09", 3, "\x00\x01\x00", 0, 0):                                      {Shape: []int{1}, Classes: 257, Pixels: []uint8{9}, Labels: []int{256}},
		hashed(256, 1, 1, 1, "\x09", 1, "\xff", 0, 0):                                              {Shape: []int{1}, Classes: 256, Pixels: []uint8{9}, Labels: []int{255}, ClassNames: []string{"x"}},
		hashed(1, 1, 2, 0, 0, 2, 0.5, -1.0, 1, 3.0):                                                {Shape: []int{2}, Classes: 1, Values: []float64{0.5, -1}, Targets: []float64{3}},
	} {
		if got := checkpoint.Fingerprint(set); got != want {
			t.Errorf("%+v: %s, want %s", set, got, want)
		}
	}
}

// What a file without a checksum, or without a description, is taken for: as a
// checkpoint, and for its weights alone.
func TestWithoutChecksumOrDescription(t *testing.T) {
	const missing, altered, foreign = "the checksum is missing", "not that of the contents", "no checkpoint of symgrad"
	path := filepath.Join(t.TempDir(), "x")
	for _, c := range []struct {
		keep             string // of the two entries
		seal             bool   // the checksum fits
		loaded, weighted string // the errors of Load and LoadWeights; empty: none
	}{
		{"", false, foreign, ""},
		{"symgrad", false, missing, missing},
		{"sha256", false, altered, altered},
		{"sha256", true, foreign, ""},
		{"symgrad, sha256", true, "", ""},
		{"symgrad, sha256", false, altered, altered},
	} {
		f := must(safetensors.Decode(tiny(t)))
		f.Metadata["sha256"] = strings.Repeat("0", 64)
		for _, key := range []string{"symgrad", "sha256"} {
			if !strings.Contains(c.keep, key) {
				delete(f.Metadata, key)
			}
		}
		if c.seal {
			f.Metadata["sha256"] = checkpoint.Checksum(f)
		}
		var b bytes.Buffer
		if err := f.Write(&b); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		_, _, loadErr := checkpoint.Load(path)
		net := must(models.Sequential([]int{1, 8, 8}, models.MaxPool{Size: 4}, models.Flatten{}, models.Dense{Out: 4}).New(models.NewRand(9)))
		for want, err := range map[*string]error{&c.loaded: loadErr, &c.weighted: checkpoint.LoadWeights(net, path)} {
			if (err == nil) != (*want == "") || err != nil && !strings.Contains(err.Error(), *want) {
				t.Errorf("with %q, sealed %v: want %q, got %v", c.keep, c.seal, *want, err)
			}
		}
	}
}
