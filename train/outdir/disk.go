package outdir

import (
	"os"
	"runtime"
)

// FS is what writing needs of a file system. Tests make each operation fail.
type FS interface {
	Create(path string) (File, error) // of a new file: an error where there is one, or a link
	Mkdir(path string) error
	Symlink(target, path string) error
	Rename(from, to string) error
	Remove(path string) error    // of a file or an empty directory
	RemoveAll(path string) error // of a directory with all that is in it
	SyncDir(path string) error   // makes what is in a directory last
}

// File is a file being written.
type File interface {
	Write(p []byte) (int, error)
	Sync() error
	Close() error
}

// Disk is the operating system's file system.
func Disk() FS { return disk{} }

type disk struct{}

func (disk) Create(path string) (File, error) {
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) // follows no link
}

func (disk) Mkdir(path string) error { return os.Mkdir(path, 0o755) }

func (disk) Symlink(target, path string) error { return os.Symlink(target, path) }

func (disk) Rename(from, to string) error { return os.Rename(from, to) }

func (disk) Remove(path string) error { return os.Remove(path) }

func (disk) RemoveAll(path string) error { return os.RemoveAll(path) }

// SyncDir does nothing on Windows, which has no such thing.
func (disk) SyncDir(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
