package outdir

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
)

// WriteFile writes a file beside path, syncs it and renames it to path, then
// syncs the directory. Whatever goes wrong, what stood at path stays as it was;
// a link there is replaced, not followed. The file beside it is new, with a name
// of its own that ends in .tmp; only a process that was killed leaves it behind.
func WriteFile(path string, write func(io.Writer) error) error {
	beside := fmt.Sprintf(".%s.%016x.tmp", filepath.Base(path), rand.Uint64())
	f, err := os.OpenFile(filepath.Join(filepath.Dir(path), beside), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) // follows no link
	if err != nil {
		return err
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name()) // what is left of it only takes room
		return err
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes a rename last. Windows has no such thing.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
