package repair_test

import (
	"runtime/debug"
	"testing"
)

// TestMain collects garbage at five times what is in use rather than at twice, for
// the tests build thousands of small graphs.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	m.Run()
}
