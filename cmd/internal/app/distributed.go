package app

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"flag"
	"fmt"
	"io"
	"os"

	"symgrad/data"
	"symgrad/models"
	"symgrad/train"
	"symgrad/train/checkpoint"
	"symgrad/train/mpi"
)

// registerDistributed adds the flags of a training on several processes.
func (f *Flags) registerDistributed(set *flag.FlagSet) {
	set.IntVar(&f.Shards, "shards", 1, "cut every batch into so many parts, whose gradients are added in a fixed order: decides the bits, as the seed does")
	set.StringVar(&f.Distributed, "distributed", f.Distributed, "mpi: share the shards with the other processes that mpirun or srun has started")
	set.StringVar(&f.MPI.Library, "mpi-lib", f.MPI.Library, "file of the MPI library (default: the launcher's)")
	set.DurationVar(&f.MPI.Timeout, "mpi-timeout", f.MPI.Timeout, "give up when another process has not answered for so long (default 1m0s)")
}

// checkDistributed is the part of check for these flags.
func (f *Flags) checkDistributed() error {
	switch {
	case f.set.Lookup("shards") == nil:
		return nil
	case f.Shards < 1:
		return Usage(fmt.Errorf("-shards %d: want 1 or more", f.Shards))
	case f.Shards > train.MostShards:
		return Usage(fmt.Errorf("-shards %d: want at most %d", f.Shards, train.MostShards))
	case f.Distributed == "":
		return Refuse(f.set, "without -distributed mpi", "mpi-lib", "mpi-timeout")
	case f.Distributed != "mpi":
		return Usage(fmt.Errorf("-distributed %q: want mpi", f.Distributed))
	case f.MPI.Timeout < 0:
		return Usage(fmt.Errorf("-mpi-timeout %v: want more than 0s", f.MPI.Timeout))
	}
	return Refuse(f.set, "with -distributed", "check-gradients", "dump-program")
}

// work is what a command does, with what it prints.
type work func(stdout, stderr io.Writer) error

// together does the work alone or, with -distributed, in a group of which rank 0
// alone prints and writes. An error in one process ends all.
func (f *Flags) together(stdout, stderr io.Writer, do work) error {
	if err := f.check(); err != nil {
		return err
	}
	if f.Distributed == "" {
		return do(stdout, stderr)
	}
	o := f.MPI
	o.Failed = func(rank int, err error) { fmt.Fprintf(os.Stderr, "%s: rank %d: %v\n", f.set.Name(), rank, err) }
	return mpi.Run(o, func(g train.Group) error {
		f.group = g
		if f.follows() {
			return do(io.Discard, io.Discard)
		}
		return do(stdout, stderr)
	})
}

// follows tells whether another process prints and writes.
func (f *Flags) follows() bool { return f.group != nil && f.group.Rank() != 0 }

// spread gives rank 0's checkpoint to the others, who need not see its file.
func (f *Flags) spread(net *models.Network, meta checkpoint.Meta) (*models.Network, checkpoint.Meta, error) {
	if f.group == nil {
		return net, meta, nil
	}
	var file bytes.Buffer
	size := make([]byte, 8)
	if !f.follows() {
		if err := checkpoint.Write(&file, net, meta); err != nil {
			return nil, meta, err
		}
		binary.LittleEndian.PutUint64(size, uint64(file.Len()))
	}
	if err := train.Broadcast(f.group, size); err != nil {
		return nil, meta, err
	}
	data := make([]byte, binary.LittleEndian.Uint64(size))
	copy(data, file.Bytes())
	if err := train.Broadcast(f.group, data); err != nil {
		return nil, meta, err
	}
	return checkpoint.Read(bytes.NewReader(data))
}

// alike is an error where the processes of a group would not train the same
// network, in the same way, on the same examples.
func (f *Flags) alike(net *models.Network, set *data.Set) error {
	if f.group == nil {
		return nil
	}
	hash := sha256.New()
	fmt.Fprintln(hash, net, f.settings(), checkpoint.Fingerprint(set))
	return train.Alike(f.group, "settings, network or examples", hash.Sum(nil))
}
