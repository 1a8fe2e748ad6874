package data

import (
	"bytes"
	"compress/gzip"
	"io"
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
		images(0, 28, 28), images(1<<31, 1<<14, 1<<14, 1, 2), images(1<<32-1, 1<<32-1, 1<<32-1), images(1, 0, 0), labels(2, 1, 2), zipped(nil),
		zipped(make([]byte, 1<<16)), zipped(images(1<<16, 1, 1, make([]byte, 1<<16)...)),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		pixels, height, width, err := ReadImages(bytes.NewReader(file), "fuzz")
		if err != nil {
			refused(t, err, pixels)
			return
		}
		if height < 1 || width < 1 || len(pixels)%(height*width) != 0 {
			t.Fatalf("%d pixels as images of %d x %d", len(pixels), height, width)
		}
		count := len(pixels) / (height * width)
		if again := images(uint32(count), uint32(height), uint32(width), pixels...); !bytes.Equal(again, unpacked(file)) {
			t.Fatalf("%d images of %d x %d are not what the file holds", count, height, width)
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
		classes, err := ReadLabels(bytes.NewReader(file), "fuzz", 10)
		if err != nil {
			refused(t, err, classes)
			return
		}
		for i, l := range classes {
			if l > 9 {
				t.Fatalf("label %d is %d", i, l)
			}
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
