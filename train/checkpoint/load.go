package checkpoint

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"symgrad/models"
	"symgrad/train/checkpoint/safetensors"
)

// Load reads what [Save] wrote: the network, with its weights, and what is known
// of it.
func Load(path string) (*models.Network, Meta, error) {
	f, err := open(path)
	if err != nil {
		return nil, Meta{}, err
	}
	net, m, err := decode(f)
	if err != nil {
		return nil, Meta{}, fmt.Errorf("checkpoint: %s: %w", path, err)
	}
	return net, m, nil
}

// Read reads what [Write] or [Save] wrote, from a file of an fs.FS, say.
func Read(r io.Reader) (*models.Network, Meta, error) {
	var net *models.Network
	var m Meta
	f, err := safetensors.Read(r)
	if err == nil {
		net, m, err = decode(f)
	}
	if err != nil {
		return nil, Meta{}, fmt.Errorf("checkpoint: %w", err)
	}
	return net, m, nil
}

// open reads a file, no more of it than its header tells of.
func open(path string) (*safetensors.File, error) {
	if info, err := os.Stat(path); err == nil && info.Mode()&fs.ModeNamedPipe != 0 { // opening it waits for who may never write
		return nil, fmt.Errorf("checkpoint: %s is a pipe, want a file", path)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("checkpoint: %w", err)
	}
	defer file.Close()
	f, err := safetensors.Read(file)
	if err != nil {
		return nil, fmt.Errorf("checkpoint: %s: %w", path, err)
	}
	return f, nil
}

// LoadWeights fills a network with the weights of any safetensors file whose
// tensors have the network's names and PyTorch's layouts: one saved by PyTorch,
// or a checkpoint. Tensors of an optimiser are passed over; any other that the
// network does not have is an error. After an error the network is as it was.
func LoadWeights(net *models.Network, path string) error {
	f, err := open(path)
	if err != nil {
		return err
	}
	if err = verify(f, false); err == nil {
		err = fill(net, f)
	}
	if err != nil {
		return fmt.Errorf("checkpoint: %s: %w", path, err)
	}
	return nil
}

func decode(f *safetensors.File) (*models.Network, Meta, error) {
	if err := verify(f, true); err != nil {
		return nil, Meta{}, err
	}
	var m meta
	if err := json.Unmarshal([]byte(f.Metadata[metaKey]), &m); err != nil {
		return nil, Meta{}, fmt.Errorf("metadata: %w", err)
	}
	if err := m.printable(); err != nil {
		return nil, Meta{}, err
	}
	if err := m.ordered(); err != nil {
		return nil, Meta{}, err
	}
	net, err := m.Architecture.build(f)
	if err != nil {
		return nil, Meta{}, err
	}
	if err := fill(net, f); err != nil {
		return nil, Meta{}, err
	}
	out := m.meta()
	if out.Progress.State.Slots, err = slots(net, f, m.Optimizer, m.Slots); err != nil {
		return nil, Meta{}, err
	}
	return net, out, nil
}

// fill copies the weights once all of them are seen to fit.
func fill(net *models.Network, f *safetensors.File) error {
	at := layouts(net)
	var known []string
	for i, p := range net.Params {
		known = append(known, p.Name)
		t := f.Tensor(p.Name)
		if t == nil {
			return fmt.Errorf("tensor %s of the network %s is missing; there are %s", p.Name, net.Name, names(f))
		}
		if err := at[i].check(t); err != nil {
			return err
		}
	}
	for _, t := range f.Tensors {
		if !slices.Contains(known, t.Name) && !strings.HasPrefix(t.Name, slotPrefix) {
			return fmt.Errorf("tensor %s %v is none of the network %s", t.Name, t.Shape, net.Name)
		}
	}
	for i, p := range net.Params {
		at[i].decode(f.Tensor(p.Name), p.Data())
	}
	return nil
}

// names lists a file's first tensors.
func names(f *safetensors.File) string {
	var out []string
	for i, t := range f.Tensors {
		if i == 8 {
			out = append(out, "...")
			break
		}
		out = append(out, t.Name)
	}
	if out == nil {
		return "none"
	}
	return strings.Join(out, ", ")
}

// errForeign is what Load says of a safetensors file of another program.
var errForeign = errors.New("no checkpoint of symgrad: its metadata has no architecture; LoadWeights reads its weights into a network")
