package train

// Group is the processes that train one network together. Package train/local
// has groups within one process, train/mpi over MPI.
type Group interface {
	Rank() int // of this process, from 0
	Size() int
	// Exchange sends out to one process and receives in, of the length that is
	// sent, from another, at once. Where out or in is empty, nothing is sent or
	// received. Between two processes messages keep their order.
	Exchange(to int, out []byte, from int, in []byte) error
}
