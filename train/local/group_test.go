package local

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"symgrad/train"
)

// Messages between two keep their order; what goes wrong is an error of all.
func TestMessages(t *testing.T) {
	sent := func(g train.Group, to int, messages ...string) (err error) {
		for _, m := range messages {
			err = errors.Join(err, g.Exchange(to, []byte(m), 0, nil))
		}
		return err
	}
	got := func(g train.Group, from int, want string) error {
		in := make([]byte, len(want))
		if err := g.Exchange(0, nil, from, in); err != nil {
			return err
		}
		if string(in) != want {
			return fmt.Errorf("got %s, want %s", in, want)
		}
		return nil
	}
	canceled, cancel := context.WithCancel(t.Context())
	for _, c := range []struct {
		ctx  context.Context
		by   func(g train.Group) error
		want string
	}{
		{t.Context(), func(g train.Group) error {
			if g.Rank() == 0 {
				return errors.Join(sent(g, 1, "a", "b"), got(g, 2, "d"), sent(g, 1, "c"))
			} else if g.Rank() == 1 {
				return errors.Join(got(g, 0, "a"), got(g, 0, "b"), sent(g, 2, "x"), got(g, 0, "c"))
			}
			return errors.Join(sent(g, 0, "d"), got(g, 1, "x"))
		}, "<nil>"},
		{t.Context(), func(g train.Group) error { return got(g, (g.Rank()+1)%3, "a") }, errStuck.Error()},
		{t.Context(), func(g train.Group) error {
			if g.Rank() == 0 {
				return got(g, 1, "a")
			}
			return nil
		}, errStuck.Error()},
		{t.Context(), func(g train.Group) error {
			if g.Rank() == 0 {
				return sent(g, 1, "long")
			}
			return got(g, 0, "s")
		}, "local: rank 0 sent 4 bytes to rank 1, which waits for 1"},
		{canceled, func(g train.Group) error {
			if g.Rank() == 0 {
				cancel()
				<-canceled.Done()
			}
			return got(g, 1, "a")
		}, "context canceled"},
	} {
		size := 3
		if c.want[0] == 'l' && c.want != errStuck.Error() {
			size = 2
		}
		if err := Run(c.ctx, size, func(_ context.Context, g train.Group) error { return c.by(g) }); fmt.Sprint(err) != c.want {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}
