// Package mpi lets the processes that an MPI launcher started (mpirun, srun, the
// Kubeflow MPI operator) train one network together: a [train.Group] over
// messages between two processes.
//
// It loads the MPI library at run time, without cgo, and only where the build
// tag mpi asks for it; without the tag, and on systems other than Linux and
// macOS, [Run] is an error that says so. Three binary interfaces are known: Open
// MPI's, MPICH's (Intel MPI's, MVAPICH's and Cray MPICH's too) and the standard
// one of MPI 5.0, chapter 20.
//
// Every message is sent and received without blocking and asked after in turn
// (MPI_Isend, MPI_Irecv, MPI_Test), so that no process waits inside the library:
// one that never answers is an error after [Options.Timeout], which names it, and
// a processor that is waited on is free for others. No reduction is the
// library's: its order would be the library's as well, and the bits with it.
package mpi

import "time"

// Options of [Run].
type Options struct {
	Library string        // file of the MPI library; empty: those of the launcher, then the known names
	Timeout time.Duration // longest wait for another process; 0 means 60 s

	// Failed is told the rank and its error before all processes are ended.
	Failed func(rank int, err error)
}
