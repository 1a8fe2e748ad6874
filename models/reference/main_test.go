package reference

import (
	"flag"
	"os"
	"runtime/debug"
	"testing"
)

// TestMain collects garbage at five times what is in use rather than at twice, for
// every layer makes its output anew. Without LONG=1 rapid draws 20 cases of a property
// rather than 100.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	if os.Getenv("LONG") == "" {
		flag.Set("rapid.checks", "20")
	}
	m.Run()
}
