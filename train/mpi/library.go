//go:build mpi && (linux || darwin)

package mpi

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"unsafe"

	"github.com/ebitengine/purego"
)

// library is a loaded MPI library: its functions, and what its interface calls
// things.
type library struct {
	abi
	file    string
	version string // first line of MPI_Get_library_version

	initThread, finalize, abort, commRank, commSize  uintptr
	isend, irecv, test, errorString, setErrorHandler uintptr
	getVersion                                       uintptr
}

// files are the names to try, those of the launcher's own library first: another
// one's would see a world of one process.
func files(asked string) []string {
	var (
		open = []string{"libmpi.so.40", "libmpi.so.80", "libmpi.40.dylib", "libmpi.80.dylib"}
		ch   = []string{"libmpich.so.12", "libmpi.so.12", "libmpi.12.dylib"}
		std  = []string{"libmpi_abi.so.1", "libmpi_abi.so.0", "libmpi_abi.1.dylib"}
	)
	switch {
	case asked != "":
		return []string{asked}
	case os.Getenv("OMPI_COMM_WORLD_SIZE") != "":
		return append(open, std...)
	case os.Getenv("PMI_SIZE") != "":
		return append(ch, std...)
	}
	return append(append(std, open...), ch...)
}

// load opens the first library that is there and looks its functions up.
func load(asked string) (*library, error) {
	var missing []error
	for _, file := range files(asked) {
		handle, err := purego.Dlopen(file, purego.RTLD_NOW|purego.RTLD_GLOBAL)
		if err != nil {
			missing = append(missing, err)
			continue
		}
		return lookUp(file, handle)
	}
	if asked != "" {
		return nil, fmt.Errorf("mpi: %s cannot be loaded: %w", asked, missing[0])
	}
	return nil, fmt.Errorf("mpi: no MPI library is installed, or not where the loader looks; tried %s", strings.Join(files(asked), ", "))
}

func lookUp(file string, handle uintptr) (*library, error) {
	var missing []error
	symbol := func(name string) uintptr {
		address, err := purego.Dlsym(handle, name)
		if err != nil {
			missing = append(missing, err)
		}
		return address
	}
	l := &library{abi: abiOf(file, handle, symbol), file: file}
	for name, address := range map[string]*uintptr{
		"MPI_Init_thread": &l.initThread, "MPI_Finalize": &l.finalize, "MPI_Abort": &l.abort,
		"MPI_Comm_rank": &l.commRank, "MPI_Comm_size": &l.commSize, "MPI_Comm_set_errhandler": &l.setErrorHandler,
		"MPI_Isend": &l.isend, "MPI_Irecv": &l.irecv, "MPI_Test": &l.test,
		"MPI_Error_string": &l.errorString, "MPI_Get_library_version": &l.getVersion,
	} {
		*address = symbol(name)
	}
	if err := errors.Join(missing...); err != nil {
		return nil, fmt.Errorf("mpi: %s is no MPI library: %w", file, missing[0])
	}
	text, n := make([]byte, 8192), new(int32) // MPI_MAX_LIBRARY_VERSION_STRING
	if err := l.call(l.getVersion, address(&text[0]), address(n)); err != nil {
		return nil, err
	}
	l.version, _, _ = strings.Cut(string(text[:*n]), "\n")
	return l, nil
}

// address of what a C function reads or writes. Go's heap does not move, and
// what is passed escapes to it.
func address[T any](of *T) uintptr { return uintptr(unsafe.Pointer(of)) }

// call calls a function that returns an MPI error code.
//
//go:uintptrescapes
func (l *library) call(function uintptr, args ...uintptr) error {
	code, _, _ := purego.SyscallN(function, args...)
	if int32(code) == 0 {
		return nil
	}
	text, n := make([]byte, 8192), new(int32) // longer than any MPI_MAX_ERROR_STRING
	purego.SyscallN(l.errorString, code, address(&text[0]), address(n))
	runtime.KeepAlive(text)
	return fmt.Errorf("mpi: %s: error %d: %s", l.version, int32(code), text[:*n])
}
