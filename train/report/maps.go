package report

import (
	"fmt"
	"strings"

	"symgrad/data"
	"symgrad/models"
	"symgrad/train"
)

// Stage is a network at some moment of its training.
type Stage struct {
	Name string // "before training"
	Net  *models.Network
}

// most is how many maps and filters a picture shows of each layer: the
// tutorial's two rows of five.
const most = 10

// Filters shows the first channel of the first convolution's filters, one panel
// a stage.
func Filters(stages ...Stage) (Figure, error) {
	var row []panel
	for _, s := range stages {
		w, err := firstFilters(s.Net)
		if err != nil {
			return Figure{}, err
		}
		values := w.Float64s()
		each := w.Len() / w.Shape[0]
		heading := s.Name + of(w.Shape[0])
		if w.Shape[1] > 1 {
			heading += fmt.Sprintf(", channel 1 of %d", w.Shape[1])
		}
		p := panel{heading: heading, columns: 5, size: 66}
		for k := range min(w.Shape[0], most) {
			filter := values[k*each:][:w.Shape[2]*w.Shape[3]]
			p.tiles = append(p.tiles, tile{width: w.Shape[3], values: filter, paint: signed(values)})
		}
		row = append(row, p)
	}
	return panels("Filters of the first convolution: orange above zero, blue below", row), nil
}

func firstFilters(net *models.Network) (*models.Param, error) {
	for _, p := range net.Params {
		if len(p.Shape) == 4 {
			return p, nil
		}
	}
	return nil, fmt.Errorf("report: %s has no filters to draw", net.Name)
}

// FeatureMaps shows what each layer makes of one example of a set, as far as it
// makes maps: the tutorial's figures, one column a stage.
func FeatureMaps(set *data.Set, example int, stages ...Stage) (Figure, error) {
	picture, err := shown(set, example)
	if err != nil {
		return Figure{}, err
	}
	rows := [][]panel{{{heading: "image " + fmt.Sprint(example), tiles: []tile{picture}, columns: 1, size: 84}}}
	for column, s := range stages {
		layers, err := train.Layers(s.Net, picture.values)
		if err != nil {
			return Figure{}, err
		}
		row := 0
		for _, l := range layers {
			if len(l.Shape) != 3 {
				continue
			}
			if row++; column == 0 {
				rows = append(rows, nil)
			}
			rows[row] = append(rows[row], mapsOf(s, l))
		}
	}
	if len(rows) == 1 {
		return Figure{}, fmt.Errorf("report: %s makes no maps to draw", stages[0].Net.Name)
	}
	title := "What each layer makes of " + article(label(set, example)) + ": each map from its least (black) to its most (white)"
	return panels(title, rows...), nil
}

func article(name string) string {
	if name == "8" || strings.ContainsRune("AEIOUaeiou", rune(name[0])) {
		return "an " + name
	}
	return "a " + name
}

func mapsOf(s Stage, l train.LayerOutput) panel {
	area := l.Shape[1] * l.Shape[2]
	p := panel{heading: fmt.Sprintf("%s, %s: %d x %d%s", s.Name, l.Name, l.Shape[1], l.Shape[2], of(l.Shape[0])), columns: 5, size: 72}
	for k := range min(l.Shape[0], most) {
		values := l.Values[k*area : (k+1)*area]
		p.tiles = append(p.tiles, tile{width: l.Shape[2], values: values, paint: stretched(values)})
	}
	return p
}

// of says that not all maps are shown.
func of(maps int) string {
	if maps > most {
		return fmt.Sprintf(", %d of %d", most, maps)
	}
	return ""
}

// Images shows maps of numbers, rows of the given width, each from its least
// (black) to its most (white).
func Images(title string, width int, maps ...[]float64) (Figure, error) {
	p := panel{columns: min(len(maps), 5), size: 112}
	for i, m := range maps {
		if width < 1 || len(m) == 0 || len(m)%width != 0 {
			return Figure{}, fmt.Errorf("report: map %d has %d numbers, want rows of %d", i, len(m), width)
		}
		p.tiles = append(p.tiles, tile{width: width, values: m, paint: stretched(m)})
	}
	if len(maps) == 0 {
		return Figure{}, fmt.Errorf("report: %q: no maps to draw", title)
	}
	return panels(title, []panel{p}), nil
}
