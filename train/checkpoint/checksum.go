package checkpoint

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash"
	"maps"
	"math"
	"slices"

	"symgrad/data"
	"symgrad/train/checkpoint/safetensors"
)

// The entries of the metadata.
const (
	metaKey = "symgrad"
	sumKey  = "sha256"
)

// checksum is the SHA-256, in hexadecimal, of a file's metadata (the checksum
// itself left out) and tensors: each key, value, name, dtype and data preceded
// by its length, each shape by the number of its sizes, all as 64-bit
// little-endian. It does not depend on how the header is written, so other
// programs may rewrite the file.
func checksum(f *safetensors.File) string {
	h := sha256.New()
	for _, key := range slices.Sorted(maps.Keys(f.Metadata)) {
		if key != sumKey {
			block(h, []byte(key))
			block(h, []byte(f.Metadata[key]))
		}
	}
	for _, t := range f.Tensors {
		block(h, []byte(t.Name))
		block(h, []byte(t.DType))
		integer(h, len(t.Shape))
		for _, d := range t.Shape {
			integer(h, d)
		}
		block(h, t.Data)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// verify compares the checksum. A file of another program has none, which is an
// error only where own is asked for.
func verify(f *safetensors.File, own bool) error {
	sum, summed := f.Metadata[sumKey]
	_, described := f.Metadata[metaKey]
	switch {
	case summed && sum != checksum(f):
		return errors.New("the checksum is not that of the contents: the file was altered or is damaged")
	case described && !summed:
		return errors.New("the checksum is missing: the file was altered")
	case own && !described:
		return errForeign
	}
	return nil
}

// Fingerprint is the SHA-256, in hexadecimal, of a set's examples.
func Fingerprint(set *data.Set) string {
	h := sha256.New()
	integer(h, set.Classes)
	integer(h, len(set.Shape))
	for _, d := range set.Shape {
		integer(h, d)
	}
	block(h, set.Pixels)
	block(h, labels(set))
	for _, numbers := range [][]float64{set.Values, set.Targets} {
		integer(h, len(numbers))
		for _, v := range numbers {
			word(h, math.Float64bits(v))
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// labels is a byte for each of a set's labels, or three where there are so many
// classes.
func labels(set *data.Set) (b []byte) {
	for _, l := range set.Labels {
		if set.Classes > 256 {
			b = append(b, byte(l>>16), byte(l>>8))
		}
		b = append(b, byte(l))
	}
	return b
}

func block(h hash.Hash, b []byte) {
	integer(h, len(b))
	h.Write(b)
}

func integer(h hash.Hash, n int) { word(h, uint64(n)) }

func word(h hash.Hash, n uint64) {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], n)
	h.Write(b[:])
}
