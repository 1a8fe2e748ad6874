package reference

// numpy is numpy.random.seed(seed); numpy.random.random(): MT19937 by
// init_genrand and 53-bit doubles.
type numpy struct {
	state [624]uint32
	at    int
}

func newNumpy(seed uint32) *numpy {
	n := &numpy{at: 624}
	n.state[0] = seed
	for i := uint32(1); i < 624; i++ {
		n.state[i] = 1812433253*(n.state[i-1]^n.state[i-1]>>30) + i
	}
	return n
}

func (n *numpy) word() uint32 {
	if n.at == 624 {
		for i := range n.state {
			y := n.state[i]&0x80000000 | n.state[(i+1)%624]&0x7fffffff
			n.state[i] = n.state[(i+397)%624] ^ y>>1 ^ (y&1)*0x9908b0df
		}
		n.at = 0
	}
	y := n.state[n.at]
	n.at++
	y ^= y >> 11
	y ^= y << 7 & 0x9d2c5680
	y ^= y << 15 & 0xefc60000
	return y ^ y>>18
}

// fill draws 2*random()-1.
func (n *numpy) fill(w []float64) {
	for i := range w {
		a, b := n.word()>>5, n.word()>>6
		w[i] = 2*(float64(a)*67108864+float64(b))/9007199254740992 - 1
	}
}
