//go:build !unix && !windows

package outdir

import "os"

// lock opens a file. Where there are no locks (wasm) one process has the files for
// itself.
func lock(name string) (*os.File, error) { return os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o644) }
