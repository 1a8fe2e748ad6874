package outdir

import (
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
)

// WriteFile writes a file beside path, syncs it and renames it to path, then
// syncs the directory. Whatever goes wrong, what stood at path stays as it was;
// a link there is replaced, not followed. The file beside it is new, with a name
// of its own that ends in .tmp; only a process that was killed leaves it behind.
func WriteFile(path string, write func(io.Writer) error) error {
	return writeFile(Disk(), path, write)
}

func writeFile(fs FS, path string, write func(io.Writer) error) error {
	dir := filepath.Dir(path)
	beside := filepath.Join(dir, fmt.Sprintf(".%s.%016x.tmp", filepath.Base(path), rand.Uint64()))
	f, err := fs.Create(beside)
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
		err = fs.Rename(beside, path)
	}
	if err != nil {
		_ = fs.Remove(beside) // what is left of it only takes room
		return err
	}
	return fs.SyncDir(dir)
}
