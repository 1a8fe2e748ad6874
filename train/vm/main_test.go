package vm

import (
	"runtime/debug"
	"testing"
)

// TestMain collects garbage at five times what is in use rather than at twice: the
// tests build thousands of small graphs, and a quarter of their time went into
// looking for those that are gone.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	m.Run()
}
