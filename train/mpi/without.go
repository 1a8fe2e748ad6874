//go:build !mpi || !(linux || darwin)

package mpi

import (
	"errors"
	"runtime"

	"symgrad/train"
)

// Run is an error: this build has no MPI.
func Run(Options, func(train.Group) error) error {
	if runtime.GOOS != "linux" && runtime.GOOS != "darwin" {
		return errors.New("mpi: only on Linux and macOS, not on " + runtime.GOOS)
	}
	return errors.New("mpi: this build has no MPI; build it with: go build -tags mpi")
}
