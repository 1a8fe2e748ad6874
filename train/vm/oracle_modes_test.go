package vm_test

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"

	G "gorgonia.org/gorgonia"

	"symgrad/models/interpret"
	"symgrad/models/interpret/randgraph"
	"symgrad/models/stock"
	"symgrad/train/vm"
)

// judgeModes compares what a graph with batch normalisation or dropout gives in
// evaluation, and first the running statistics that a few runs in training leave.
func judgeModes(g *randgraph.Graph, all G.Nodes, inputs [2][]G.Value, opt randgraph.Options) error {
	normal, moded := map[*G.Node]stock.BatchNorm{}, false
	for _, n := range all {
		switch op := stock.Decode(n.Op()).(type) {
		case stock.BatchNorm:
			normal[n], moded = op, true
		case stock.Dropout:
			moded = true
		}
	}
	if !moded {
		return nil
	}
	if err := judgeStatistics(g, normal, inputs, opt); err != nil {
		return err
	}
	var want [2]judgement
	if err := setTraining(all, false); err != nil {
		return err
	}
	for k := range inputs {
		if err := let(g, inputs[k]); err != nil {
			return err
		}
		var err error
		if want[k], err = interpreted(g.Expr); err != nil {
			return nil // Gorgonia itself does not run it in evaluation
		}
	}
	if err := compare(g, vm.Config{Results: all, EvalMode: true, Workers: 2, Verify: true}, inputs, want, opt); err != nil {
		return fmt.Errorf("in evaluation: %w", err)
	}
	return nil
}

// judgeStatistics runs a machine and the interpreter from the same start.
func judgeStatistics(g *randgraph.Graph, normal map[*G.Node]stock.BatchNorm, inputs [2][]G.Value, opt randgraph.Options) error {
	all := slices.Collect(maps.Keys(normal))
	after := func(run func(k int) error) (map[*G.Node][2][]float64, error) {
		stats := map[*G.Node][2][]float64{}
		if err := setTraining(all, true); err != nil {
			return nil, err
		}
		for k := range inputs {
			if err := let(g, inputs[k]); err != nil {
				return nil, err
			}
			if err := run(k); err != nil {
				return nil, err
			}
		}
		for n, op := range normal {
			mean, variance := op.Op.Stats()
			stats[n] = [2][]float64{numbers(mean), numbers(variance)}
		}
		return stats, nil
	}
	m, err := vm.New(g.Expr, vm.Config{Results: all, Verify: true})
	if err != nil {
		return err
	}
	defer m.Close()
	got, err := after(func(int) error { return m.RunAll() })
	if err != nil {
		return err
	}
	var values [2]map[*G.Node]G.Value
	want, err := after(func(k int) (err error) { values[k], err = interpret.Values(g.Expr, nil); return err })
	if err != nil {
		return err
	}
	r := rand.New(rand.NewPCG(8, 14))
	for n := range normal {
		scale, open := 1.0, false
		for k := range values {
			scale = max(scale, scaleOf(g.Expr, n, values[k], map[*G.Node]float64{}))
			open = open || undecided(g.Expr, n, values[k], map[*G.Node]bool{})
		}
		for i, w := range want[n] {
			d := far(got[n][i], w, scale*scale, opt) // of squares
			for k := 0; d != "" && !open && k < 16; k++ {
				moved, err := after(func(int) error { _, err := interpret.Shaken(g.Expr, r, shake(opt)); return err })
				open = err == nil && far(moved[n][i], w, scale*scale, opt) != ""
			}
			if d != "" && !open {
				return fmt.Errorf("running statistic %d of %v %v: %s\n got %.9v\nwant %.9v", i, n, n.Shape(), d, got[n][i], w)
			}
		}
	}
	return nil
}

func setTraining(nodes G.Nodes, training bool) error {
	for _, n := range nodes {
		if op, ok := n.Op().(G.TrainModeOp); ok {
			if err := op.SetTraining(training); err != nil {
				return err
			}
		}
	}
	return nil
}

// let binds the inputs.
func let(g *randgraph.Graph, values []G.Value) error {
	for i, in := range g.Inputs {
		if err := G.Let(in, values[i]); err != nil {
			return err
		}
	}
	return nil
}

// termsWithin is how large the terms are of which batch normalisation's gradient
// is the difference, dy/deviation: of a batch of two hardly anything is left.
func termsWithin(g *G.ExprGraph, n *G.Node, values map[*G.Node]G.Value) (largest float64) {
	if n.Op() == nil {
		return 0
	}
	op, ok := stock.Decode(n.Op()).(stock.BatchNormGrad)
	if !ok {
		return 0
	}
	operands := g.From(n.ID())
	operands.Next()
	x := numbers(values[operands.Node().(*G.Node)])
	operands.Next()
	dy := numbers(values[operands.Node().(*G.Node)])
	channels, area := n.Shape()[1], n.Shape().TotalSize()/n.Shape()[0]/n.Shape()[1]
	for c := range channels {
		var own []float64
		top := 0.0
		for i, v := range x {
			if i/area%channels == c {
				own, top = append(own, v), max(top, math.Abs(dy[i]))
			}
		}
		mean, squares := 0.0, 0.0
		for _, v := range own {
			mean += v / float64(len(own))
		}
		for _, v := range own {
			squares += (v - mean) * (v - mean) / float64(len(own))
		}
		if term := top / math.Sqrt(squares+op.Epsilon); term < math.MaxFloat64 {
			largest = max(largest, term)
		}
	}
	return largest
}
