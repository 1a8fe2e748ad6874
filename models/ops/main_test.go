package ops_test

import (
	"flag"
	"os"
	"runtime/debug"
	"testing"
)

// TestMain collects garbage at five times what is in use rather than at twice, for
// the tests build thousands of small graphs. Without LONG=1 rapid draws 12 cases of
// a property rather than 100.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	if os.Getenv("LONG") == "" {
		flag.Set("rapid.checks", "12")
	}
	m.Run()
}
