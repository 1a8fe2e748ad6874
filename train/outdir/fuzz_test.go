//go:build unix

package outdir_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"symgrad/train/outdir"
)

// In a directory in any state, files, directories, links and pipes where the
// set's own should be, the set is replaced whole or there is an error; either
// way nothing elsewhere is touched. A script's bytes say what lies where.
func FuzzReplace(f *testing.F) {
	names := []string{"a", "b", ".set", ".set/now", ".set/1", ".set/2", ".set/1/a", ".set/1/b", ".set/now/a", ".lock", ".x.tmp", ".set/18446744073709551615"}
	targets := []string{"1", "2", "now", "a", "..", "nowhere", ".set/now/a", ".set/now/b", ".set", "ELSEWHERE", "ELSEWHERE/a", "18446744073709551615", "."}
	f.Add([]byte{})
	f.Add([]byte{0, 0, 0, 1, 0, 0})
	f.Add([]byte{2, 1, 0, 4, 1, 0, 6, 0, 0, 7, 0, 0, 3, 2, 0, 0, 2, 6, 1, 2, 7})
	f.Add([]byte{2, 2, 9, 0, 2, 10, 1, 2, 10, 9, 2, 10})
	f.Add([]byte{3, 1, 0, 8, 0, 0, 0, 3, 0, 1, 1, 0})
	f.Add([]byte{2, 1, 0, 11, 1, 0, 3, 2, 11})
	f.Fuzz(func(t *testing.T, script []byte) {
		top := t.TempDir()
		dir, elsewhere := filepath.Join(top, "dir"), filepath.Join(top, "elsewhere")
		if err := errors.Join(os.Mkdir(dir, 0o755), os.Mkdir(elsewhere, 0o755), os.WriteFile(filepath.Join(elsewhere, "a"), []byte("precious"), 0o600)); err != nil {
			t.Fatal(err)
		}
		for at := 0; at+2 < len(script) && at < 60; at += 3 {
			path, target := filepath.Join(dir, names[int(script[at])%len(names)]), targets[int(script[at+2])%len(targets)]
			if real, err := filepath.EvalSymlinks(filepath.Dir(path)); err != nil || !strings.HasPrefix(real, dir) {
				continue
			}
			switch script[at+1] % 4 { // what cannot be made is left out
			case 0:
				if _, err := os.Lstat(path); err != nil {
					_ = os.WriteFile(path, []byte("old"), 0o600)
				}
			case 1:
				_ = os.Mkdir(path, 0o755)
			case 2:
				_ = os.Symlink(strings.Replace(target, "ELSEWHERE", elsewhere, 1), path)
			case 3:
				_ = syscall.Mkfifo(path, 0o600)
			}
		}
		d, err := outdir.Open(dir, outdir.Disk())
		for _, text := range []string{"new", "newer"} {
			if err == nil {
				err = d.Replace(outdir.Entry{Name: "b", Write: says(text)}, outdir.Entry{Name: "a", Write: says(text)})
			}
			if err == nil && (content(t, d.Path("a")) != text || content(t, d.Path("b")) != text) {
				t.Fatalf("%q and %q, want %q", content(t, d.Path("a")), content(t, d.Path("b")), text)
			}
		}
		if err != nil && strings.Contains(err.Error(), "\n") {
			t.Fatal(err)
		}
		if d != nil {
			d.Close()
		}
		if all, _ := os.ReadDir(elsewhere); len(all) != 1 || content(t, filepath.Join(elsewhere, "a")) != "precious" {
			t.Fatalf("%v elsewhere", all)
		}
	})
}
