package own

import (
	"fmt"
	"math"

	"symgrad/models"
)

// Cost is what a step of a model takes in one process: seconds that every shard
// takes, and every image, fitted to measured steps; the bytes of the gradient, and
// the seconds that adding one of them takes (gamma).
type Cost struct {
	Model              string
	PerShard, PerImage float64
	Gradient, Adding   float64
}

// Fit finds the costs from steps of one process: those of the largest batch in
// one shard and in the most shards give the cost of a shard, the former alone
// that of an image. What a byte takes to be added is measured apart.
func Fit(model string, shares []Share, adding float64) (Cost, error) {
	var one, many Share
	for _, s := range shares {
		if s.Model != model || s.Processes != 1 {
			continue
		}
		if s.Shards == 1 && s.Batch > one.Batch {
			one = s
		}
		if s.Batch > many.Batch || s.Batch == many.Batch && s.Shards > many.Shards {
			many = s
		}
	}
	if one.Batch == 0 || many.Batch != one.Batch || many.Shards == 1 {
		return Cost{}, fmt.Errorf("no steps of %s alone, in one shard and in more", model)
	}
	net, err := spec(model).New(models.NewRand(1))
	if err != nil {
		return Cost{}, err
	}
	c := Cost{Model: model, Adding: adding}
	for _, p := range net.Params {
		c.Gradient += 4 * float64(p.Len())
	}
	c.PerShard = max(0, (many.Step.Median-one.Step.Median)/float64(many.Shards-1)) / 1e3
	c.PerImage = (one.Step.Median/1e3 - c.PerShard) / float64(one.Batch)
	return c, nil
}

// Networks are assumed, not measured: usual figures of MPI over each.
func Networks() []Network {
	return []Network{{"1 GbE", 50e-6, 1 / 0.117e9}, {"25 GbE", 20e-6, 1 / 2.8e9}, {"100 Gb InfiniBand", 2e-6, 1 / 11e9}}
}

// Step is the seconds that a step should take on a number of processes, each with
// one shard of the batch: computing, then recursive halving and doubling of the
// gradient (2 log2 P messages, 2 (P-1)/P of its bytes, (P-1)/P of them added) and
// the gathering of the losses (2 log2 P short messages). Nothing is taken to
// overlap. See R. Thakur, R. Rabenseifner and W. Gropp, "Optimization of
// Collective Communication Operations in MPICH", 2005.
func (c Cost) Step(n Network, batch float64, processes int) float64 {
	p := float64(processes)
	bytes := (p - 1) / p * c.Gradient
	return c.PerShard + c.PerImage*batch/p + 4*math.Ceil(math.Log2(p))*n.Alpha + bytes*(2*n.Beta+c.Adding)
}

// Doubling is the least share of its twofold speed that a doubling of the
// processes keeps, up to a number of them.
func (c Cost) Doubling(n Network, batch float64, upTo int) float64 {
	least := 1.0
	for p := 2; p <= upTo; p *= 2 {
		least = min(least, c.Step(n, batch, p/2)/c.Step(n, batch, p)/2)
	}
	return least
}

// Efficiency is the share of the processes' time that is used as one alone would
// use it: 1 when P processes are P times as fast.
func (c Cost) Efficiency(n Network, batch float64, processes int) float64 {
	return c.Step(n, batch, 1) / c.Step(n, batch, processes) / float64(processes)
}
