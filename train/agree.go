package train

import (
	"crypto/sha256"
	"fmt"
)

// Alike checks that all processes of a group have the same sum of something, all
// of one length, and else names those that have another than rank 0.
func Alike(g Group, what string, sum []byte) error {
	all := make([]byte, g.Size()*len(sum))
	of := func(rank int) int { return rank * len(sum) }
	copy(all[of(g.Rank()):], sum)
	if err := gather(g, all, of); err != nil {
		return err
	}
	var others []int
	for rank := range g.Size() {
		if string(all[of(rank):of(rank+1)]) != string(all[:of(1)]) {
			others = append(others, rank)
		}
	}
	if others != nil {
		return fmt.Errorf("train: rank 0 has other %s than ranks %v", what, others)
	}
	return nil
}

// sameWeights checks that all processes hold the same weights, bit by bit.
func (t *Trainer) sameWeights() error {
	if t.cfg.Group.Size() == 1 {
		return nil
	}
	hash := sha256.New()
	for _, p := range t.net.Params {
		switch w := p.Data().(type) {
		case []float32:
			hash.Write(bytesOf(w))
		case []float64:
			hash.Write(bytesOf(w))
		}
	}
	return Alike(t.cfg.Group, fmt.Sprintf("weights after epoch %d (do their processors round differently?)", t.epoch+1), hash.Sum(nil))
}
