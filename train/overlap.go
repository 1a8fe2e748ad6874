package train

import (
	"slices"

	G "gorgonia.org/gorgonia"

	"symgrad/train/vm"
)

// pending are the gradients of a process's last shard on their way to the others,
// so many numbers or more in a bucket: bucket by bucket, from the last layer to the first, as the machine computes
// them, while it goes on with the layers before.
type pending struct {
	buckets [][2]int // parameters from, to; the same in all processes
	arrived chan int // parameters whose gradient is there; failed: no more will come
	here    []bool   // at the receiver
	told    []bool   // at the sender
	running *lesson  // whose gradients these are
}

// bucketLen is about how many numbers are sent at once.
const bucketLen = 32768

const failed = -1

func newPending(begins []int, bucket int) *pending {
	n := len(begins) - 1
	p := &pending{arrived: make(chan int, n+1), here: make([]bool, n), told: make([]bool, n)}
	to := n // of the bucket that is being filled
	cut := func(from int) {
		if from < to {
			p.buckets = append(p.buckets, [2]int{from, to})
			to = from
		}
	}
	for i := n - 1; i >= 0; i-- {
		if begins[i+1]-begins[i] >= bucket {
			cut(i + 1) // a large one makes no others wait
		}
		if begins[to]-begins[i] >= bucket || i == 0 {
			cut(i)
		}
	}
	return p
}

// listen makes a graph's machine tell of its gradients when they are among those
// pending. Gorgonia's machine cannot.
func (p *pending) listen(l *lesson) bool {
	m, ok := l.machine.(*vm.Machine)
	if !ok || l.listened {
		return ok
	}
	l.listened = true
	m.Announce(func(n *G.Node) {
		if p.running == l {
			p.tell(slices.Index(l.graph.Grads, n))
		}
	})
	return true
}

func (p *pending) tell(param int) {
	if !p.told[param] {
		p.told[param] = true
		p.arrived <- param
	}
}

// begin is before a run, end after it.
func (p *pending) begin(l *lesson) {
	p.running = l
	clear(p.told)
	clear(p.here)
}

func (p *pending) end(err error) {
	p.running = nil
	if err != nil {
		p.arrived <- failed
		return
	}
	for i := range p.told { // gradients that were copied out at the end
		p.tell(i)
	}
}

// wait waits until a bucket's gradients are there, or never will be.
func (p *pending) wait(bucket [2]int) bool {
	for slices.Contains(p.here[bucket[0]:bucket[1]], false) {
		i := <-p.arrived
		if i == failed {
			return false
		}
		p.here[i] = true
	}
	return true
}

// lastLeaf computes the gradient of the last shard and sends its buckets as they
// come.
func (s *sharded[F]) lastLeaf(a action, idx []int, step int) error {
	l, err := s.prepare(a, idx, step)
	if err != nil {
		return err
	}
	if l == nil || !s.pending.listen(l) {
		if l != nil {
			if err := s.compute(l, a, 0); err != nil {
				return err
			}
		}
		for _, b := range s.pending.buckets {
			if err := s.finish(s.begins[b[0]], s.begins[b[1]]); err != nil {
				return err
			}
		}
		return nil
	}
	grads, err := s.read(l) // where they will be
	if err != nil {
		return err
	}
	sums := s.stack[s.depth-1 : s.depth]
	s.pending.begin(l)
	s.adder.busy = true
	sent := make(chan error, 1)
	go func() { sent <- s.deliver(grads, sums, a.kind == leafAdded) }()
	err = s.run(l, a.with)
	s.pending.end(err)
	if e := <-sent; err == nil {
		err = e
	}
	s.adder.busy = false
	return err
}

// deliver finishes the buckets of a gradient that is being computed.
func (s *sharded[F]) deliver(grads []any, sums [][]F, added bool) error {
	for _, b := range s.pending.buckets {
		if !s.pending.wait(b) {
			return nil // the run says why
		}
		for param := b[0]; param < b[1]; param++ {
			s.adder.takeSpan(span{param, 0, s.begins[param+1] - s.begins[param]}, grads, sums, added)
		}
		if err := s.finish(s.begins[b[0]], s.begins[b[1]]); err != nil {
			return err
		}
	}
	return nil
}
