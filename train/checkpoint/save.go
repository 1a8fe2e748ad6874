package checkpoint

import (
	"encoding/json"
	"fmt"
	"io"

	"symgrad/models"
	"symgrad/train/checkpoint/safetensors"
	"symgrad/train/outdir"
)

// Save writes a network and what is known of it to a file. Whatever goes wrong,
// the file that stood there before stays as it was, as [outdir.WriteFile] says.
func Save(path string, net *models.Network, m Meta) error {
	f, err := encode(net, m)
	if err != nil {
		return fmt.Errorf("checkpoint: %s: %w", path, err)
	}
	if err := outdir.WriteFile(path, f.Write); err != nil {
		return fmt.Errorf("checkpoint: %s was not saved: %w", path, err)
	}
	return nil
}

// Write writes what [Save] does.
func Write(w io.Writer, net *models.Network, m Meta) error {
	f, err := encode(net, m)
	if err == nil {
		err = f.Write(w)
	}
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	return nil
}

func encode(net *models.Network, m Meta) (*safetensors.File, error) {
	s, err := describe(net.Spec)
	if err != nil {
		return nil, err
	}
	f := &safetensors.File{}
	at := layouts(net)
	for i, p := range net.Params {
		f.Tensors = append(f.Tensors, at[i].encode(p.Name, p.Data()))
	}
	slots, err := slotNames(m.Progress.State)
	if err != nil {
		return nil, err
	}
	for i, p := range net.Params {
		tensors := m.Progress.State.Slots[p.Name]
		if len(tensors) != len(slots) {
			return nil, fmt.Errorf("the optimizer's state has %d tensors for %s, want %d", len(tensors), p.Name, len(slots))
		}
		for j, numbers := range tensors {
			f.Tensors = append(f.Tensors, at[i].encode(slotName(slots[j], p.Name), numbers))
		}
	}
	text, err := json.Marshal(m.file(s, slots))
	if err != nil {
		return nil, err
	}
	f.Metadata = map[string]string{"format": "pt", metaKey: string(text)}
	f.Metadata[sumKey] = checksum(f)
	return f, nil
}
