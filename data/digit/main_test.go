package digit

import (
	"flag"
	"os"
	"runtime/debug"
	"testing"
)

// TestMain collects garbage at five times what is in use: pictures come and go.
// Without LONG=1 rapid draws 40 cases of a property rather than 100.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	if os.Getenv("LONG") == "" {
		flag.Set("rapid.checks", "40")
	}
	m.Run()
}
