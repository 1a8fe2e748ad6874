package checkpoint

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"symgrad/models"
	"symgrad/train/checkpoint/safetensors"
)

// Save writes a network and what is known of it to a file. Whatever goes wrong,
// the file that stood there before stays as it was. What is being written stands
// beside it as PATH.tmp, so two processes must not save to one path.
func Save(path string, net *models.Network, m Meta) error {
	f, err := encode(net, m)
	if err != nil {
		return fmt.Errorf("checkpoint: %s: %w", path, err)
	}
	if err := replace(path, f.Write); err != nil {
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
	if m.Progress.State.Slots != nil {
		for i, p := range net.Params {
			tensors := m.Progress.State.Slots[p.Name]
			if len(tensors) != len(slots) {
				return nil, fmt.Errorf("the optimizer's state has %d tensors for %s, want %d", len(tensors), p.Name, len(slots))
			}
			for j, numbers := range tensors {
				f.Tensors = append(f.Tensors, at[i].encode(slotName(slots[j], p.Name), numbers))
			}
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

// replace writes a file beside path, syncs it and renames it to path, then
// syncs the directory.
func replace(path string, write func(io.Writer) error) (err error) {
	tmp := path + ".tmp"
	f, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(tmp, path)
	}
	if err != nil {
		_ = os.Remove(tmp) // what is left of it only takes room
		return err
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes a rename last. Windows has no such thing.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
