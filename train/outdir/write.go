package outdir

import (
	"bufio"
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
	beside := temporary(path)
	err := create(fs, beside, write)
	if err == nil {
		if err = fs.Rename(beside, path); err != nil {
			_ = fs.Remove(beside)
		}
	}
	if err != nil {
		return err
	}
	return fs.SyncDir(filepath.Dir(path))
}

// create writes a new file to the disk, or leaves none.
func create(fs FS, path string, write func(io.Writer) error) error {
	f, err := fs.Create(path)
	if err != nil {
		return err
	}
	buffered := bufio.NewWriterSize(f, 1<<16)
	err = write(buffered)
	if err == nil {
		err = buffered.Flush()
	}
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		_ = fs.Remove(path) // what is left of it only takes room
	}
	return err
}

// temporary is a name beside path that nobody else has.
func temporary(path string) string {
	return filepath.Join(filepath.Dir(path), fmt.Sprintf(".%s.%016x.tmp", filepath.Base(path), rand.Uint64()))
}
