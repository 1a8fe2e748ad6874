package outdir

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
)

// Entry is a file of a set that [Dir.Replace] writes. Without Write there is to
// be no file of that name.
type Entry struct {
	Name  string
	Write func(io.Writer) error
}

// The files of a set are links that lead through one: NAME to .set/now/NAME, and
// .set/now to .set/N, where N counts the replacements.
const (
	setName = ".set"
	nowName = "now"
)

// Replace writes a set of files in place of what has their names. One rename
// brings all of them: at every instant, and whatever goes wrong, the files are
// those of before, or all of them the new ones. Those of before are kept, unseen,
// until the next time, for whoever is opening them; a directory of a set is never
// that of another.
//
// Where there are no links, as on Windows and on some file systems, the files are
// replaced one after the other, in their order, each whole.
func (d *Dir) Replace(files ...Entry) error {
	err := errNoLinks
	if runtime.GOOS != "windows" {
		err = d.link(files)
	}
	if errors.Is(err, errNoLinks) {
		return d.oneByOne(files)
	}
	if err != nil {
		return err
	}
	if err := d.stage(files); err != nil {
		return err
	}
	for _, f := range files {
		if f.Write == nil {
			if err := d.remove(f.Name); err != nil {
				return err
			}
		}
	}
	return nil
}

var errNoLinks = errors.New("no links")

func (d *Dir) oneByOne(files []Entry) (err error) {
	for _, f := range files {
		if f.Write == nil {
			err = d.remove(f.Name)
		} else {
			err = d.Write(f.Name, f.Write)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// link makes links of a set's names. Files that have these names are copied into
// the set first: no name ever leads to other contents than before.
func (d *Dir) link(files []Entry) error {
	var old []Entry
	var missing []string
	for _, f := range files {
		name := d.Path(f.Name)
		if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
			old = append(old, Entry{f.Name, copyOf(name)})
		}
		_, err := os.Lstat(name)
		if target, _ := os.Readlink(name); target != throughSet(f.Name) && (f.Write != nil || err == nil) {
			missing = append(missing, f.Name)
		}
	}
	if missing == nil {
		return nil
	}
	if err := d.hasLinks(); err != nil {
		return err
	}
	if err := d.stage(old); err != nil {
		return err
	}
	for _, name := range missing {
		if err := d.pointTo(throughSet(name), d.Path(name)); err != nil {
			return err
		}
	}
	return d.fs.SyncDir(d.path)
}

// throughSet is where the link of a set's file leads.
func throughSet(name string) string { return filepath.Join(setName, nowName, name) }

// hasLinks is errNoLinks where the file system has none.
func (d *Dir) hasLinks() error {
	try := temporary(d.Path(nowName))
	err := d.fs.Symlink(nowName, try)
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, errors.ErrUnsupported) {
		return errNoLinks
	}
	if err == nil {
		err = d.fs.Remove(try)
	}
	return err
}

func copyOf(path string) func(io.Writer) error {
	return func(w io.Writer) error {
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		defer file.Close()
		_, err = io.Copy(w, file)
		return err
	}
}

// stage writes files into a new directory, and makes it the present one.
func (d *Dir) stage(files []Entry) error {
	set := d.Path(setName)
	now := filepath.Join(set, nowName)
	if err := d.makeSet(); err != nil {
		return err
	}
	present, _ := os.Readlink(now) // none before the first
	if err := d.clear(present); err != nil {
		return err
	}
	n, _ := strconv.ParseUint(present, 10, 62)
	next := strconv.FormatUint(n+1, 10)
	dir := filepath.Join(set, next)
	if err := d.fs.Mkdir(dir); err != nil {
		return err
	}
	for _, f := range files {
		if f.Write == nil {
			continue
		}
		if err := create(d.fs, filepath.Join(dir, f.Name), f.Write); err != nil {
			return err
		}
	}
	for _, path := range []string{dir, set} {
		if err := d.fs.SyncDir(path); err != nil {
			return err
		}
	}
	if err := d.pointTo(next, now); err != nil {
		return err
	}
	return d.fs.SyncDir(set)
}

// makeSet makes the directory of the sets; what is none, such as a link, gives way.
func (d *Dir) makeSet() error {
	if info, err := os.Lstat(d.Path(setName)); err == nil && info.IsDir() {
		return nil
	}
	if err := d.remove(setName); err != nil {
		return err
	}
	if err := d.fs.Mkdir(d.Path(setName)); err != nil {
		return err
	}
	return d.fs.SyncDir(d.path)
}

// clear removes every set but the present one, and a directory in the place of the
// link to it, which a copy has that followed links.
func (d *Dir) clear(present string) error {
	entries, err := os.ReadDir(d.Path(setName))
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Name() != present && (e.Name() != nowName || e.IsDir()) {
			if err := d.fs.RemoveAll(d.Path(filepath.Join(setName, e.Name()))); err != nil {
				return err
			}
		}
	}
	return nil
}

// pointTo puts a link in the place of what is at path.
func (d *Dir) pointTo(target, path string) error {
	beside := temporary(d.Path(filepath.Base(path)))
	if err := d.fs.Symlink(target, beside); err != nil {
		return err
	}
	err := d.fs.Rename(beside, path)
	if err != nil {
		_ = d.fs.Remove(beside)
	}
	return err
}

// remove removes a file of the directory, if it is there, for good.
func (d *Dir) remove(name string) error {
	if err := d.fs.Remove(d.Path(name)); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	return d.fs.SyncDir(d.path)
}
