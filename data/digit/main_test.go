package digit_test

import (
	"flag"
	"os"
	"testing"
)

// TestMain: without LONG=1 rapid draws 25 cases of a property rather than 100.
func TestMain(m *testing.M) {
	if os.Getenv("LONG") == "" {
		flag.Set("rapid.checks", "25")
	}
	m.Run()
}
