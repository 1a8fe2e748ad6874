package data

import (
	"bytes"
	"compress/gzip"
	"io"
	"slices"
	"strings"
	"testing"
)

// unpacked is what an IDX file holds, by the standard library alone.
func unpacked(file []byte) []byte {
	if z, err := gzip.NewReader(bytes.NewReader(file)); err == nil {
		file, _ = io.ReadAll(io.LimitReader(z, 1<<24))
	}
	return file
}

// What is read is what, written again, gives the file; what is not is refused
// with the file's name and an offset.
func FuzzReadImages(f *testing.F) {
	whole := images(2, 1, 3, 1, 2, 3, 4, 5, 6)
	packed := zipped(whole)
	for _, seed := range [][]byte{
		nil, whole, packed, whole[:10], whole[:20], packed[:12], packed[:len(packed)-3], append(packed[:len(packed):len(packed)], packed...),
		images(0, 28, 28), images(1<<31, 1<<14, 1<<14, 1, 2), images(1<<32-1, 1<<32-1, 1<<32-1), images(1, 0, 0), labels(2, 1, 2), zipped(nil), colours(1, 3, 1, 2, 1, 2, 3, 4, 5, 6), colours(1, 1, 1, 1, 1),
		zipped(make([]byte, 1<<16)), zipped(images(1<<16, 1, 1, make([]byte, 1<<16)...)),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		pixels, shape, err := ReadImages(bytes.NewReader(file), "fuzz")
		if err != nil {
			refused(t, err, pixels)
			return
		}
		if len(shape) != 3 || slices.Min(shape) < 1 || len(pixels)%(shape[0]*shape[1]*shape[2]) != 0 {
			t.Fatalf("%d pixels as images of %v", len(pixels), shape)
		}
		channels, height, width := uint32(shape[0]), uint32(shape[1]), uint32(shape[2])
		count := uint32(len(pixels)) / (channels * height * width)
		again, have := images(count, height, width, pixels...), unpacked(file)
		if have[3] == 4 {
			again = colours(count, channels, height, width, pixels...)
		}
		if channels > 1 && have[3] != 4 || !bytes.Equal(again, have) {
			t.Fatalf("%d images of %v are not what the file holds", count, shape)
		}
	})
}

func FuzzReadLabels(f *testing.F) {
	for _, seed := range [][]byte{
		nil, labels(3, 1, 9, 2), zipped(labels(3, 1, 9, 2)), labels(1, 10), labels(0), labels(1<<31, 1), labels(3, 1, 2), labels(1, 1, 2), images(1, 1, 1, 1),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		classes, err := ReadLabels(bytes.NewReader(file), "fuzz")
		if err != nil {
			refused(t, err, classes)
			return
		}
		if !bytes.Equal(labels(uint32(len(classes)), classes...), unpacked(file)) {
			t.Fatalf("%d labels are not what the file holds", len(classes))
		}
	})
}

func refused(t *testing.T, err error, content []byte) {
	if message := err.Error(); !strings.HasPrefix(message, "data: fuzz, byte ") || strings.Contains(message, "\n") || content != nil {
		t.Fatalf("%d bytes and the error %q", len(content), message)
	}
}
