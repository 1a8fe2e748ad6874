package app

import (
	"os"
	"runtime/debug"
)

// Lean makes the garbage collector come as soon as a tenth of what is in use has
// been allocated besides, unless the environment's GOGC says otherwise. It is
// for programs whose memory is images, which the collector passes over, and that
// allocate little.
func Lean() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(10)
	}
}
