package digit

import (
	"flag"
	"os"
	"testing"
)

// Without LONG=1 rapid draws 40 cases of a property rather than 100.
func TestMain(m *testing.M) {
	if os.Getenv("LONG") == "" {
		flag.Set("rapid.checks", "40")
	}
	m.Run()
}
