package peer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"symgrad/cmd/bench/internal/timing"
)

// Names that stand in the lines.
const (
	Us          = "symgrad"
	PyTorch     = "pytorch"
	NumPy       = "numpy"
	Gorgonia    = "gorgonia"
	GoMLX       = "gomlx-simplego"
	ONNXRuntime = "onnxruntime"
	TensorFlow  = "tfjs"
)

// Names lists all of them, ourselves first.
func Names() []string { return []string{Us, PyTorch, NumPy, Gorgonia, GoMLX, ONNXRuntime, TensorFlow} }

// Title is what people call a peer.
func Title(name string) string {
	titles := map[string]string{PyTorch: "PyTorch", Gorgonia: "stock Gorgonia", GoMLX: "GoMLX", TensorFlow: "TensorFlow.js"}
	if t, ok := titles[name]; ok {
		return t
	}
	return name
}

// Job is one thing to measure.
type Job struct {
	Model          string
	Threads, Batch int // batches of 64 are trained too, others only predicted
}

func (j Job) String() string {
	if j.Model == "N" {
		return "N, " + Threads(j.Threads)
	}
	return fmt.Sprintf("%s, batch %d, %s", j.Model, j.Batch, Threads(j.Threads))
}

// Threads is "1 thread", "2 threads" and so on.
func Threads(n int) string {
	if n == 1 {
		return "1 thread"
	}
	return fmt.Sprintf("%d threads", n)
}

// Peer is a framework that can be run here.
type Peer struct {
	Name    string
	command func(Job) []string // nil for a job that it does not do
	dir     string             // to run in
	env     []string           // besides our own
	version string             // where its line is not to be believed
}

// Does tells whether a peer has a benchmark for a job.
func (p *Peer) Does(j Job) bool { return p.command(j) != nil }

// Run does a job in a new process and waits for it. When the context is done,
// the process is interrupted and, if that does not end it, killed.
func (p *Peer) Run(ctx context.Context, j Job) (Line, error) {
	output, err := run(ctx, p.dir, p.env, p.command(j)...)
	if err != nil {
		return Line{}, err
	}
	l, err := Parse(output)
	switch {
	case err != nil:
		return Line{}, err
	case l.Peer != p.Name || l.Model != j.Model || l.Threads != j.Threads || l.Batch != 0 && l.Batch != j.Batch:
		return Line{}, fmt.Errorf("printed the figures of another run: %v", l)
	}
	if p.version != "" {
		l.Version = p.version
	}
	if l.Model != "N" {
		l.Batch = j.Batch
	}
	return l, nil
}

// run runs a command and gives what it printed; an error ends with the last
// line that it printed on stderr.
func run(ctx context.Context, dir string, env []string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	var out, diagnosis bytes.Buffer
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = dir, append(os.Environ(), env...), &out, &diagnosis
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 3 * time.Second
	err := cmd.Run()
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if err != nil {
		lines := strings.Split(strings.TrimSpace(diagnosis.String()), "\n")
		if last := head(lines[len(lines)-1]); last != "" {
			err = fmt.Errorf("%w: %s", err, last)
		}
	}
	return out.String(), err
}

// ourselves is this very program.
func ourselves(plan timing.Plan) (*Peer, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return &Peer{Name: Us, command: func(j Job) []string {
		args := append([]string{program, "-json", "-model", j.Model, "-workers", strconv.Itoa(j.Threads)}, plan.Flags()...)
		switch {
		case j.Model == "N":
		case j.Batch == 64:
			args = append(args, "-batch", "64")
		default:
			args = append(args, "-batch", strconv.Itoa(j.Batch), "-predict")
		}
		return args
	}}, nil
}

// Rounds lets the peers do each job so many times, in turns with ourselves: us,
// one peer, us, the next. yield gets every line as it comes. What a peer cannot
// do is tried once.
func (f *Field) Rounds(ctx context.Context, jobs []Job, rounds int, yield func(Line) error) error {
	failed := map[string]bool{}
	try := func(p *Peer, j Job) error {
		id := fmt.Sprint(p.Name, ": ", j)
		if failed[id] {
			return nil
		}
		l, err := p.Run(ctx, j)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			if p.Name == Us {
				return fmt.Errorf("%v: %w", j, err)
			}
			failed[id] = true
			f.problem(p.Name, fmt.Errorf("%v: %w", j, err))
			return nil
		}
		if l.TrainError != "" {
			f.problem(p.Name, errors.New(j.Model+" cannot be trained: "+l.TrainError))
		}
		return yield(l)
	}
	for range rounds {
		for _, j := range jobs {
			turns := []*Peer{}
			for _, p := range f.peers {
				if p.Does(j) {
					turns = append(turns, f.us, p)
				}
			}
			if len(turns) == 0 {
				turns = append(turns, f.us)
			}
			for _, p := range turns {
				if err := try(p, j); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
