package app

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"symgrad/train/outdir"
)

var errFault = errors.New("fault")

// The ways in which a disk goes wrong at one operation.
const (
	fails = "fails"
	cut   = "cut"           // a write gets half way; another operation fails
	crash = "last"          // then the power goes; all before it is on the disk
	lost  = "unsynced lost" // then the power goes; what was not synced is as it was before
	torn  = "unsynced torn" // then the power goes; half of what was not synced is there, under its new name
)

// faulty is a disk on which one operation, by its number, goes wrong. Nothing is
// really synced: that takes time, and what counts is what loseUnsynced takes away.
type faulty struct {
	outdir.FS
	at, done int
	how      string
	off      bool   // there is no power any more
	look     func() // after every operation; may be nil

	graves   string   // a directory for what was removed; of lost alone
	changes  []change // that no sync has made last
	unsynced []*faultyFile
}

// change is of what stands in a directory.
type change struct {
	dir  string
	undo func()
}

// fails counts an operation.
func (d *faulty) fails() bool {
	d.done++
	return d.off || d.done == d.at && (d.how == fails || d.how == cut)
}

// over ends an operation, and the power where it was the last.
func (d *faulty) over(err error) error {
	if d.done == d.at && !d.off && d.how != fails && d.how != cut {
		d.off = true
		d.loseUnsynced()
	}
	if d.look != nil {
		d.look()
	}
	return err
}

func (d *faulty) loseUnsynced() {
	for _, f := range d.unsynced {
		switch d.how {
		case lost:
			f.second.Truncate(f.synced)
		case torn:
			f.second.Truncate((f.synced + f.written) / 2)
		}
	}
	for _, c := range slices.Backward(d.changes) {
		c.undo()
	}
}

// changed notes a change of the directory that path is in.
func (d *faulty) changed(path string, undo func()) {
	if d.how == lost {
		d.changes = append(d.changes, change{filepath.Dir(path), undo})
	}
}

// bury puts what is at path aside, and gives a way to have it back.
func (d *faulty) bury(path string) (back func()) {
	if d.how != lost {
		return func() {}
	}
	if target, err := os.Readlink(path); err == nil {
		return func() { os.Symlink(target, path) }
	}
	grave := filepath.Join(d.graves, strconv.Itoa(d.done))
	if err := os.Link(path, grave); err != nil {
		return func() {}
	}
	return func() { os.Rename(grave, path) }
}

func (d *faulty) Create(path string) (outdir.File, error) {
	if d.fails() {
		return nil, errFault
	}
	f, err := d.FS.Create(path)
	if err != nil {
		return nil, d.over(err)
	}
	d.changed(path, func() { os.Remove(path) })
	out := &faultyFile{File: f, disk: d}
	if d.how == lost || d.how == torn {
		if out.second, err = os.OpenFile(path, os.O_WRONLY, 0); err == nil {
			d.unsynced = append(d.unsynced, out)
		}
	}
	return out, d.over(err)
}

func (d *faulty) Mkdir(path string) error {
	if d.fails() {
		return errFault
	}
	d.changed(path, func() { os.RemoveAll(path) })
	return d.over(d.FS.Mkdir(path))
}

func (d *faulty) Symlink(target, path string) error {
	if d.fails() {
		return errFault
	}
	d.changed(path, func() { os.Remove(path) })
	return d.over(d.FS.Symlink(target, path))
}

func (d *faulty) Rename(from, to string) error {
	if d.fails() {
		return errFault
	}
	back := d.bury(to)
	d.changed(to, func() {
		os.Rename(to, from)
		back()
	})
	return d.over(d.FS.Rename(from, to))
}

func (d *faulty) Remove(path string) error {
	if d.fails() {
		return errFault
	}
	d.changed(path, d.bury(path))
	return d.over(d.FS.Remove(path))
}

func (d *faulty) RemoveAll(path string) error {
	if d.fails() {
		return errFault
	}
	if d.how != lost {
		return d.over(d.FS.RemoveAll(path))
	}
	grave := filepath.Join(d.graves, strconv.Itoa(d.done))
	if err := os.Rename(path, grave); err == nil {
		d.changed(path, func() { os.Rename(grave, path) })
	}
	return d.over(nil)
}

func (d *faulty) SyncDir(path string) error {
	if d.fails() {
		return errFault
	}
	d.changes = slices.DeleteFunc(d.changes, func(c change) bool { return c.dir == filepath.Clean(path) })
	return d.over(nil)
}

type faultyFile struct {
	outdir.File
	disk            *faulty
	second          *os.File // of the same file, to cut it by
	written, synced int64
}

func (f *faultyFile) Write(p []byte) (int, error) {
	if f.disk.fails() {
		n := 0
		if f.disk.how == cut && !f.disk.off {
			n, _ = f.File.Write(p[:len(p)/2])
		}
		return n, errFault
	}
	n, err := f.File.Write(p)
	f.written += int64(n)
	return n, f.disk.over(err)
}

func (f *faultyFile) Sync() error {
	if f.disk.fails() {
		return errFault
	}
	f.synced = f.written
	return f.disk.over(nil)
}

func (f *faultyFile) Close() error {
	bad := f.disk.fails()
	err := f.File.Close()
	if f.second != nil && f.synced == f.written {
		f.disk.unsynced = slices.DeleteFunc(f.disk.unsynced, func(other *faultyFile) bool { return other == f })
		f.second.Close()
	}
	if bad {
		return errFault
	}
	return f.disk.over(err)
}
