package app

import (
	"fmt"
	"os"
	"path/filepath"
)

// vacant is an error where the directory of -out holds another run, unless this
// one goes on from a checkpoint or may write over it.
func (f *Flags) vacant() error {
	if f.Out == "" || f.follows() || f.Resume != "" || f.Force {
		return nil
	}
	last := filepath.Join(f.Out, "last.safetensors")
	if _, err := os.Stat(last); err == nil {
		return Usage(fmt.Errorf("-out %s holds another run: go on with -resume %s, or write over it with -force", f.Out, last))
	}
	for _, name := range []string{"metrics.csv", "report.html"} {
		if _, err := os.Stat(filepath.Join(f.Out, name)); err == nil {
			return Usage(fmt.Errorf("-out %s holds the %s of another run: write over it with -force", f.Out, name))
		}
	}
	return nil
}
