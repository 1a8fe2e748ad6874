package report

import (
	"fmt"
	"slices"

	"symgrad/data"
	"symgrad/models"
	"symgrad/train"
)

// Digits shows examples of a set of images, grey or in colour, with their labels.
func Digits(set *data.Set, examples ...int) (Figure, error) {
	p := panel{columns: min(len(examples), 10), size: 84}
	for _, i := range examples {
		t, err := shown(set, i)
		if err != nil {
			return Figure{}, err
		}
		p.tiles = append(p.tiles, t)
		p.tiles[len(p.tiles)-1].text = []string{label(set, i)}
	}
	if len(p.tiles) == 0 {
		return Figure{}, fmt.Errorf("report: no examples of %s to draw", set.Name)
	}
	return panels(set.Name, []panel{p}), nil
}

// Mistakes shows the examples that a network gets wrong and is surest of: label,
// answer and its probability. Answers are an evaluation's, of the same set.
func Mistakes(net *models.Network, set *data.Set, answers []int) (Figure, error) {
	if len(answers) != set.Len() || set.Labels == nil {
		return Figure{}, fmt.Errorf("report: %d answers for the %d examples of %s", len(answers), set.Len(), set.Name)
	}
	var wrong []int
	for i, a := range answers {
		if a != set.Labels[i] {
			wrong = append(wrong, i)
		}
	}
	title := fmt.Sprintf("%d of %d wrong; the worst of them", len(wrong), set.Len())
	if len(wrong) == 0 {
		return panels("No mistakes in " + set.Name), nil
	}
	sure, err := probabilities(net, set, wrong)
	if err != nil {
		return Figure{}, err
	}
	slices.SortStableFunc(wrong, func(a, b int) int {
		switch {
		case sure[a] > sure[b]:
			return -1
		case sure[a] < sure[b]:
			return 1
		}
		return 0
	})
	p := panel{heading: "label, answer and how sure the network was of it", columns: 6, size: 112}
	for _, i := range wrong[:min(len(wrong), 18)] {
		t, err := shown(set, i)
		if err != nil {
			return Figure{}, err
		}
		is, said := "is "+label(set, i), "said "+className(set.ClassNames, answers[i])
		t.text = []string{is + ", " + said}
		if len(t.text[0]) > 18 { // what stands below a tile
			t.text = []string{is, said}
		}
		t.text = append(t.text, fmt.Sprintf("%.1f %%, image %d", 100*sure[i], i))
		p.tiles = append(p.tiles, t)
	}
	return panels(title, []panel{p}), nil
}

// probabilities is how probable the network thinks its answers to examples are.
func probabilities(net *models.Network, set *data.Set, examples []int) (map[int]float64, error) {
	predictor, err := train.NewPredictor(net, len(examples), nil)
	if err != nil {
		return nil, err
	}
	defer predictor.Close()
	x := make([]float64, len(examples)*set.Size())
	data.Gather(set, examples, x, nil)
	predictions, err := predictor.Predict(x)
	if err != nil {
		return nil, err
	}
	sure := map[int]float64{}
	for k, p := range predictions {
		sure[examples[k]] = p.Probabilities[p.Class]
	}
	return sure, nil
}

// shown is an example of a set of images: of one channel as ink on paper, of
// three in colour.
func shown(set *data.Set, example int) (tile, error) {
	if len(set.Shape) != 3 || set.Shape[0] != 1 && set.Shape[0] != 3 || example < 0 || example >= set.Len() {
		return tile{}, fmt.Errorf("report: example %d of %s, %d examples of %v: want one of images (1 or 3 channels, height, width)", example, set.Name, set.Len(), set.Shape)
	}
	x := make([]float64, set.Size())
	data.Gather(set, []int{example}, x, nil)
	t := tile{width: set.Shape[2], values: x, paint: ink}
	if set.Shape[0] == 3 {
		t.paint = nil
	}
	return t, nil
}

func label(set *data.Set, example int) string {
	if set.Labels == nil {
		return ""
	}
	return className(set.ClassNames, set.Labels[example])
}
