package safetensors

import (
	"cmp"
	"fmt"
	"slices"
)

// place is where the header says that a tensor's data are.
type place struct {
	tensor     int
	begin, end int
}

// place gives every tensor its data, which must cover all of data without holes
// or overlaps, and sorts the tensors by it.
func (f *File) place(places []place, data []byte) error {
	slices.SortStableFunc(places, func(a, b place) int { return cmp.Or(cmp.Compare(a.begin, b.begin), cmp.Compare(a.end, b.end)) })
	sorted := make([]Tensor, 0, len(places))
	at := 0
	for _, p := range places {
		t := f.Tensors[p.tensor]
		switch {
		case p.begin != at || p.end < p.begin:
			return fmt.Errorf("tensor %s: data_offsets [%d,%d], want them to start at %d: no holes, no overlaps", t.Name, p.begin, p.end, at)
		case p.end > len(data):
			return fmt.Errorf("tensor %s ends at byte %d of the data, which have %d: the file is truncated", t.Name, p.end, len(data))
		}
		n, err := dataLength(t.DType, t.Shape, len(data))
		if err != nil {
			return fmt.Errorf("tensor %s: %w", t.Name, err)
		}
		if n != p.end-p.begin {
			return fmt.Errorf("tensor %s: shape %v of %s needs %d bytes, data_offsets [%d,%d] give %d", t.Name, t.Shape, t.DType, n, p.begin, p.end, p.end-p.begin)
		}
		t.Data, at = data[p.begin:p.end:p.end], p.end
		sorted = append(sorted, t)
	}
	if at != len(data) {
		return fmt.Errorf("%d bytes follow the last tensor", len(data)-at)
	}
	f.Tensors = sorted
	return nil
}
