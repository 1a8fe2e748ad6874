//go:build mpi && (linux || darwin)

package mpi

import (
	"path/filepath"
	"strings"

	"github.com/ebitengine/purego"
)

// abi is what differs between the binary interfaces: handles and constants.
type abi struct {
	name         string
	world        uintptr // MPI_COMM_WORLD
	bytes        uintptr // MPI_BYTE
	statusIgnore uintptr // MPI_STATUS_IGNORE
	errorsReturn uintptr // MPI_ERRORS_RETURN
	serialized   uintptr // MPI_THREAD_SERIALIZED
	multiple     uintptr // MPI_THREAD_MULTIPLE
}

// MPICH's handles are 32-bit numbers of its mpi.h, version 3 and 4.
func mpich() abi {
	return abi{name: "MPICH", world: 0x44000000, bytes: 0x4c00010d, statusIgnore: 1, errorsReturn: 0x54000001, serialized: 2, multiple: 3}
}

// standard has the numbers of the MPI 5.0 standard, appendix A.
func standard() abi {
	return abi{name: "MPI ABI", world: 0x101, bytes: 0x247, statusIgnore: 0, errorsReturn: 0x143, serialized: 2048, multiple: 4096}
}

// openMPI's handles are the addresses of objects in the library.
func openMPI(symbol func(string) uintptr) abi {
	return abi{name: "Open MPI", world: symbol("ompi_mpi_comm_world"), bytes: symbol("ompi_mpi_byte"), statusIgnore: 0,
		errorsReturn: symbol("ompi_mpi_errors_return"), serialized: 2, multiple: 3}
}

// abiOf tells the interface of a loaded library. MPICH exports the names of the
// standard interface from its own library too: there the file's name decides.
func abiOf(file string, library uintptr, symbol func(string) uintptr) abi {
	if _, err := purego.Dlsym(library, "ompi_mpi_comm_world"); err == nil {
		return openMPI(symbol)
	}
	if strings.Contains(filepath.Base(file), "mpi_abi") {
		return standard()
	}
	return mpich()
}
