package checkpoint

import (
	"fmt"
	"slices"
	"strings"

	"gorgonia.org/tensor"

	"symgrad/models"
	"symgrad/train"
	"symgrad/train/checkpoint/safetensors"
)

// slotPrefix begins the names of the optimiser's tensors.
const slotPrefix = "optimizer."

func slotName(slot, param string) string { return slotPrefix + slot + "." + param }

// slotNames are the names of a state's tensors, as the optimiser has them; none
// where the state is left out.
func slotNames(s train.State) ([]string, error) {
	if s.Slots == nil {
		return nil, nil
	}
	o, err := train.OptimizerByName(s.Optimizer)
	return o.Slots, err
}

// slots reads the optimiser's tensors, those that it has: of every parameter all,
// or none at all.
func slots(net *models.Network, f *safetensors.File, optimizer string, slotNames []string) (map[string][]any, error) {
	has := 0
	for _, t := range f.Tensors {
		if strings.HasPrefix(t.Name, slotPrefix) {
			has++
		}
	}
	if want := len(slotNames) * len(net.Params); has != want {
		return nil, fmt.Errorf("%d tensors of the optimizer, want %d", has, want)
	}
	if has == 0 {
		return nil, nil
	}
	out := map[string][]any{}
	at := layouts(net)
	for i, p := range net.Params {
		for _, slot := range slotNames {
			t := f.Tensor(slotName(slot, p.Name))
			if t == nil {
				return nil, fmt.Errorf("tensor %.300s is missing", slotName(slot, p.Name))
			}
			if err := at[i].check(t); err != nil {
				return nil, err
			}
			var numbers any = make([]float64, p.Len())
			if p.Dtype() == tensor.Float32 {
				numbers = make([]float32, p.Len())
			}
			at[i].decode(t, numbers)
			out[p.Name] = append(out[p.Name], numbers)
		}
	}
	if o, _ := train.OptimizerByName(optimizer); !slices.Equal(o.Slots, slotNames) { // an unknown one has none
		return nil, fmt.Errorf("tensors %.100q are not those of an optimizer %.100q", slotNames, optimizer)
	}
	return out, nil
}
