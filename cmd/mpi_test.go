//go:build mpi && linux

package cmd

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"symgrad/train/checkpoint"
)

// launcher is mpirun of one MPI, on this machine alone.
type launcher struct {
	name string
	args []string
}

// launchers are both that Debian has; the tag asks for them.
func launchers(t *testing.T) []launcher {
	t.Helper()
	all := []launcher{{"mpirun.openmpi", []string{"--oversubscribe", "--bind-to", "none"}}, {"mpirun.mpich", nil}}
	for _, l := range all {
		if _, err := exec.LookPath(l.name); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// start runs a command line on a number of processes.
func (l launcher) start(t *testing.T, processes int, args ...string) *running {
	t.Helper()
	r := &running{Cmd: exec.Command(l.name, append(append(l.args[:len(l.args):len(l.args)], "-np", strconv.Itoa(processes)), args...)...)}
	r.Env = append(os.Environ(), "OMPI_ALLOW_RUN_AS_ROOT=1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1", "OMPI_MCA_mpi_yield_when_idle=1")
	r.Stdout, r.Stderr = &r.said, &r.said
	r.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	r.WaitDelay = 20 * time.Second // what it has left on another host may hold its stdout for ever
	if err := r.Start(); err != nil {
		t.Fatal(err)
	}
	return r
}

// running is a launcher at work.
type running struct {
	*exec.Cmd
	said bytes.Buffer
}

// rank finds the process of a rank by its environment and its command line.
func (r *running) rank(t *testing.T, rank int) int {
	t.Helper()
	found, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil {
		t.Fatal(err)
	}
	command := r.Args[len(r.Args)-1]
	for _, file := range found {
		dir := filepath.Dir(file)
		line, _ := os.ReadFile(filepath.Join(dir, "cmdline"))
		environ, _ := os.ReadFile(file)
		environ = append([]byte{0}, environ...)
		if !bytes.HasSuffix(line, []byte(command+"\x00")) || bytes.HasPrefix(line, []byte(r.Args[0])) {
			continue
		}
		for _, name := range []string{"OMPI_COMM_WORLD_RANK", "PMI_RANK"} {
			if bytes.Contains(environ, fmt.Appendf(nil, "\x00%s=%d\x00", name, rank)) {
				pid, err := strconv.Atoi(filepath.Base(dir))
				if err != nil {
					t.Fatal(err)
				}
				return pid
			}
		}
	}
	t.Fatalf("no process of rank %d", rank)
	return 0
}

// withMPI builds train-cnn with the tag.
func withMPI(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "train-cnn")
	build := exec.Command("go", "build", "-tags", "mpi", "-o", file, "./train-cnn")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return file
}

// short is a training of about a second; the last argument, the directory of
// -out, is the caller's.
func short(train string, more ...string) []string {
	return append(append([]string{train, "-limit", "1200", "-epochs", "3", "-shards", "6", "-workers", "1", "-q"}, more...), "-out")
}

// learned is a hash of the weights in a directory of -out.
func learned(t *testing.T, dir string) string {
	t.Helper()
	net, _, err := checkpoint.Load(filepath.Join(dir, "last.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	h := sha256.New()
	for _, p := range net.Params {
		if err := binary.Write(h, binary.LittleEndian, p.Data()); err != nil {
			t.Fatal(err)
		}
	}
	return fmt.Sprintf("%x", h.Sum(nil)[:8])
}

// alone is what one process without MPI learns.
func alone(t *testing.T, train string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "alone")
	args := append(short(train), dir)
	if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return learned(t, dir)
}

func waitFor(t *testing.T, file string) {
	t.Helper()
	for range 6000 {
		if _, err := os.Stat(file); err == nil {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatalf("no %s", file)
}

func TestSameBitsUnderMPI(t *testing.T) {
	train := withMPI(t)
	want := alone(t, train)
	for _, l := range launchers(t) {
		for processes := 1; processes <= 3; processes++ {
			dir := filepath.Join(t.TempDir(), "run")
			r := l.start(t, processes, append(short(train, "-distributed", "mpi"), dir)...)
			if err := r.Wait(); err != nil {
				t.Fatalf("%s, %d processes: %v: %s", l.name, processes, err, &r.said)
			}
			if got := learned(t, dir); got != want {
				t.Errorf("%s, %d processes: weights %s, want %s", l.name, processes, got, want)
			}
			if n := strings.Count(r.said.String(), "test accuracy"); n > 2 { // of the last and of the best
				t.Errorf("%s, %d processes: several print: %s", l.name, processes, &r.said)
			}
		}
	}
}

// A signal to one process, or to the launcher, stops all after the same step. The
// checkpoint that is left goes on, on another number of processes, to the bits of
// a run that was never stopped; so does that of a run of which a process died.
func TestStoppedUnderMPI(t *testing.T) {
	train := withMPI(t)
	want := alone(t, train)
	const launcherItself = -1
	for _, l := range launchers(t) {
		for _, c := range []struct {
			name   string
			signal syscall.Signal
			rank   int
		}{{"SIGUSR1 to rank 1", syscall.SIGUSR1, 1}, {"SIGTERM to rank 0", syscall.SIGTERM, 0}, {"SIGINT to the launcher", syscall.SIGINT, launcherItself},
			{"SIGKILL to rank 1", syscall.SIGKILL, 1}} {
			t.Run(l.name+", "+c.name, func(t *testing.T) {
				dir := filepath.Join(t.TempDir(), "run")
				r := l.start(t, 2, append(short(train, "-distributed", "mpi"), dir)...)
				last := filepath.Join(dir, "last.safetensors")
				waitFor(t, last)
				target := r.Process.Pid
				if c.rank != launcherItself {
					target = r.rank(t, c.rank)
				}
				if err := syscall.Kill(target, c.signal); err != nil {
					t.Fatal(err)
				}
				// MPICH's launcher, itself interrupted, now and then forgets the status of
				// its processes and ends with 0, whatever program it runs: what they say counts.
				forgets := l.name == "mpirun.mpich" && c.rank == launcherItself
				if err := r.Wait(); err == nil && !(forgets && strings.Contains(r.said.String(), "train-cnn: interrupted")) {
					t.Errorf("exit status 0: %s", &r.said)
				}
				again := l.start(t, 3, train, "-distributed", "mpi", "-workers", "1", "-q", "-resume", last, "-out", dir)
				if err := again.Wait(); err != nil {
					t.Fatalf("%v: %s", err, &again.said)
				}
				if got := learned(t, dir); got != want {
					t.Errorf("weights %s, want %s: %s", got, want, &r.said)
				}
			})
		}
	}
}

func TestMistakesUnderMPI(t *testing.T) {
	train := withMPI(t)
	both := launchers(t)
	for _, c := range []struct {
		launcher
		processes int
		args      []string
		want      string
	}{
		{both[0], 3, []string{"-shards", "2"}, "2 shards for 3 processes"},
		{both[1], 3, []string{"-shards", "2"}, "2 shards for 3 processes"},
		{both[0], 2, []string{"-shards", "2", "-mpi-lib", "libmpich.so.12"}, "it is not this launcher's library"},
		{both[1], 2, []string{"-shards", "2", "-mpi-lib", "libmpi.so.40"}, "it is not this launcher's library"},
		{both[0], 2, []string{"-shards", "2", "-mpi-lib", "libm.so.6"}, "is no MPI library"},
		{both[0], 2, []string{"-shards", "2", "-mpi-lib", "/nonexistent.so"}, "cannot be loaded"},
	} {
		r := c.start(t, c.processes, append([]string{train, "-limit", "600", "-epochs", "1", "-distributed", "mpi"}, c.args...)...)
		if err := r.Wait(); err == nil || !strings.Contains(r.said.String(), c.want) {
			t.Errorf("%s, %d processes, %v: %v: %s; want %q", c.name, c.processes, c.args, err, &r.said, c.want)
		}
	}
}

// A process that stands still is given up after -mpi-timeout, and named.
func TestStandstillUnderMPI(t *testing.T) {
	train := withMPI(t)
	for _, l := range launchers(t) {
		dir := filepath.Join(t.TempDir(), "run")
		r := l.start(t, 2, append(short(train, "-epochs", "200", "-distributed", "mpi", "-mpi-timeout", "3s"), dir)...)
		waitFor(t, filepath.Join(dir, "last.safetensors"))
		still := r.rank(t, 1)
		if err := syscall.Kill(still, syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
		err := r.Wait()
		_ = syscall.Kill(still, syscall.SIGKILL)
		if err == nil || !strings.Contains(r.said.String(), "rank 0: train: epoch ") || !strings.Contains(r.said.String(), "waited 3s for rank 1, which does not answer") {
			t.Errorf("%s: %v: %s", l.name, err, &r.said)
		}
	}
}

// Starting and ending must not hang, ever: 200 times with LONG=1.
func TestStartsUnderMPI(t *testing.T) {
	train := withMPI(t)
	times := 4
	if os.Getenv("LONG") != "" {
		times = 200
	}
	both := launchers(t)
	for i := range times {
		l := both[i%2]
		r := l.start(t, 1+i%3, train, "-distributed", "mpi", "-shards", "3", "-limit", "96", "-epochs", "1", "-workers", "1", "-q")
		hangs := time.AfterFunc(2*time.Minute, func() { _ = syscall.Kill(-r.Process.Pid, syscall.SIGKILL) })
		if err := r.Wait(); err != nil || !strings.Contains(r.said.String(), "test accuracy") {
			t.Errorf("start %d, %s: %v: %s", i, l.name, err, &r.said)
		}
		hangs.Stop()
	}
}
