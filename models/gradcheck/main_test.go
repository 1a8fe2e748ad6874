package gradcheck

import (
	"flag"
	"runtime/debug"
	"testing"
)

// TestMain collects garbage at five times what is in use rather than at twice: a
// check runs a small graph thousands of times, and a quarter of the tests' time went
// into looking for what is gone. Without LONG=1 rapid draws 12 cases of a property
// rather than 100.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	if !long() {
		flag.Set("rapid.checks", "12")
	}
	m.Run()
}
