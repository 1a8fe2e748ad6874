package train

import (
	"crypto/sha256"
	"fmt"
)

// sameWeights checks that all processes of a group hold the same weights, bit by
// bit: processors of different kinds may round differently.
func (t *Trainer) sameWeights() error {
	g := t.cfg.Group
	if g.Size() == 1 {
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
	all := make([]byte, g.Size()*sha256.Size)
	of := func(rank int) int { return rank * sha256.Size }
	hash.Sum(all[:of(g.Rank()):of(g.Rank()+1)])
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
		return fmt.Errorf("train: after epoch %d the weights of ranks %v are not those of rank 0: do their processors round differently?", t.epoch+1, others)
	}
	return nil
}
