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

// alone is a group of one.
type alone struct{}

func (alone) Rank() int                               { return 0 }
func (alone) Size() int                               { return 1 }
func (alone) Exchange(int, []byte, int, []byte) error { return nil }

func send(g Group, to int, data []byte) error      { return g.Exchange(to, data, 0, nil) }
func receive(g Group, from int, into []byte) error { return g.Exchange(0, nil, from, into) }

// Broadcast gives rank 0's data to all, along a binomial tree; all know its
// length.
func Broadcast(g Group, data []byte) error {
	for d := 1; d < g.Size(); d *= 2 {
		switch peer := g.Rank() ^ d; {
		case g.Rank() < d && peer < g.Size():
			if err := send(g, peer, data); err != nil {
				return err
			}
		case g.Rank() >= d && g.Rank() < 2*d:
			if err := receive(g, peer, data); err != nil {
				return err
			}
		}
	}
	return nil
}

// gather gives all to everybody, when each process has filled in its own part:
// that of rank r ends where the next one begins, at begin(r+1).
func gather(g Group, all []byte, begin func(rank int) int) error {
	rank, size := g.Rank(), g.Size()
	for d := 1; d < size; d *= 2 {
		if rank%(2*d) == d {
			if err := send(g, rank-d, all[begin(rank):begin(min(rank+d, size))]); err != nil {
				return err
			}
			break
		}
		if from := rank + d; from < size {
			if err := receive(g, from, all[begin(from):begin(min(from+d, size))]); err != nil {
				return err
			}
		}
	}
	return Broadcast(g, all)
}
