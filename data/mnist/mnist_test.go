package mnist

import (
	"crypto/md5"
	"fmt"
	"io/fs"
	"math"
	"reflect"
	"runtime"
	"slices"
	"testing"

	"symgrad/data"
)

func TestTheOfficialFiles(t *testing.T) {
	for name, want := range map[string]string{
		"train-images-idx3-ubyte.gz": "f68b3c2dcbeaaa9fbdd348bbdeb94873",
		"train-labels-idx1-ubyte.gz": "d53e105ee54ea40749a09fcbcd1e9432",
		"t10k-images-idx3-ubyte.gz":  "9fb629c4189551a2d022fa330f9573f3",
		"t10k-labels-idx1-ubyte.gz":  "ec29112dd5afa0611ce80d1b7f02629c",
	} {
		content, err := fs.ReadFile(Files(), name)
		if got := fmt.Sprintf("%x", md5.Sum(content)); err != nil || got != want {
			t.Errorf("%s: md5 %s, want %s (%v)", name, got, want, err)
		}
	}
}

func TestMNIST(t *testing.T) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	train, test, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)

	// No second copy: 54.9 MB of pixels, the reader's two first chunks of 1 MB,
	// and what gzip needs for itself.
	if got := after.TotalAlloc - before.TotalAlloc; got > 65e6 {
		t.Errorf("decoding allocated %d bytes", got)
	}
	t.Run("labels", func(t *testing.T) { checkLabels(t, train, test) })
	t.Run("pixels", func(t *testing.T) { checkPixels(t, train) })
	t.Run("train alone", func(t *testing.T) { checkAlone(t, train, Train) })
	t.Run("test alone", func(t *testing.T) { checkAlone(t, test, Test) })
	t.Run("the first", func(t *testing.T) { checkFirst(t, train, test) })
}

// checkFirst expects the same images, and none of the others in memory.
func checkFirst(t *testing.T, train, test *data.Set) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	few, fewer, err := First(3, 1)
	if err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if !reflect.DeepEqual(few, train.Head(3)) || !reflect.DeepEqual(fewer, test.Head(1)) {
		t.Errorf("%v and %v", few, fewer)
	}
	if got := after.TotalAlloc - before.TotalAlloc; got > 1e6 {
		t.Errorf("four images allocated %d bytes", got)
	}
}

// checkLabels compares how often each digit occurs, as is widely published, and
// the first labels.
func checkLabels(t *testing.T, train, test *data.Set) {
	for _, c := range []struct {
		set   *data.Set
		name  string
		first []int
		count [10]int
	}{
		{train, "MNIST training set", []int{5, 0, 4, 1, 9, 2, 1, 3, 1, 4}, [10]int{5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949}},
		{test, "MNIST test set", []int{7, 2, 1, 0, 4, 1, 4, 9, 5, 9}, [10]int{980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009}},
	} {
		if err := c.set.Validate(); err != nil {
			t.Error(err)
		}
		if !slices.Equal(c.set.Shape, []int{1, 28, 28}) || c.set.Classes != 10 || c.set.Name != c.name {
			t.Errorf("%q: shape %v, %d classes, want %q", c.set.Name, c.set.Shape, c.set.Classes, c.name)
		}
		var count [10]int
		for _, l := range c.set.Labels {
			count[l]++
		}
		if count != c.count || !slices.Equal(c.set.Labels[:10], c.first) {
			t.Errorf("%s: digits occur %v times, the first are %v", c.name, count, c.set.Labels[:10])
		}
	}
}

// checkPixels compares mean and standard deviation of the training pixels over
// 255 with those that PyTorch's MNIST example normalises by: 0.1307 and 0.3081.
func checkPixels(t *testing.T, train *data.Set) {
	var count [256]float64
	for _, p := range train.Pixels {
		count[p]++
	}
	var sum, squares float64
	for p, n := range count {
		sum += n * float64(p)
		squares += n * float64(p) * float64(p)
	}
	n := float64(len(train.Pixels))
	mean := sum / n
	deviation := math.Sqrt(squares/n - mean*mean)
	if !(math.Abs(mean/255-0.1307) <= 5e-5) || !(math.Abs(deviation/255-0.3081) <= 5e-5) {
		t.Errorf("mean %.5f, standard deviation %.5f", mean/255, deviation/255)
	}
}

func checkAlone(t *testing.T, want *data.Set, read func() (*data.Set, error)) {
	got, err := read()
	if err != nil {
		t.Fatal(err)
	}
	if got.Name != want.Name || !slices.Equal(got.Pixels, want.Pixels) || !slices.Equal(got.Labels, want.Labels) {
		t.Errorf("%s differs from %s of Load", got.Name, want.Name)
	}
}

func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := Load(); err != nil {
			b.Fatal(err)
		}
	}
}
