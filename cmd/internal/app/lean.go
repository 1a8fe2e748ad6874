package app

import (
	"os"
	"runtime"
	"runtime/debug"
)

// Lean makes the garbage collector come as soon as a tenth of what is in use has
// been allocated besides, unless the environment's GOGC says otherwise. It is
// for programs whose memory is images, which the collector passes over, and that
// allocate little.
func Lean() { collect(10) }

// roomy ends [Lean] where so little is in use, as of a few images, that the
// collector would come all the time.
func roomy() {
	var m runtime.MemStats
	if runtime.ReadMemStats(&m); m.HeapAlloc < 16<<20 {
		collect(100)
	}
}

func collect(percent int) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(percent)
	}
}
