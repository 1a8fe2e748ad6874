package vm

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Config says what a machine is for. The zero value will do for any graph.
type Config struct {
	Workers int       // goroutines that share the work; 0 means GOMAXPROCS
	Results []*G.Node // nodes whose values will be read; nil: losses, gradients, and all that nothing else uses

	// EvalMode puts operators that know two modes, dropout and batch
	// normalisation, into that of evaluation, as gorgonia.EvalMode does. Like
	// TapeMachine, a machine sets the mode when it is made, for the whole graph.
	EvalMode bool

	Dump      io.Writer // where the program is written after each pass; nil: nowhere
	Verify    bool      // check the program after each pass and the plan of its memory
	Skip      []string  // passes to leave out, by name, see [Passes]; the values stay the same
	NoOverlap bool      // give each value memory of its own
}

// Machine is a graph compiled for running again and again. It implements
// gorgonia.VM. After [Machine.RunAll] the results' values can be read, by
// [Machine.Value] or from the nodes themselves; the next run overwrites them.
// A machine is not safe for concurrent use.
type Machine struct {
	graph   *G.ExprGraph
	config  Config
	workers *workers
	program *program
	engine  engine
	values  map[*G.Node]G.Value
	own     job // of Parallel
	tell    func(n *G.Node)
}

// engine is a compiled program in one of the two float types.
type engine interface {
	run(lent *G.Node, numbers []float32) error
	announce(f func(n *G.Node))
	hold(inputs []*G.Node)
	place(result *G.Node, numbers any, onto bool) bool
	bind(results []result, variables G.Nodes) (map[*G.Node]G.Value, error)
}

var _ G.VM = (*Machine)(nil)

// New compiles a graph. The nodes' shapes must not change afterwards; inputs may
// be bound anew (gorgonia.Let) between runs.
func New(g *G.ExprGraph, cfg Config) (*Machine, error) {
	if g == nil {
		return nil, errors.New("vm: no graph")
	}
	if cfg.Workers < 1 {
		cfg.Workers = runtime.GOMAXPROCS(0)
	}
	if cfg.Results == nil {
		cfg.Results = defaultResults(g)
	}
	m := &Machine{graph: g, config: cfg, workers: newWorkers(cfg.Workers)}
	if err := setMode(g, !cfg.EvalMode); err != nil {
		return nil, fmt.Errorf("vm: %w", err)
	}
	if err := m.compile(); err != nil {
		return nil, fmt.Errorf("vm: %w", err)
	}
	// A machine that nobody closes must not leave goroutines behind.
	runtime.AddCleanup(m, func(w *workers) { w.close() }, m.workers)
	return m, nil
}

func (m *Machine) compile() (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = internalError("compiling the graph", r)
		}
	}()
	reads := readsOf(m.graph)
	results := slices.Clone(m.config.Results)
	for _, r := range reads {
		results = append(results, r.node)
	}
	p, err := lower(m.graph, results)
	if err != nil {
		return err
	}
	m.program = p
	if dtypeOf(m.graph) == tensor.Float32 {
		m.engine, err = compile[float32](p, m.config, reads, m.workers)
	} else {
		m.engine, err = compile[float64](p, m.config, reads, m.workers)
	}
	if err != nil {
		return err
	}
	m.engine.announce(m.tell)
	m.values, err = m.engine.bind(p.results, variables(m.graph))
	return err
}

// RunAll computes the results from the inputs' present values.
func (m *Machine) RunAll() error {
	return m.RunOn(nil, nil)
}

// RunOn is RunAll with an input's numbers, in row-major order, in place of its
// value: a float32 graph reads them where they are. They must not change before the
// results have been read. Without an input it is RunAll.
func (m *Machine) RunOn(input *G.Node, numbers []float32) error {
	if err := m.engine.run(input, numbers); err != nil {
		return fmt.Errorf("vm: %w", err)
	}
	return nil
}

// Keep makes nodes results, whose values can be read after the next run: the
// graph is compiled again, with nothing held and no result placed.
func (m *Machine) Keep(nodes ...*G.Node) error {
	before := m.config.Results
	m.config.Results = slices.Concat(before, nodes)
	if err := m.compile(); err != nil {
		m.config.Results = before
		return fmt.Errorf("vm: %w", err)
	}
	return nil
}

// Value is what a result held after the last run; nil for other nodes.
func (m *Machine) Value(n *G.Node) G.Value { return m.values[n] }

// Let binds a value to an input of the graph, as gorgonia.Let does.
func (m *Machine) Let(n *G.Node, be any) error {
	if !slices.Contains(m.graph.AllNodes(), n) {
		return fmt.Errorf("vm: %v is not a node of the graph", n)
	}
	return G.Let(n, be)
}

// Set binds to a the value that b has now: a copy of it, so that the next run
// may overwrite b.
func (m *Machine) Set(a, b *G.Node) error {
	v := b.Value()
	if v == nil {
		return fmt.Errorf("vm: %v has no value; is it a result?", b)
	}
	copied, err := G.CloneValue(v)
	if err != nil {
		return fmt.Errorf("vm: %w", err)
	}
	return m.Let(a, copied)
}

// Announce makes every run call f for a result as soon as it is there for good,
// in the goroutine of RunAll, so that others can read it while the run goes on.
// Results that are copied out at a run's end, such as scalars, are not announced.
// A nil f ends it.
func (m *Machine) Announce(f func(n *G.Node)) {
	m.tell = f
	m.engine.announce(f)
}

// Hold promises that inputs, weights mostly, keep their numbers from the next run
// on, until it is called again: the machine packs for its kernels once what these
// would pack in every run. The next call ends the promise for those that it does
// not name.
func (m *Machine) Hold(inputs ...*G.Node) { m.engine.hold(inputs) }

// Place has the next runs write a result's numbers, in row-major order, into the
// caller's, []float32 or []float64 as the graph is, or add it onto them, until other
// ones are placed.
// What [Machine.Value] gives, and the node's value, hold nothing of use then. It does
// nothing and returns false where the result has no memory of its own: for scalars,
// inputs, constants, a second node of one value, and operators that only Gorgonia has;
// onto numbers, for all but gradients of weights that are sums of few products and
// that the graph does not go on with. An input may be among the numbers, and is read
// as it was before the run; two results must not share any.
func (m *Machine) Place(result *G.Node, numbers any, onto bool) bool {
	return m.engine.place(result, numbers, onto)
}

// Parallel lends the machine's workers to other work between two runs: it calls
// run once for each piece, from 0, several at a time, and returns when all are
// done. Nothing is allocated.
func (m *Machine) Parallel(pieces int, run func(worker, piece int)) {
	m.workers.do(&m.own, pieces, run)
}

// Reset does nothing: a machine can run again at once.
func (m *Machine) Reset() {}

// Close ends the machine's goroutines. It can run again all the same.
func (m *Machine) Close() error {
	m.workers.close()
	return nil
}
