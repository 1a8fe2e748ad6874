// Package cmd tests the commands as a user runs them.
package cmd

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"

	"symgrad/data/digit/photo"
	"symgrad/data/mnist"
	"symgrad/data/sketch"
)

// Without LONG=1 scripts leave out what takes long; CI runs it.
func TestScripts(t *testing.T) {
	made := t.TempDir()
	err := errors.Join(photos(filepath.Join(made, "photos")), drawings(filepath.Join(made, "drawn")), fewImages(filepath.Join(made, "few")))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:  "testdata",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"fails": fails, "pictures": pictures},
		Condition: func(cond string) (bool, error) {
			switch cond {
			case "long":
				return os.Getenv("LONG") != "", nil
			case "hangup": // under nohup commands ignore it
				return !signal.Ignored(syscall.SIGHUP), nil
			}
			return false, fmt.Errorf("no condition %q", cond)
		},
		Setup: func(env *testscript.Env) error { return os.CopyFS(env.WorkDir, os.DirFS(made)) },
	})
}

// What -h says fits a terminal of 80 columns.
func TestHelpFits(t *testing.T) {
	for _, name := range []string{"train-neuron", "train-mlp", "train-cnn", "draw-letters", "bench", "classify", "playground"} {
		text, err := exec.Command(name, "-h").CombinedOutput()
		if len(text) == 0 {
			t.Errorf("%s -h: %v", name, err)
		}
		for line := range strings.Lines(string(text)) {
			if n := len(strings.TrimSuffix(line, "\n")); n > 80 || strings.Contains(line, "\t") {
				t.Errorf("%s -h: %d columns: %s", name, n, line)
			}
		}
	}
}

// fails STATUS COMMAND ARGUMENT... runs a command that ends with a status.
func fails(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: fails STATUS COMMAND ARGUMENT...")
	}
	err := ts.Exec(args[1], args[2:]...)
	if failure := new(exec.ExitError); !errors.As(err, &failure) || strconv.Itoa(failure.ExitCode()) != args[0] {
		ts.Fatalf("%v ends with %v, want exit status %s", args[1:], err, args[0])
	}
}

// pictures NUMBER FORMAT PAGE counts the pictures in a page, which is too long to
// be shown where they are not as many.
func pictures(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: pictures NUMBER FORMAT PAGE")
	}
	page := ts.ReadFile(args[2])
	if n := strings.Count(page, `<img src="data:image/`+args[1]+`;base64,`); strconv.Itoa(n) != args[0] {
		ts.Fatalf("%s has %d pictures of %s in %d bytes, want %s", args[2], n, args[1], len(page), args[0])
	}
}

// photos writes pictures of the first three test images of MNIST, 7, 2 and 1, in
// all formats that can be written here, and a 7 as WebP.
func photos(dir string) error {
	_, set, err := mnist.First(1, 3)
	if err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	webp, err := os.ReadFile("testdata/seven.webp")
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "seven.webp"), webp, 0o644)
	}
	if err != nil {
		return err
	}
	shot := photo.Photo{Width: 240, Height: 180, Size: 112, X: 90, Y: 20, Ink: color.RGBA{20, 30, 110, 255}, Paper: color.RGBA{240, 235, 220, 255}, Lamp: 0.3, Noise: 0.02}
	for i, name := range []string{"seven.png", "two.jpg", "one.gif", "seven.bmp", "two.tiff"} {
		var b bytes.Buffer
		switch img := shot.Of(set, i%3); filepath.Ext(name) {
		case ".png":
			err = png.Encode(&b, img)
		case ".jpg":
			err = jpeg.Encode(&b, img, nil)
		case ".gif":
			err = gif.Encode(&b, img, nil)
		case ".bmp":
			err = bmp.Encode(&b, img)
		case ".tiff":
			err = tiff.Encode(&b, img, nil)
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), b.Bytes(), 0o644)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// drawings writes what is no single digit, white ink on nothing, and faint ink.
func drawings(dir string) error {
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	r := rand.New(rand.NewPCG(1, 1))
	seven := sketch.Digit(7, r, 200)
	chalk, faint := image.NewNRGBA(seven.Rect), image.NewGray(seven.Rect)
	for i, v := range seven.Pix {
		chalk.Pix[4*i], chalk.Pix[4*i+1], chalk.Pix[4*i+2], chalk.Pix[4*i+3] = 255, 255, 255, v
		faint.Pix[i] = 200 - v/32
	}
	for name, img := range map[string]image.Image{
		"star.png": sketch.Held()[3].Draw(r, 200), "31415.png": sketch.Number("31415", r, 400), "chalk.png": chalk, "faint.png": faint, "12.png": sketch.Number("12", r, 200),
	} {
		var b bytes.Buffer
		if err := png.Encode(&b, img); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, name), b.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// fewImages writes a set of few and small images, which is read at once.
func fewImages(dir string) error {
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	r := rand.New(rand.NewPCG(1, 2))
	for part, count := range map[string]int{"train": 60, "t10k": 20} {
		size := func(n int) []byte { return binary.BigEndian.AppendUint32(nil, uint32(n)) }
		images := bytes.Join([][]byte{{0, 0, 8, 3}, size(count), size(8), size(8)}, nil)
		labels := append([]byte{0, 0, 8, 1}, size(count)...)
		for i := range count {
			labels = append(labels, byte(i%3))
			for range 64 {
				images = append(images, byte(i%3*40+r.IntN(100)))
			}
		}
		err := errors.Join(os.WriteFile(filepath.Join(dir, part+"-images-idx3-ubyte"), images, 0o644),
			os.WriteFile(filepath.Join(dir, part+"-labels-idx1-ubyte"), labels, 0o644))
		if err != nil {
			return err
		}
	}
	return nil
}
