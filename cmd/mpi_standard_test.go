//go:build mpi && linux

package cmd

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// The same bits with a library of MPI 5.0's standard interface. No MPI of today's
// Debian has one: a stand-in that knows the standard's handles alone is put before
// MPICH's.
func TestStandardInterfaceOfMPI(t *testing.T) {
	train := withMPI(t)
	library := filepath.Join(t.TempDir(), "libmpi_abi.so.1")
	if out, err := exec.Command("mpicc.mpich", "-shared", "-fPIC", "-Wall", "-Werror", "-o", library, filepath.Join("testdata", "mpi_abi.c")).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	dir := filepath.Join(t.TempDir(), "run")
	r := launchers(t)[1].start(t, 2, append(short(train, "-distributed", "mpi", "-mpi-lib", library), dir)...)
	if err := r.Wait(); err != nil {
		t.Fatalf("%v: %s", err, &r.said)
	}
	if got, want := learned(t, dir), alone(t, train); got != want {
		t.Errorf("weights %s, want %s", got, want)
	}
}
