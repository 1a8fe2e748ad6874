package folder_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"

	"symgrad/data"
	"symgrad/data/folder"
)

// plain is a picture of one colour.
func plain(w, h int, c color.Color) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		img.Set(i%w, i/w, c)
	}
	return img
}

func write(t testing.TB, path string, img image.Image) {
	t.Helper()
	encode := map[string]func(io.Writer, image.Image) error{
		".png": png.Encode, ".bmp": bmp.Encode,
		".jpg":  func(w io.Writer, m image.Image) error { return jpeg.Encode(w, m, &jpeg.Options{Quality: 100}) },
		".gif":  func(w io.Writer, m image.Image) error { return gif.Encode(w, m, nil) },
		".tiff": func(w io.Writer, m image.Image) error { return tiff.Encode(w, m, nil) },
	}[filepath.Ext(path)]
	var b bytes.Buffer
	if err := encode(&b, img); err != nil {
		t.Fatal(err)
	}
	content(t, path, b.Bytes())
}

func content(t testing.TB, path string, b []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
}

func grey(v uint8) color.Color { return color.Gray{v} }

func load(t *testing.T, dir string, o folder.Options) (train, test *data.Set) {
	t.Helper()
	train, test, err := folder.Load(context.Background(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []*data.Set{train, test} {
		if err := s.Validate(); err != nil {
			t.Fatal(err)
		}
	}
	return train, test
}

// Every format, in turn of the classes; each picture's one shade says which it is.
func TestTrainAndTest(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "pets")
	for path, shade := range map[string]uint8{
		"train/cat/1.png": 10, "train/cat/2.bmp": 20, "train/cat/3.tiff": 30, "train/dog/1.gif": 51, "train/dog/2.png": 50, "test/dog/9.png": 60,
	} {
		write(t, filepath.Join(dir, path), plain(3, 2, grey(shade)))
	}
	content(t, filepath.Join(dir, "train", "cat", ".DS_Store"), []byte("hidden"))
	content(t, filepath.Join(dir, "LICENSE"), []byte("beside the folders"))
	var skipped []string
	train, test := load(t, dir, folder.Options{Skipped: func(path string) { skipped = append(skipped, filepath.Base(path)) }})
	if train.Name != "pets training set" || test.Name != "pets test set" || !slices.Equal(train.Shape, []int{1, 2, 3}) || !slices.Equal(train.ClassNames, []string{"cat", "dog"}) {
		t.Errorf("%q %q: %v, %v", train.Name, test.Name, train.Shape, train.ClassNames)
	}
	var shades []byte
	for i := range train.Len() {
		shades = append(shades, train.Pixels[6*i])
	}
	if !slices.Equal(shades, []byte{10, 51, 20, 50, 30}) || !slices.Equal(train.Labels, []int{0, 1, 0, 1, 0}) {
		t.Errorf("shades %v, labels %v", shades, train.Labels)
	}
	if test.Len() != 1 || test.Labels[0] != 1 || test.Pixels[5] != 60 || test.Classes != 2 {
		t.Errorf("test set: %v, %v", test.Labels, test.Pixels)
	}
	if !slices.Equal(skipped, []string{"LICENSE", ".DS_Store"}) {
		t.Errorf("skipped %v", skipped)
	}
}

// One coloured picture makes three channels of all, each in planes.
func TestColour(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a/1.png"), plain(1, 2, color.NRGBA{1, 2, 3, 255}))
	write(t, filepath.Join(dir, "a/2.png"), plain(1, 2, color.NRGBA{1, 2, 3, 255}))
	write(t, filepath.Join(dir, "b/1.png"), plain(1, 2, grey(9)))
	write(t, filepath.Join(dir, "b/2.png"), plain(1, 2, color.NRGBA{0, 0, 0, 0})) // transparent: white paper
	train, test := load(t, dir, folder.Options{})
	if !slices.Equal(train.Shape, []int{3, 2, 1}) || !slices.Equal(train.Pixels[:6], []byte{1, 1, 2, 2, 3, 3}) {
		t.Errorf("%v: %v", train.Shape, train.Pixels)
	}
	if last := slices.Concat(train.Pixels, test.Pixels); !bytes.Contains(last, []byte{255, 255, 255, 255, 255, 255}) {
		t.Errorf("%v", last)
	}
}

// Of 12, 6 and 3 pictures 2, 1 and 1 are for testing; the seed decides which,
// and nothing is in both or in none.
func TestSplit(t *testing.T) {
	dir := t.TempDir()
	shade := uint8(0)
	for class, n := range map[string]int{"a": 12, "b": 6, "c": 3} {
		for i := range n {
			shade++
			write(t, filepath.Join(dir, class, fmt.Sprint(i)+".png"), plain(1, 1, grey(shade)))
		}
	}
	train, test := load(t, dir, folder.Options{Seed: 1})
	again, _ := load(t, dir, folder.Options{Seed: 1, Workers: 7})
	other, _ := load(t, dir, folder.Options{Seed: 2})
	if !slices.Equal(train.Pixels, again.Pixels) || slices.Equal(train.Pixels, other.Pixels) {
		t.Error("the seed does not decide the split, or not alone")
	}
	if test.Len() != 4 || !slices.Equal(test.Labels, []int{0, 1, 2, 0}) {
		t.Errorf("test labels %v", test.Labels)
	}
	all := slices.Sorted(slices.Values(slices.Concat(train.Pixels, test.Pixels)))
	for i, v := range all {
		if int(v) != i+1 {
			t.Fatalf("pictures %v", all)
		}
	}
}

// A wide picture is scaled and centred on the colour of its edge.
func TestSize(t *testing.T) {
	dir := t.TempDir()
	wide := plain(40, 20, grey(200)).(*image.NRGBA)
	for y := 5; y < 15; y++ {
		for x := 15; x < 25; x++ {
			wide.Set(x, y, color.Black)
		}
	}
	write(t, filepath.Join(dir, "a/1.png"), wide)
	write(t, filepath.Join(dir, "a/2.png"), wide)
	write(t, filepath.Join(dir, "b/1.png"), plain(7, 5, grey(50)))
	write(t, filepath.Join(dir, "b/2.png"), plain(5, 7, grey(50)))
	train, _ := load(t, dir, folder.Options{Size: 8})
	if !slices.Equal(train.Shape, []int{1, 8, 8}) {
		t.Fatal(train.Shape)
	}
	img := train.Pixels[:64]
	if img[0] != 200 || img[63] != 200 || img[3*8+3] > 40 || img[4*8+4] > 40 || img[3*8] < 190 {
		t.Errorf("%v", img)
	}
	if b := train.Pixels[64:]; slices.Min(b) != 50 || slices.Max(b) != 50 {
		t.Errorf("%v", b)
	}
}

// What is wrong is named, and nothing is skipped.
func TestBadFolders(t *testing.T) {
	picture := func(w, h int) []byte {
		var b bytes.Buffer
		_ = png.Encode(&b, plain(w, h, grey(1)))
		return b.Bytes()
	}
	good := picture(4, 4)
	for want, files := range map[string]map[string][]byte{
		"b/2.png: broken PNG: png: invalid format: unexpected EOF":        {"a/1.png": good, "a/2.png": good, "b/1.png": good, "b/2.png": good[:len(good)-20], "c/1.png": good, "c/2.png": good},
		"b/notes.txt: no picture that can be read: want PNG, JPEG":        {"a/1.png": good, "a/2.png": good, "b/1.png": good, "b/notes.txt": []byte("hello")},
		"b/2.png: the file is empty":                                      {"a/1.png": good, "a/2.png": good, "b/1.png": good, "b/2.png": nil},
		"4 x 5 pixels, but":                                               {"a/1.png": good, "a/2.png": good, "b/1.png": picture(4, 5), "b/2.png": picture(4, 5)},
		"b/more: a folder in the class folder b":                          {"a/1.png": good, "b/1.png": good, "b/more/1.png": good},
		"b: 1 picture, want two at least":                                 {"a/1.png": good, "a/2.png": good, "b/1.png": good},
		"b: no pictures of this class":                                    {"a/1.png": good, "a/2.png": good, "b/.hidden": good},
		"1 class folders, want 2 at least":                                {"a/1.png": good, "a/2.png": good},
		"test/c: no such class in train, which has a, b":                  {"train/a/1.png": good, "train/b/1.png": good, "test/a/1.png": good, "test/c/1.png": good},
		"it has train and test, but other folders too: more, test, train": {"train/a/1.png": good, "test/a/1.png": good, "more/a/1.png": good},
		"a/bomb: broken header of a TIFF":                                 {"a/bomb": []byte("II*\x00\xf0\xff\xff\xff"), "a/2.png": good, "b/1.png": good, "b/2.png": good},
	} {
		dir := t.TempDir()
		for path, b := range files {
			content(t, filepath.Join(dir, path), b)
		}
		for _, workers := range []int{1, 3} {
			train, test, err := folder.Load(context.Background(), dir, folder.Options{Workers: workers})
			if err == nil || !strings.HasPrefix(err.Error(), "data: ") || !strings.Contains(filepath.ToSlash(err.Error()), want) || train != nil || test != nil {
				t.Errorf("want %q, got %v", want, err)
			}
		}
	}
}

func TestCancel(t *testing.T) {
	dir := t.TempDir()
	for _, path := range []string{"a/1.png", "a/2.png", "b/1.png", "b/2.png"} {
		write(t, filepath.Join(dir, path), plain(2, 2, grey(3)))
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := folder.Load(ctx, dir, folder.Options{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// 50,000 pictures of 32x32 in colour, in 10 folders.
func BenchmarkLoad50000(b *testing.B) {
	dir := b.TempDir()
	img := image.NewNRGBA(image.Rect(0, 0, 32, 32))
	for i := range img.Pix {
		img.Pix[i] = uint8(i*i>>3) | uint8(i%4/3*255)
	}
	for i := range 50000 {
		img.Pix[i%3000] ^= uint8(i) &^ uint8(i%3000%4/3*255)
		write(b, filepath.Join(dir, fmt.Sprint(i%10), fmt.Sprintf("%05d.png", i)), img)
	}
	for b.Loop() {
		train, test, err := folder.Load(context.Background(), dir, folder.Options{})
		if err != nil || train.Len()+test.Len() != 50000 || train.Shape[0] != 3 {
			b.Fatal(err)
		}
	}
}
