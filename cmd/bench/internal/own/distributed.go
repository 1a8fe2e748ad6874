package own

import (
	"context"
	"encoding/binary"
	"time"

	"symgrad/cmd/bench/internal/timing"
	"symgrad/models"
	"symgrad/train"
	"symgrad/train/vm/kernel/vec"
)

// Share is a step of training that processes share, one worker each.
type Share struct {
	Model                    string
	Batch, Shards, Processes int

	Step, Talk timing.Spread // ms; Talk is what of it passed in messages, waiting for others included
}

// clocked is a group whose messages are timed.
type clocked struct {
	train.Group
	spent time.Duration
}

func (c *clocked) Exchange(to int, out []byte, from int, in []byte) error {
	begin := time.Now()
	err := c.Group.Exchange(to, out, from, in)
	c.spent += time.Since(begin)
	return err
}

// Share measures a step in a number of shards. All processes of the group call
// it with the same setting; the figures are each one's own.
func (s Setting) Share(ctx context.Context, g train.Group, images *Images, shards int) (Share, error) {
	share := Share{Model: s.Model, Batch: s.Batch, Shards: shards, Processes: g.Size()}
	net, err := spec(s.Model).New(models.NewRand(1))
	if err != nil {
		return share, err
	}
	whole := images.training.Len() / s.Batch * s.Batch // every batch is a full one
	clock := &clocked{Group: g}
	t, err := train.NewTrainer(net, images.training.Head(whole), train.Config{Batch: s.Batch, Rate: rate, Machine: train.OwnVM(1), Shards: shards, Group: clock})
	if err != nil {
		return share, err
	}
	defer t.Close()
	steps := 3
	if _, err := several(ctx, t, steps); err != nil { // graphs are built
		return share, err
	}
	warm, err := several(ctx, t, steps)
	if err != nil {
		return share, err
	}
	if steps, err = agreed(g, int(s.Plan.Seconds/warm)+1); err != nil {
		return share, err
	}
	var step, talk []float64
	for range s.Plan.Chunks {
		clock.spent = 0
		each, err := several(ctx, t, steps)
		if err != nil {
			return share, err
		}
		step, talk = append(step, 1e3*each), append(talk, 1e3*clock.spent.Seconds()/float64(steps))
	}
	share.Step, share.Talk = timing.Of(step), timing.Of(talk)
	return share, nil
}

// several makes a number of steps and gives the seconds of one.
func several(ctx context.Context, t *train.Trainer, steps int) (float64, error) {
	begin := time.Now()
	for range steps {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		if _, err := t.Step(); err != nil {
			return 0, err
		}
	}
	return time.Since(begin).Seconds() / float64(steps), nil
}

// agreed is rank 0's number, everywhere.
func agreed(g train.Group, n int) (int, error) {
	data := binary.LittleEndian.AppendUint64(nil, uint64(n))
	err := train.Broadcast(g, data)
	return int(binary.LittleEndian.Uint64(data)), err
}

// Network is what messages between two processes take.
type Network struct {
	Name  string
	Alpha float64 // seconds of one, however short
	Beta  float64 // seconds of a byte
}

// Adding measures the seconds a byte of adding one float32 gradient to another, a
// MiB each, as it is done between messages.
func Adding(ctx context.Context, plan timing.Plan) (float64, error) {
	sum, x := make([]float32, 1<<18), make([]float32, 1<<18)
	rate, err := plan.Rate(ctx, 4*float64(len(sum)), func() error { vec.Add(sum, sum, x); return nil })
	return 1 / rate.Median, err
}

// Messages measures those between ranks 0 and 1, both ways at once: the median of
// a message of 8 bytes, and what a MiB takes longer.
func Messages(name string, g train.Group, plan timing.Plan) (Network, error) {
	median := func(bytes int) (float64, error) {
		out, in := make([]byte, bytes), make([]byte, bytes)
		var each []float64
		for range 40 * plan.Chunks {
			begin := time.Now()
			if g.Rank() < 2 {
				if err := g.Exchange(1-g.Rank(), out, 1-g.Rank(), in); err != nil {
					return 0, err
				}
			}
			each = append(each, time.Since(begin).Seconds())
		}
		return timing.Of(each).Median, nil
	}
	short, err := median(8)
	if err != nil {
		return Network{}, err
	}
	long, err := median(1 << 20)
	return Network{Name: name, Alpha: short, Beta: (long - short) / (1 << 20)}, err
}
