package own

import (
	"os"
	"runtime"
	"strings"
)

// Version is this project's: as yet Go's.
func Version() string { return runtime.Version() }

// CPU is the processor's name, as Linux tells it; elsewhere its architecture.
func CPU() string {
	info, err := os.ReadFile("/proc/cpuinfo")
	if err == nil {
		for line := range strings.Lines(string(info)) {
			if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
				return strings.TrimSpace(value)
			}
		}
	}
	return runtime.GOOS + "/" + runtime.GOARCH
}
