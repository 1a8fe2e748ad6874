//go:build mpi && (linux || darwin)

package mpi

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"time"

	"symgrad/train"
)

// Run joins the processes that the launcher started, calls f with their group
// and leaves them again. An error of f ends all processes, each with a status
// other than zero, after [Options.Failed] was told; only a cancelled context,
// on which the group agrees, does not.
func Run(o Options, f func(train.Group) error) error {
	w, err := join(o)
	if err != nil {
		return err
	}
	err = f(w)
	if err != nil && !errors.Is(err, context.Canceled) {
		if o.Failed != nil {
			o.Failed(w.rank, err)
		}
		w.end()
		return err
	}
	return errors.Join(err, w.leave())
}

// join loads the library and starts MPI in it. Libraries put signal handlers of
// their own where Go's were, and a nil dereference would then end the process
// without a trace: Go's are put back.
func join(o Options) (*world, error) {
	w := &world{timeout: o.timeout(), thread: make(chan func())}
	go w.serve()
	handlers := signalHandlers()
	var err error
	w.onThread(func() { err = w.start(o.Library) })
	handlers.restore()
	if err != nil {
		return nil, err
	}
	if n := launched(); n != 0 && n != w.size {
		return nil, fmt.Errorf("mpi: the launcher started %d processes, but %s (%s) sees %d: it is not this launcher's library; name the right one",
			n, w.library.file, w.library.version, w.size)
	}
	return w, nil
}

// serve runs what must be done on one thread: MPI_Init_thread and MPI_Finalize.
func (w *world) serve() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for f := range w.thread {
		f()
	}
}

func (w *world) onThread(f func()) {
	done := make(chan struct{})
	w.thread <- func() { defer close(done); f() }
	<-done
}

func (w *world) start(file string) (err error) {
	if w.library, err = load(file); err != nil {
		return err
	}
	l := w.library
	level, rank, size := new(int32), new(int32), new(int32)
	if err := l.call(l.initThread, 0, 0, l.serialized, address(level)); err != nil {
		return err
	}
	if got := uintptr(*level); got != l.serialized && got != l.multiple {
		return fmt.Errorf("mpi: %s does not let several threads call it in turn", l.version)
	}
	for _, step := range []error{
		l.call(l.setErrorHandler, l.world, l.errorsReturn),
		l.call(l.commRank, l.world, address(rank)),
		l.call(l.commSize, l.world, address(size)),
	} {
		if step != nil {
			return step
		}
	}
	w.rank, w.size = int(*rank), int(*size)
	return nil
}

// leave waits for all processes to leave.
func (w *world) leave() (err error) {
	w.onThread(func() { err = w.library.call(w.library.finalize) })
	close(w.thread)
	return err
}

// end ends all processes.
func (w *world) end() {
	w.calls.Lock()
	defer w.calls.Unlock()
	_ = w.library.call(w.library.abort, w.library.world, 1)
}

// timeout is [Options.Timeout] with its default.
func (o Options) timeout() time.Duration {
	if o.Timeout == 0 {
		return time.Minute
	}
	return o.Timeout
}

// launched is how many processes the launcher says that it started; 0: it
// doesn't say.
func launched() int {
	for _, name := range []string{"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"} {
		if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
			return n
		}
	}
	return 0
}
