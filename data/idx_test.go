package data

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func images(count, height, width uint32, pixels ...byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, magicImages)
	for _, d := range []uint32{count, height, width} {
		b = binary.BigEndian.AppendUint32(b, d)
	}
	return append(b, pixels...)
}

func labels(count uint32, classes ...byte) []byte {
	return append(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, magicLabels), count), classes...)
}

func zipped(data []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(data)
	_ = z.Close()
	return b.Bytes()
}

func TestReadImages(t *testing.T) {
	for name, file := range map[string][]byte{"plain": images(2, 1, 3, 1, 2, 3, 4, 5, 6), "gzip": zipped(images(2, 1, 3, 1, 2, 3, 4, 5, 6))} {
		pixels, height, width, err := ReadImages(bytes.NewReader(file), name)
		if err != nil || height != 1 || width != 3 || !bytes.Equal(pixels, []byte{1, 2, 3, 4, 5, 6}) {
			t.Errorf("%s: %v %d %d %v", name, pixels, height, width, err)
		}
	}
}

func TestBadImagesSayWhatAndWhere(t *testing.T) {
	whole := zipped(images(2, 1, 3, 1, 2, 3, 4, 5, 6))
	for want, file := range map[string][]byte{
		"f, byte 0: magic number 0x00000801, want 0x00000803": labels(9, 1, 2, 3, 4, 5, 6, 7, 8, 9),
		"f, byte 0: the header ends early":                    {},
		"f, byte 7: the header ends early":                    images(1, 1, 1)[:7],
		"f, byte 20: ends after 4 of 6 bytes":                 images(2, 1, 3, 1, 2, 3, 4),
		"f, byte 22: more data than the header's":             images(2, 1, 3, 1, 2, 3, 4, 5, 6, 7),
		"f, byte 8: images of 0 x 3 pixels":                   images(2, 0, 3),
		"f, byte 8: images of 16385 x 1 pixels":               images(1<<31, 16385, 1),
		"f, byte 18: ends after 2 of":                         images(1<<31, 1<<14, 1<<14, 1, 2),
		"f, byte 0: broken gzip header":                       whole[:5],
		"unexpected EOF":                                      whole[:len(whole)-9],
		"f, byte 22: broken end":                              whole[:len(whole)-1],
	} {
		_, _, _, err := ReadImages(bytes.NewReader(file), "f")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}

func TestBadLabels(t *testing.T) {
	_, err := ReadLabels(bytes.NewReader(labels(3, 1, 10, 2)), "f", 10)
	if err == nil || !strings.Contains(err.Error(), "f, byte 9: label 10") {
		t.Errorf("got %v", err)
	}
}

// A header's claim must not decide how much memory is taken.
func TestAHugeClaimAllocatesLittle(t *testing.T) {
	file := images(1<<31, 1<<14, 1<<14, 1, 2, 3)
	result := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			_, _, _, _ = ReadImages(bytes.NewReader(file), "f")
		}
	})
	if got := result.AllocedBytesPerOp(); got > 2*chunk {
		t.Errorf("%d bytes were allocated for a file of %d", got, len(file))
	}
}

func FuzzReadImages(f *testing.F) {
	f.Add(images(2, 1, 3, 1, 2, 3, 4, 5, 6))
	f.Add(zipped(images(2, 1, 3, 1, 2, 3, 4, 5, 6)))
	f.Add(images(1<<31, 1<<14, 1<<14, 1, 2))
	f.Fuzz(func(t *testing.T, file []byte) {
		pixels, height, width, err := ReadImages(bytes.NewReader(file), "fuzz")
		if err == nil && (height < 1 || width < 1 || len(pixels)%(height*width) != 0) {
			t.Errorf("%d pixels as images of %d x %d", len(pixels), height, width)
		}
	})
}

func FuzzReadLabels(f *testing.F) {
	f.Add(labels(3, 1, 9, 2))
	f.Add(zipped(labels(3, 1, 9, 2)))
	f.Fuzz(func(t *testing.T, file []byte) {
		found, err := ReadLabels(bytes.NewReader(file), "fuzz", 10)
		for _, l := range found {
			if err == nil && l > 9 {
				t.Errorf("label %d", l)
			}
		}
	})
}

// small writes a data set of the usual four files and returns their contents.
func small(t *testing.T, dir string) map[string][]byte {
	files := map[string][]byte{
		"train-images-idx3-ubyte.gz": zipped(images(3, 2, 2, 0, 51, 102, 255, 1, 2, 3, 4, 5, 6, 7, 8)),
		"train-labels-idx1-ubyte.gz": zipped(labels(3, 1, 0, 9)),
		"t10k-images.idx3-ubyte":     images(1, 2, 2, 9, 9, 9, 9),
		"t10k-labels.idx1-ubyte":     labels(1, 7),
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	small(t, dir)
	train, test, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if train.Len() != 3 || test.Len() != 1 || train.Validate() != nil || test.Validate() != nil || test.Labels[0] != 7 {
		t.Errorf("train %+v, test %+v", train, test)
	}
	if err := os.WriteFile(filepath.Join(dir, "t10k-labels.idx1-ubyte"), labels(2, 7, 7), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Load(dir); err == nil || !strings.Contains(err.Error(), "2 labels, but t10k-images.idx3-ubyte has 1 images") {
		t.Errorf("counts that do not match gave %v", err)
	}
	if _, _, err := Load(filepath.Join(dir, "nowhere")); err == nil {
		t.Error("a directory that is not there gave no error")
	}
}
