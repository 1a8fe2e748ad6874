package vm

import (
	"fmt"
	"runtime"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Config says what a machine is for. The zero value will do for any graph.
type Config struct {
	Workers int       // goroutines that share the work; 0 means GOMAXPROCS
	Results []*G.Node // nodes whose values will be read; nil: all that nothing else uses, and all gradients
}

// Machine is a graph compiled for running again and again. It implements
// gorgonia.VM. After [Machine.RunAll] the results' values can be read, by
// [Machine.Value] or from the nodes themselves; the next run overwrites them.
// A machine is not safe for concurrent use.
type Machine struct {
	engine  engine
	workers *workers
	values  map[*G.Node]G.Value
}

// engine is a compiled program in one of the two float types.
type engine interface {
	run() error
	bind(results []result) (map[*G.Node]G.Value, error)
}

var _ G.VM = (*Machine)(nil)

// New compiles a graph. The nodes' shapes must not change afterwards; inputs may
// be bound anew (gorgonia.Let) between runs.
func New(g *G.ExprGraph, cfg Config) (m *Machine, err error) {
	defer func() {
		if r := recover(); r != nil {
			m, err = nil, fmt.Errorf("vm: compiling the graph: %v", r)
		}
	}()
	if cfg.Workers < 1 {
		cfg.Workers = runtime.GOMAXPROCS(0)
	}
	if cfg.Results == nil {
		cfg.Results = defaultResults(g)
	}
	p, err := lower(g, cfg.Results)
	if err != nil {
		return nil, fmt.Errorf("vm: %w", err)
	}
	m = &Machine{workers: newWorkers(cfg.Workers)}
	if dtypeOf(g) == tensor.Float32 {
		m.engine, err = compile[float32](p, m.workers)
	} else {
		m.engine, err = compile[float64](p, m.workers)
	}
	if err != nil {
		return nil, fmt.Errorf("vm: %w", err)
	}
	if m.values, err = m.engine.bind(p.results); err != nil {
		return nil, fmt.Errorf("vm: %w", err)
	}
	// A machine that nobody closes must not leave goroutines behind.
	runtime.AddCleanup(m, func(w *workers) { w.close() }, m.workers)
	return m, nil
}

// RunAll computes the results from the inputs' present values.
func (m *Machine) RunAll() error {
	if err := m.engine.run(); err != nil {
		return fmt.Errorf("vm: %w", err)
	}
	return nil
}

// Parallel lends the machine's workers to other work between two runs: it calls
// run once for each piece, from 0, several at a time, and returns when all are
// done. Each worker has a fixed share of the pieces. Nothing is allocated.
func (m *Machine) Parallel(pieces int, run func(worker, piece int)) { m.workers.do(pieces, run) }

// Value is what a result held after the last run; nil for other nodes.
func (m *Machine) Value(n *G.Node) G.Value { return m.values[n] }

// Reset does nothing: a machine can run again at once.
func (m *Machine) Reset() {}

// Close ends the machine's goroutines. It can run again all the same.
func (m *Machine) Close() error {
	m.workers.close()
	return nil
}

// defaultResults are the nodes that no other node uses, and the gradients.
func defaultResults(g *G.ExprGraph) (results []*G.Node) {
	gradient := map[*G.Node]bool{}
	for _, n := range g.AllNodes() {
		if n.IsVar() && n.Deriv() != nil {
			gradient[n.Deriv()] = true
		}
	}
	for _, n := range g.AllNodes() {
		if gradient[n] || n.Op() != nil && g.To(n.ID()).Len() == 0 {
			results = append(results, n)
		}
	}
	return results
}

// dtypeOf is float32 where the first float node is, else float64.
func dtypeOf(g *G.ExprGraph) tensor.Dtype {
	for _, n := range g.AllNodes() {
		if d := n.Dtype(); d == tensor.Float32 || d == tensor.Float64 {
			return d
		}
	}
	return tensor.Float64
}
