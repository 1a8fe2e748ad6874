package train

import (
	"fmt"

	"symgrad/models"
)

// firstNonFinite names the first place, from the input to the loss, where a
// training graph holds NaN or an infinity: a weight or a layer's output. The
// graph is run once more with every layer's output kept.
func firstNonFinite(net *models.Network, g *models.TrainingGraph) string {
	if g == nil {
		return "another process"
	}
	if !allFinite(g.Input.Value().Data()) {
		return "the input"
	}
	machine, err := OwnVM(1)(g.Expr, g.Layers...)
	if err != nil {
		return fmt.Sprintf("a place that could not be found (%v)", err)
	}
	defer machine.Close()
	runErr := machine.RunAll()
	for i, name := range net.LayerNames() {
		for _, p := range net.LayerParams(i) {
			if !allFinite(p.Data()) {
				return p.Name
			}
		}
		if v := machine.Value(g.Layers[i]); v != nil && !allFinite(v.Data()) {
			return "the output of " + name
		}
	}
	if runErr != nil {
		return fmt.Sprintf("a place that could not be found (%v)", runErr)
	}
	return "the loss itself"
}
