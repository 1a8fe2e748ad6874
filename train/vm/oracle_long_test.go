//go:build unix

package vm_test

import (
	"fmt"
	"os"
	"strconv"
	"syscall"
	"testing"
	"time"

	"gorgonia.org/tensor"

	"symgrad/models/interpret/randgraph"
)

// TestRandomGraphsForLong judges graphs for as much processor time as GRAPHS_FOR
// says, from seed GRAPHS_FROM on, and prints how far it came:
//
//	GRAPHS_FOR=1h go test -run TestRandomGraphsForLong -timeout 0 -v ./train/vm
func TestRandomGraphsForLong(t *testing.T) {
	limit, err := time.ParseDuration(os.Getenv("GRAPHS_FOR"))
	if err != nil {
		t.Skip("GRAPHS_FOR is no duration")
	}
	from, _ := strconv.ParseUint(os.Getenv("GRAPHS_FROM"), 10, 64)
	options := []randgraph.Options{
		{Dtype: tensor.Float64}, {Dtype: tensor.Float32}, {Dtype: tensor.Float64, Special: true}, {Dtype: tensor.Float32, Special: true},
	}
	judged, wrong := 0, 0
	for seed := from; ; seed++ {
		done, err := judge(graphOf(seed), options[seed%4])
		if done {
			judged++
		}
		if err != nil {
			wrong++
			t.Errorf("seed %d: %v", seed, err)
		}
		if n := seed - from + 1; n%5000 == 0 || err != nil {
			used := processorTime()
			fmt.Printf("%d graphs from seed %d, %d judged, %d wrong, %.1f minutes of processor time\n", n, from, judged, wrong, used.Minutes())
			if used > limit || wrong > 20 {
				return
			}
		}
	}
}

func processorTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
