package train

import (
	"errors"
	"fmt"
	"testing"

	"gorgonia.org/tensor"
)

// What is pending of a gradient: told once each, whoever tells; lost when the run
// fails.
func TestPending(t *testing.T) {
	p := newPending([]int{0, 2, 4, 6}, 2)
	l := new(lesson)
	if got := fmt.Sprint(p.buckets); got != "[[2 3] [1 2] [0 1]]" {
		t.Fatal(got)
	}
	for range 2 {
		p.begin(l)
		p.tell(2)
		p.tell(2)
		p.tell(0)
		if len(p.arrived) != 2 || p.running != l {
			t.Errorf("%d have arrived of %p", len(p.arrived), p.running)
		}
		if !p.wait(p.buckets[0]) || len(p.arrived) != 1 {
			t.Errorf("the first bucket: %d still to come", len(p.arrived))
		}
		p.end(nil)
		if !p.wait(p.buckets[1]) || !p.wait(p.buckets[2]) || len(p.arrived) != 0 || p.running != nil {
			t.Errorf("%d are left of %p", len(p.arrived), p.running)
		}
	}
	if cap(p.arrived) != 4 {
		t.Errorf("room for %d, want all three and a failure", cap(p.arrived))
	}
	p.begin(l)
	p.tell(2)
	p.end(errors.New("no more"))
	if !p.wait(p.buckets[0]) || p.wait(p.buckets[1]) || len(p.arrived) != 0 {
		t.Errorf("after a failure %d are left", len(p.arrived))
	}
	if p.listen(&lesson{bound: &bound{machine: new(holding)}}) {
		t.Error("it listens to a machine that cannot tell")
	}
}

// A machine tells of each gradient while it runs, of the lesson that is running
// and of no other.
func TestListening(t *testing.T) {
	net := linear(t, tensor.Float32)
	l, err := newLesson(net, 4, 1, OwnVM(1))
	if err != nil {
		t.Fatal(err)
	}
	p := newPending([]int{0, 6, 9}, 100)
	for _, c := range []struct {
		running *lesson
		want    int
	}{{l, 2}, {nil, 0}, {new(lesson), 0}, {l, 2}} {
		p.begin(c.running)
		if !p.listen(l) {
			t.Fatal("it does not listen")
		}
		if err := l.machine.RunAll(); err != nil {
			t.Fatal(err)
		}
		if len(p.arrived) != c.want || c.want > 0 && p.told[0] && !p.told[1] {
			t.Errorf("told of %d, want %d", len(p.arrived), c.want)
		}
		for len(p.arrived) > 0 {
			<-p.arrived
		}
	}
	if n := testing.AllocsPerRun(5, func() { p.listen(l) }); n != 0 {
		t.Errorf("to listen again allocates %v times", n)
	}
}
