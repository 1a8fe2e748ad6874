package data

import (
	"bytes"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// small is a data set of the usual four files: three training images of 2x2
// pixels, and one test image.
func small() map[string][]byte {
	return map[string][]byte{
		"train-images-idx3-ubyte.gz": zipped(images(3, 2, 2, 0, 51, 102, 255, 1, 2, 3, 4, 5, 6, 7, 8)),
		"train-labels-idx1-ubyte.gz": zipped(labels(3, 1, 0, 9)),
		"t10k-images-idx3-ubyte.gz":  zipped(images(1, 2, 2, 9, 9, 9, 9)),
		"t10k-labels-idx1-ubyte.gz":  zipped(labels(1, 7)),
	}
}

func checkSmall(t *testing.T, train, test *Set, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []*Set{train, test} {
		if err := s.Validate(); err != nil || !slices.Equal(s.Shape, []int{1, 2, 2}) || s.Classes != 10 {
			t.Errorf("%q: shape %v, %d classes, %v", s.Name, s.Shape, s.Classes, err)
		}
	}
	if !bytes.Equal(train.Pixels, []byte{0, 51, 102, 255, 1, 2, 3, 4, 5, 6, 7, 8}) || !slices.Equal(train.Labels, []int{1, 0, 9}) {
		t.Errorf("training set %v, %v", train.Pixels, train.Labels)
	}
	if !bytes.Equal(test.Pixels, []byte{9, 9, 9, 9}) || !slices.Equal(test.Labels, []int{7}) {
		t.Errorf("test set %v, %v", test.Pixels, test.Labels)
	}
}

func TestLoad(t *testing.T) {
	for style, rename := range map[string]func(string) string{
		"dashes": strings.Clone,
		"dots":   func(s string) string { return strings.Replace(s, "-idx", ".idx", 1) },
	} {
		for _, plain := range []bool{false, true} {
			dir := filepath.Join(t.TempDir(), "clothes")
			if err := os.Mkdir(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			for name, content := range small() {
				name = rename(name)
				if plain {
					name, content = strings.TrimSuffix(name, ".gz"), unpacked(content)
				}
				if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			train, test, err := Load(dir)
			checkSmall(t, train, test, err)
			if train.Name != "clothes training set" || test.Name != "clothes test set" {
				t.Errorf("%s: the sets are called %q and %q", style, train.Name, test.Name)
			}
		}
	}
}

// fsOf is small with changes: nil removes a file.
func fsOf(changes map[string][]byte) fstest.MapFS {
	files := fstest.MapFS{}
	all := small()
	maps.Copy(all, changes)
	for name, content := range all {
		if content != nil {
			files[name] = &fstest.MapFile{Data: content}
		}
	}
	return files
}

func TestLoadPrefersPlainFilesAndPassesDirectories(t *testing.T) {
	files := fsOf(map[string][]byte{
		"train-images-idx3-ubyte.gz":                      []byte("not this one"),
		"train-images.idx3-ubyte":                         unpacked(small()["train-images-idx3-ubyte.gz"]),
		"train-images-idx3-ubyte/train-images-idx3-ubyte": []byte("nor this one"),
	})
	train, test, err := LoadFS(files, "x")
	checkSmall(t, train, test, err)
}

func TestBadSetsSayWhatAndWhere(t *testing.T) {
	for want, changes := range map[string]map[string][]byte{
		"no file train-images-idx3-ubyte, plain or .gz":                                               {"train-images-idx3-ubyte.gz": nil},
		"no file t10k-labels-idx1-ubyte, plain or .gz":                                                {"t10k-labels-idx1-ubyte.gz": nil},
		"t10k-labels-idx1-ubyte.gz, byte 4: 2 labels, but t10k-images-idx3-ubyte.gz has 1 images":     {"t10k-labels-idx1-ubyte.gz": labels(2, 7, 7)},
		"train-labels-idx1-ubyte.gz, byte 4: 2 labels, but train-images-idx3-ubyte.gz has 3 images":   {"train-labels-idx1-ubyte.gz": labels(2, 1, 0)},
		"train-images-idx3-ubyte.gz, byte 4: no images":                                               {"train-images-idx3-ubyte.gz": images(0, 2, 2)},
		"training images are [1 2 2] but test images [1 4 1]":                                         {"t10k-images-idx3-ubyte.gz": images(1, 4, 1, 9, 9, 9, 9)},
		"t10k-images-idx3-ubyte.gz, byte 0: magic number 0x00000801, want 0x00000803, an IDX file of": {"t10k-images-idx3-ubyte.gz": labels(1, 7)},
	} {
		train, test, err := LoadFS(fsOf(changes), "x")
		if err == nil || !strings.HasPrefix(err.Error(), "data: ") || !strings.Contains(err.Error(), want) || train != nil || test != nil {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}

// Names of the classes, of which one has no examples.
func TestClassNames(t *testing.T) {
	for text, want := range map[string]string{
		"a\nb\r\nc\nd\ne\nf\ng\nh\ni\nj\nk\n": "",
		"a\nb\nc":                             "classes.txt has 3 names, but there is a label 9",
		"a\nb\na\nd\ne\nf\ng\nh\ni\nj":        `classes.txt, line 3: "a", want`,
		"a\n\nc\nd\ne\nf\ng\nh\ni\nj":         `classes.txt, line 2: "", want`,
		strings.Repeat("a long name", 10_000): "more than 65536 bytes",
	} {
		train, test, err := LoadFS(fsOf(map[string][]byte{"classes.txt": []byte(text)}), "x")
		if want != "" {
			if err == nil || !strings.Contains(err.Error(), want) || train != nil {
				t.Errorf("%.40q: %v", text, err)
			}
			continue
		}
		if err != nil || train.Validate() != nil || test.Validate() != nil || test.Classes != 11 || train.ClassNames[1] != "b" {
			t.Errorf("%v: %v", train, err)
		}
	}
}

// Colours, any size and more than ten classes; the test set has the largest
// label.
func TestLoadOtherSetsThanDigits(t *testing.T) {
	for _, name := range []string{"train-images-idx3-ubyte", "train-images.idx4-ubyte"} {
		files := fsOf(map[string][]byte{
			"train-images-idx3-ubyte.gz": nil,
			name:                         colours(2, 3, 1, 2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
			"train-labels-idx1-ubyte.gz": labels(2, 0, 12),
			"t10k-images-idx3-ubyte.gz":  colours(1, 3, 1, 2, 1, 1, 1, 1, 1, 1),
			"t10k-labels-idx1-ubyte.gz":  labels(1, 255),
		})
		train, test, err := LoadFS(files, "x")
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range []*Set{train, test} {
			if err := s.Validate(); err != nil || !slices.Equal(s.Shape, []int{3, 1, 2}) || s.Classes != 256 {
				t.Errorf("%s: %s: %v, %d classes, %v", name, s.Name, s.Shape, s.Classes, err)
			}
		}
	}
}

// locked refuses to open anything.
type locked struct{}

func (locked) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
}

func TestLoadFromNowhere(t *testing.T) {
	if _, _, err := LoadFS(locked{}, "x"); err == nil || err.Error() != "data: open train-images-idx3-ubyte: permission denied" {
		t.Errorf("locked files: %v", err)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		dir:                           "no file train-images-idx3-ubyte, plain or .gz (in " + dir + ")",
		file:                          file + " is no directory; give the one that holds the four IDX files",
		filepath.Join(dir, "nowhere"): "no such file or directory",
	} {
		if _, _, err := Load(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}
