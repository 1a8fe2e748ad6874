package gemm

import (
	"flag"
	"os"
	"testing"
)

// TestMain: without LONG=1 rapid draws 50 cases of a property rather than 100.
func TestMain(m *testing.M) {
	if os.Getenv("LONG") == "" {
		flag.Set("rapid.checks", "50")
	}
	m.Run()
}
