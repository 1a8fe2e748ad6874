//go:build unix

package own

import (
	"os"
	"runtime"
	"syscall"
)

// peakMemory is a finished process's largest resident set in MB.
func peakMemory(state *os.ProcessState) float64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" || runtime.GOOS == "ios" { // in bytes there, in KiB elsewhere
		return float64(usage.Maxrss) / 1e6
	}
	return float64(usage.Maxrss) * 1024 / 1e6
}
