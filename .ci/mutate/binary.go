package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// binary is a package's compiled tests with every mutant in them.
type binary struct {
	source  *source
	folder  string
	mutants []mutant
	tests   []*test // in the order to try them in
	quick   bool
}

// long is more processor time than a test takes that is quick.
const long = 2 * time.Second

// test is one of the package's tests, by itself.
type test struct {
	name  string
	short *test // the same with -short; nil where it is that
	once  sync.Once
	err   error
	takes time.Duration // of processor time
	feels map[int]bool  // mutants that make a difference to it
}

// build compiles a package's tests. They are tried with -short, the fastest
// first, and then without it, unless quick is asked for.
func build(p *source, folder string, workers int, quick bool) (*binary, error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	b := &binary{source: p, folder: folder, quick: quick}
	var overlay string
	var err error
	if b.mutants, overlay, err = instrument(p, folder); err != nil {
		return nil, err
	}
	if _, err := command("go", "test", "-c", "-overlay", overlay, "-o", b.file(), p.path); err != nil {
		return nil, err
	}
	names, err := command(b.file(), "-test.list", ".")
	if err != nil {
		return nil, err
	}
	for _, name := range strings.Fields(string(names)) {
		if !strings.HasPrefix(name, "Benchmark") {
			b.tests = append(b.tests, &test{name: name})
		}
	}
	if err := parallel(len(b.tests), workers, func(i, worker int) error { return b.feel(b.tests[i], worker) }); err != nil {
		return nil, err
	}
	slices.SortFunc(b.tests, func(s, t *test) int { return cmp.Compare(s.takes, t.takes) })
	if quick {
		b.tests = slices.DeleteFunc(b.tests, func(t *test) bool { return t.takes > long })
		return b, nil
	}
	for _, t := range slices.Clone(b.tests) {
		b.tests = append(b.tests, &test{name: t.name, short: t})
	}
	return b, nil
}

func (b *binary) file() string { return filepath.Join(b.folder, "tests") }

// feel runs a test without a mutant, the first time it is called, and notes which
// would make a difference. A test that -short leaves as it is feels nothing more.
func (b *binary) feel(t *test, worker int) error {
	t.once.Do(func() { t.err = b.record(t, worker) })
	return t.err
}

func (b *binary) record(t *test, worker int) error {
	felt := filepath.Join(b.folder, fmt.Sprint("felt", worker))
	if err := os.WriteFile(felt, make([]byte, len(b.mutants)+1), 0o644); err != nil {
		return err
	}
	most := time.Hour
	if b.quick {
		most = long + time.Second
	}
	took, printed, err := b.run([]*test{t}, worker, most, "MUTANT_FELT="+felt)
	if b.quick && took > long { // it may have been ended
		t.takes = took
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s fails without any mutant: %w\n%s", t.name, err, printed)
	}
	t.takes, t.feels = took, map[int]bool{}
	marks, err := os.ReadFile(felt)
	if err != nil {
		return err
	}
	for id, mark := range marks {
		if mark == 1 && id > 0 {
			t.feels[id] = true
		}
	}
	if s := t.short; s != nil && len(t.feels) <= len(s.feels) && t.takes < s.takes*3/2+100*time.Millisecond {
		t.feels = nil
	}
	return nil
}

// run runs tests in one process, which gets so much processor time, 4 GB, and a
// folder of its own for temporary files. It ends if it only waits for a minute;
// for processor time it may have to wait longer, on a busy machine.
func (b *binary) run(tests []*test, worker int, most time.Duration, environment string) (took time.Duration, printed []byte, err error) {
	temporary := filepath.Join(b.folder, fmt.Sprint("tmp", worker))
	if err := os.MkdirAll(temporary, 0o755); err != nil {
		return 0, nil, err
	}
	defer os.RemoveAll(temporary)
	var names []string
	for _, t := range tests {
		names = append(names, regexp.QuoteMeta(t.name))
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-c", fmt.Sprintf(`ulimit -t %d; ulimit -v 4000000; exec "$@"`, int(most.Seconds())), "sh",
		b.file(), "-test.failfast", "-test.run", "^("+strings.Join(names, "|")+")$", fmt.Sprintf("-test.short=%t", tests[0].short == nil))
	cmd.Dir = b.source.dir
	cmd.Env = append(os.Environ(), environment, "TMPDIR="+temporary, "GOTRACEBACK=none", "RAPID_NOFAILFILE=true")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err = cmd.Start(); err == nil {
		go watch(ctx, cancel, cmd.Process.Pid)
		err = cmd.Wait()
	}
	if s := cmd.ProcessState; s != nil {
		took = s.UserTime() + s.SystemTime()
	}
	return took, out.Bytes(), err
}

// watch cancels a process that used less than a tenth of a second of processor
// time in a minute.
func watch(ctx context.Context, cancel func(), pid int) {
	minute := time.NewTicker(time.Minute)
	defer minute.Stop()
	for before := 0; ; {
		select {
		case <-ctx.Done():
			return
		case <-minute.C:
		}
		now := ticks(pid)
		if now < before+10 {
			cancel()
		}
		before = now
	}
}

// ticks is the processor time of a process, in hundredths of a second.
func ticks(pid int) (sum int) {
	stat, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	for i := 11; i <= 14 && i < len(fields); i++ { // its own and its children's, of user and system
		n, _ := strconv.Atoi(fields[i])
		sum += n
	}
	return sum
}
