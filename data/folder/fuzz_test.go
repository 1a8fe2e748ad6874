package folder_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"symgrad/data/folder"
)

// Folders of any names with files of any contents are a set whose parts fit, or
// an error. A script's bytes say which files there are: a class, a name,
// a content.
func FuzzLoad(f *testing.F) {
	var contents [][]byte
	for i := range 4 {
		img := image.NewRGBA(image.Rect(0, 0, 5+i/2, 6))
		img.Set(i, i, color.RGBA{200, uint8(60 * i), 9, 255})
		var b bytes.Buffer
		if err := png.Encode(&b, img); err != nil {
			f.Fatal(err)
		}
		contents = append(contents, b.Bytes())
	}
	contents = append(contents, nil, []byte("text"), contents[0][:40])
	classes := []string{"a", "b", "c", "train/a", "train/b", "test/a", "test/b", "test/c", ".hidden", "\x1b[2J", "a/deep", "."}
	names := []string{"0.png", "1.png", "2.PNG", "3.jpg", "notes.txt", ".png", "\n.png", strings.Repeat("n", 200) + ".png"}
	f.Add([]byte{}, 0)
	f.Add([]byte{0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1}, 0)
	f.Add([]byte{3, 0, 0, 4, 1, 1, 5, 0, 0, 6, 0, 1}, 8)
	f.Add([]byte{0, 0, 0, 1, 0, 5, 8, 0, 0, 9, 6, 2}, 3)
	f.Fuzz(func(t *testing.T, script []byte, size int) {
		dir := t.TempDir()
		for at := 0; at+2 < len(script) && at < 60; at += 3 {
			class := filepath.Join(dir, classes[int(script[at])%len(classes)])
			if err := os.MkdirAll(class, 0o755); err != nil {
				return // a file is there
			}
			name := filepath.Join(class, names[int(script[at+1])%len(names)])
			if err := os.WriteFile(name, contents[int(script[at+2])%len(contents)], 0o644); err != nil {
				return
			}
		}
		train, test, err := folder.Load(context.Background(), dir, folder.Options{Size: max(size%64, 0), Seed: uint64(len(script)), Workers: 2})
		if err != nil {
			return
		}
		if train.Len() < 1 || test.Len() < 1 || train.Classes != test.Classes || len(train.ClassNames) != train.Classes ||
			len(train.Pixels) != train.Len()*train.Size() || len(test.Pixels) != test.Len()*test.Size() {
			t.Fatalf("%v with %d, %v with %d", train, train.Len(), test, test.Len())
		}
	})
}
