package peer

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"symgrad/cmd/bench/internal/timing"
	"symgrad/data/mnist"
)

// Config says where the peers are.
type Config struct {
	Dir    string // their benchmarks; only read
	Python string // empty: python3 or /usr/bin/python3, whichever has what is needed
	Node   string // directory of node_modules; empty: in the user's cache directory
	Plan   timing.Plan
	Say    func(string) // what takes time in [Enter]
}

// Field is everybody who is ready to run.
type Field struct {
	Problems []string // who is missing, or failed, and why

	us      *Peer
	peers   []*Peer
	cfg     Config
	scratch string   // a temporary directory: MNIST, built peers, exported models
	env     []string // that the peers are run with
}

// Enter prepares all peers: it builds those written in Go, finds a Python and a
// Node that have what the others need, and lays out MNIST for them. A peer that
// cannot take part becomes one of Problems. With names, only those are prepared.
func Enter(ctx context.Context, cfg Config, names ...string) (f *Field, err error) {
	if info, err := os.Stat(cfg.Dir); err != nil {
		return nil, err
	} else if !info.IsDir() {
		return nil, fmt.Errorf("%s is no directory; give the one that holds the peers' benchmarks", cfg.Dir)
	}
	if cfg.Dir, err = filepath.Abs(cfg.Dir); err != nil {
		return nil, err
	}
	f = &Field{cfg: cfg}
	if f.us, err = ourselves(cfg.Plan); err != nil {
		return nil, err
	}
	if f.scratch, err = os.MkdirTemp("", "symgrad-bench-"); err != nil {
		return nil, err
	}
	files := filepath.Join(f.scratch, "mnist")
	if err := os.CopyFS(files, mnist.Files()); err != nil {
		f.Close()
		return nil, err
	}
	f.env = []string{"MNIST_DIR=" + files, "PYTHONDONTWRITEBYTECODE=1"}
	for _, entry := range []struct {
		name  string
		enter func(context.Context) (*Peer, error)
	}{
		{PyTorch, f.pytorch}, {NumPy, f.numpy}, {Gorgonia, f.gorgonia}, {GoMLX, f.gomlx}, {ONNXRuntime, f.onnxruntime}, {TensorFlow, f.tensorflow},
	} {
		if len(names) > 0 && !slices.Contains(names, entry.name) {
			continue
		}
		cfg.Say("preparing " + Title(entry.name))
		p, err := entry.enter(ctx)
		if ctx.Err() != nil {
			f.Close()
			return nil, ctx.Err()
		}
		if err != nil {
			f.problem(entry.name, err)
			continue
		}
		f.peers = append(f.peers, p)
	}
	return f, nil
}

// Has tells whether a peer is ready; nobody is in a nil Field.
func (f *Field) Has(name string) bool {
	return f != nil && slices.ContainsFunc(f.peers, func(p *Peer) bool { return p.Name == name })
}

// Close removes the temporary files.
func (f *Field) Close() error { return os.RemoveAll(f.scratch) }

func (f *Field) problem(name string, err error) {
	text := Title(name) + ": " + err.Error()
	if slices.Contains(f.Problems, text) {
		return // the same at other numbers of threads
	}
	f.Problems = append(f.Problems, text)
	f.cfg.Say(text)
}

// file is the path of one of the peers' files, which must be there.
func (f *Field) file(elements ...string) (string, error) {
	path := filepath.Join(append([]string{f.cfg.Dir}, elements...)...)
	_, err := os.Stat(path)
	return path, err
}

func (f *Field) pytorch(ctx context.Context) (*Peer, error) {
	script, err := f.file("torch_bench.py")
	if err != nil {
		return nil, err
	}
	python, err := f.python(ctx, "torch")
	if err != nil {
		return nil, fmt.Errorf("%w (Debian: apt-get install python3-torch libopenblas0-openmp)", err)
	}
	return f.peer(PyTorch, f.cfg.Dir, func(j Job) []string {
		return append([]string{python, script, j.Model, strconv.Itoa(j.Threads), "--batch", strconv.Itoa(j.Batch)}, f.cfg.Plan.Flags()...)
	}), nil
}

func (f *Field) numpy(ctx context.Context) (*Peer, error) {
	script, err := f.file("numpy_bench.py")
	if err != nil {
		return nil, err
	}
	python, err := f.python(ctx, "numpy")
	if err != nil {
		return nil, fmt.Errorf("%w (Debian: apt-get install python3-numpy)", err)
	}
	return f.peer(NumPy, f.cfg.Dir, func(j Job) []string {
		if j.Model == "C2" {
			return nil
		}
		return []string{python, script, j.Model, strconv.Itoa(j.Threads), strconv.Itoa(f.cfg.Plan.Chunks), strconv.Itoa(j.Batch)}
	}), nil
}

// python finds an interpreter that can import a module.
func (f *Field) python(ctx context.Context, module string) (string, error) {
	candidates := []string{"python3", "/usr/bin/python3"}
	if f.cfg.Python != "" {
		candidates = []string{f.cfg.Python}
	}
	var first error
	for _, python := range candidates {
		_, err := run(ctx, "", nil, python, "-c", "import "+module)
		if err == nil {
			return python, nil
		}
		if first == nil {
			first = fmt.Errorf("%s: %w", python, err)
		}
	}
	return "", first
}

func (f *Field) gorgonia(ctx context.Context) (*Peer, error) {
	return f.goProgram(ctx, Gorgonia, "stock", "N", "M", "C1", "C2")
}

func (f *Field) gomlx(ctx context.Context) (*Peer, error) {
	return f.goProgram(ctx, GoMLX, "gomlx", "M", "C1", "C2")
}

// goProgram builds a peer written in Go.
func (f *Field) goProgram(ctx context.Context, name, folder string, models ...string) (*Peer, error) {
	dir, err := f.file(folder)
	if err != nil {
		return nil, err
	}
	program := filepath.Join(f.scratch, folder+".exe")
	if _, err := run(ctx, dir, nil, "go", "build", "-o", program, "."); err != nil {
		return nil, fmt.Errorf("go build: %w", err)
	}
	return f.peer(name, f.scratch, func(j Job) []string {
		if j.Batch != 64 || !slices.Contains(models, j.Model) {
			return nil
		}
		return []string{program, j.Model, strconv.Itoa(j.Threads), strconv.Itoa(f.cfg.Plan.Chunks)}
	}), nil
}

func (f *Field) peer(name, dir string, command func(Job) []string) *Peer {
	return &Peer{Name: name, dir: dir, env: f.env, command: command}
}
