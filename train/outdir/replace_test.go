package outdir_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"symgrad/train/outdir"
)

func opened(t *testing.T, path string, fs outdir.FS) *outdir.Dir {
	t.Helper()
	d, err := outdir.Open(path, fs)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// pair replaces the two files a and b by ones that say text; in b's place is
// nothing where text is empty.
func pair(t *testing.T, d *outdir.Dir, text string) {
	t.Helper()
	b := outdir.Entry{Name: "b", Write: says(text)}
	if text == "" {
		b.Write = nil
	}
	if err := d.Replace(b, outdir.Entry{Name: "a", Write: says(text)}); err != nil {
		t.Fatal(err)
	}
}

func onLinks(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no links")
	}
}

// Whoever reads both files from where one of them leads to reads two of the same
// instant, or finds that they are gone, while another goes on replacing them.
func TestReadersSeeOneInstant(t *testing.T) {
	onLinks(t)
	d := opened(t, t.TempDir(), outdir.Disk())
	pair(t, d, "0")
	var writing, enough atomic.Bool
	writing.Store(true)
	go func() {
		defer writing.Store(false)
		for i := 0; i < 200 && !enough.Load(); i++ {
			text := says(strconv.Itoa(i))
			if err := d.Replace(outdir.Entry{Name: "a", Write: text}, outdir.Entry{Name: "b", Write: text}); err != nil {
				t.Error(err)
			}
		}
	}()
	pairs := map[string]bool{}
	for writing.Load() {
		at, err := filepath.EvalSymlinks(d.Path("a"))
		if err != nil {
			continue
		}
		a, err := os.ReadFile(at)
		b, err2 := os.ReadFile(filepath.Join(filepath.Dir(at), "b"))
		if errors.Join(err, err2) != nil {
			continue
		}
		if pairs[string(a)] = true; string(a) != string(b) {
			t.Errorf("%q and %q", a, b)
		}
		enough.Store(len(pairs) >= 20)
	}
	if len(pairs) < 10 {
		t.Errorf("%d pairs were read", len(pairs))
	}
}

// watched is a disk that is looked at after every change.
type watched struct {
	outdir.FS
	look func()
}

func (w watched) Symlink(target, path string) error {
	defer w.look()
	return w.FS.Symlink(target, path)
}
func (w watched) Rename(from, to string) error { defer w.look(); return w.FS.Rename(from, to) }
func (w watched) Remove(path string) error     { defer w.look(); return w.FS.Remove(path) }
func (w watched) RemoveAll(path string) error  { defer w.look(); return w.FS.RemoveAll(path) }

// Files that were there before, of a run on another system, copied with or
// without their links, or put there by hand, agree with each other until both are
// replaced.
func TestReplaceWhatIsThere(t *testing.T) {
	onLinks(t)
	regular := func(t *testing.T, dir string) {
		for _, name := range []string{"a", "b"} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte("old"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, prepare := range map[string]func(t *testing.T, dir string){
		"files": regular,
		"a file over a link": func(t *testing.T, dir string) {
			d := opened(t, dir, outdir.Disk())
			pair(t, d, "old")
			if err := errors.Join(os.Remove(d.Path("b")), os.WriteFile(d.Path("b"), []byte("old"), 0o644), d.Close()); err != nil {
				t.Fatal(err)
			}
		},
		"a copy that followed links": func(t *testing.T, dir string) {
			d := opened(t, dir, outdir.Disk())
			pair(t, d, "old")
			now, err := filepath.EvalSymlinks(d.Path(".set/now"))
			for _, name := range []string{"a", "b", ".set/now"} {
				err = errors.Join(err, os.Remove(d.Path(name)))
			}
			if err := errors.Join(err, os.CopyFS(d.Path(".set/now"), os.DirFS(now)), d.Close()); err != nil {
				t.Fatal(err)
			}
			regular(t, dir)
		},
		"links to elsewhere": func(t *testing.T, dir string) {
			elsewhere := t.TempDir()
			regular(t, elsewhere)
			for _, name := range []string{"a", "b"} {
				if err := os.Symlink(filepath.Join(elsewhere, name), filepath.Join(dir, name)); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.Symlink(elsewhere, filepath.Join(dir, ".set")); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if content(t, filepath.Join(elsewhere, "a")) != "old" || content(t, filepath.Join(elsewhere, "b")) != "old" {
					t.Error("what links led to was written")
				}
			})
		},
	} {
		for _, new := range []string{"new", ""} {
			t.Run(name+" "+new, func(t *testing.T) {
				dir := filepath.Join(t.TempDir(), "a[b")
				if err := os.Mkdir(dir, 0o755); err != nil {
					t.Fatal(err)
				}
				prepare(t, dir)
				d := opened(t, dir, watched{outdir.Disk(), func() {
					a, b := content(t, filepath.Join(dir, "a")), ""
					if _, err := os.Stat(filepath.Join(dir, "b")); err == nil {
						b = content(t, filepath.Join(dir, "b"))
					}
					if a != b {
						t.Errorf("%q and %q", a, b)
					}
				}})
				pair(t, d, new)
				if a := content(t, d.Path("a")); a != new {
					t.Errorf("%q, want %q", a, new)
				}
				if _, err := os.Lstat(d.Path("b")); (err == nil) != (new != "") {
					t.Errorf("b: %v", err)
				}
			})
		}
	}
}

// linkless is a disk without links, as FAT is.
type linkless struct{ outdir.FS }

func (linkless) Symlink(_, path string) error {
	return &os.PathError{Op: "symlink", Path: path, Err: syscall.EPERM}
}

func TestReplaceWithoutLinks(t *testing.T) {
	d := opened(t, t.TempDir(), linkless{outdir.Disk()})
	pair(t, d, "old")
	pair(t, d, "new")
	if content(t, d.Path("a")) != "new" || content(t, d.Path("b")) != "new" {
		t.Error("not replaced")
	}
	pair(t, d, "")
	entries, err := os.ReadDir(filepath.Dir(d.Path("a")))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if got := strings.Join(names, " "); got != ".lock a" {
		t.Errorf("%s are left", got)
	}
}

// A set of which one file cannot be written stays as it was.
func TestReplaceAllOrNone(t *testing.T) {
	d := opened(t, t.TempDir(), outdir.Disk())
	pair(t, d, "old")
	failure := errors.New("no room")
	err := d.Replace(outdir.Entry{Name: "b", Write: func(io.Writer) error { return failure }}, outdir.Entry{Name: "a", Write: says("new")})
	if !errors.Is(err, failure) || content(t, d.Path("a")) != "old" || content(t, d.Path("b")) != "old" {
		t.Errorf("%v, %q, %q", err, content(t, d.Path("a")), content(t, d.Path("b")))
	}
}
