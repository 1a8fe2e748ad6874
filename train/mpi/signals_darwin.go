//go:build mpi

package mpi

// handlers are left as they are: on macOS the libraries that replace Go's have
// not been seen.
type handlers struct{}

func signalHandlers() *handlers { return &handlers{} }

func (*handlers) restore() {}
