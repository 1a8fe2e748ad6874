package pretrained_test

import (
	"errors"
	"image"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"symgrad/cmd/internal/pretrained"
	"symgrad/data"
	"symgrad/data/digit"
	"symgrad/data/digit/photo"
	"symgrad/data/sketch"
	"symgrad/train"
)

// What the built-in network reads, refuses and is sure of. Nothing in these tests
// was trained on, and these drawings were drawn when all else was fixed; but while
// it was made, drawings of the same kinds were looked at.
//
//	LONG=1 go test -v -run Rates ./cmd/internal/pretrained
//
// prints the figures that the README has.

const side = 140 // of a drawing

// reader asks the built-in network, one picture at a time.
func reader(t *testing.T) func(pixels []float64) (train.Prediction, error) {
	t.Helper()
	net, err := pretrained.Load("")
	if err != nil {
		t.Fatal(err)
	}
	p, err := train.NewPredictor(net, 1, train.OwnVM(1))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return func(pixels []float64) (train.Prediction, error) {
		answers, err := p.Predict(pixels)
		if err != nil {
			return train.Prediction{}, err
		}
		return answers[0], nil
	}
}

// read is what is read on a picture: a digit, several, or nothing.
func read(t *testing.T, ask func([]float64) (train.Prediction, error), img image.Image) string {
	t.Helper()
	d, err := digit.Find(img)
	if errors.Is(err, digit.ErrBlank) {
		return ""
	}
	if err != nil {
		t.Fatal(err)
	}
	whole, err := ask(d.Pixels)
	if err != nil {
		t.Fatal(err)
	}
	if whole.Class != pretrained.NoDigit {
		return strconv.Itoa(whole.Class)
	}
	several, err := pretrained.Several(d, whole, ask)
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	for _, s := range several {
		text += strconv.Itoa(s.Class)
	}
	return text
}

// share is the percentage of n tries that succeed; each has a random source of its
// own. Without LONG=1 it is of a fortieth of them.
func share(n int, seed uint64, try func(i int, r *rand.Rand) bool) float64 {
	if !long() {
		n /= 40
	}
	good := 0
	for i := range n {
		if try(i, rand.New(rand.NewPCG(seed, uint64(i)))) {
			good++
		}
	}
	return 100 * float64(good) / float64(n)
}

func long() bool { return os.Getenv("LONG") != "" }

// wanted is a bound on a rate, which a small sample may miss by chance.
func wanted(t *testing.T, what string, rate, bound float64) {
	t.Helper()
	t.Logf("%s: %.1f%%", what, rate)
	if !long() {
		bound -= 15
	}
	if rate < bound {
		t.Errorf("%s: %.1f%%, want %g%%", what, rate, bound)
	}
}

func TestRatesOnMNIST(t *testing.T) {
	t.Parallel()
	net, set := load(t)
	p, err := train.NewPredictor(net, 100, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	const bins = 15
	var right, refused int
	var excess [bins]float64 // how much surer than right
	idx, pixels := make([]int, 100), make([]float64, 78400)
	for from := 0; from < set.Len(); from += len(idx) {
		for k := range idx {
			idx[k] = from + k
		}
		data.Gather(set, idx, pixels, nil)
		answers, err := p.Predict(pixels)
		if err != nil {
			t.Fatal(err)
		}
		for k, a := range answers {
			sure := a.Probabilities[a.Class]
			bin := min(int(sure*bins), bins-1)
			excess[bin] += sure
			switch a.Class {
			case set.Labels[from+k]:
				right++
				excess[bin]--
			case pretrained.NoDigit:
				refused++
			}
		}
	}
	calibration := 0.0
	for _, e := range excess {
		calibration += math.Abs(e) / float64(set.Len())
	}
	t.Logf("%d test digits: %d right, %d refused; expected calibration error %.2f%%", set.Len(), right, refused, 100*calibration)
	if right < 9900 || refused > 100 || calibration > 0.01 {
		t.Error("want 99% right, 1% refused and 1% calibration error at most")
	}
}

func TestRatesOfDrawnDigits(t *testing.T) {
	t.Parallel()
	ask, all := reader(t), 0.0
	for d := range 10 {
		good := share(50, uint64(1000+d), func(_ int, r *rand.Rand) bool {
			return read(t, ask, sketch.Digit(d, r, side)) == strconv.Itoa(d)
		})
		t.Logf("drawn %ds: %.0f%% read", d, good)
		all += good / 10
	}
	wanted(t, "drawn digits read", all, 99)
	wanted(t, "drawn numbers of 2 to 5 digits read", share(140, 1017, func(i int, r *rand.Rand) bool {
		text := []string{"12", "31415", "2025", "77", "11", "60", "984"}[i%7]
		return read(t, ask, sketch.Number(text, r, 2*side)) == text
	}), 90)
}

func TestRatesOfNoDigits(t *testing.T) {
	t.Parallel()
	ask := reader(t)
	families := sketch.Held()
	all := 0.0
	for k, f := range families {
		refused := share(40, uint64(1100+k), func(_ int, r *rand.Rand) bool { return read(t, ask, f.Draw(r, side)) == "" })
		t.Logf("%s: %.0f%% refused", f.Name, refused)
		all += refused / float64(len(families))
	}
	wanted(t, "all that is no digit refused", all, 90)
}

func TestRatesOfPhotos(t *testing.T) {
	t.Parallel()
	ask := reader(t)
	for name, kind := range map[string]func(*rand.Rand) photo.Photo{
		"on a dark desk": photo.OnDesk, "on squared paper": photo.Squared, "on squared paper on a desk": photo.SquaredOnDesk,
	} {
		t.Run(name, func(t *testing.T) {
			wanted(t, "photos "+name+" read", share(250, 1005, func(i int, r *rand.Rand) bool {
				d := r.IntN(10)
				return read(t, ask, kind(r).Take(sketch.Digit(d, r, 96), uint64(i))) == strconv.Itoa(d)
			}), 90)
		})
	}
}
