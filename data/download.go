package data

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Download is a data set in MNIST's form whose files are fetched once and kept.
type Download struct {
	Name       string
	Mirrors    []string          // addresses that a file's name is appended to, tried in turn
	MD5        map[string]string // of each file, in hexadecimal
	ClassNames []string          // for the sets; may be nil

	Dir      string                               // where the files are kept; empty: symgrad/Name below the user's cache directory
	Client   *http.Client                         // nil: http.DefaultClient
	Silence  time.Duration                        // how long a server may send nothing before it is given up; 0: 30 s
	Say      func(string)                         // told each address before it is asked; may be nil
	Progress func(file string, done, total int64) // told the bytes as they arrive; total is -1 where the server does not say; may be nil
}

// Load fetches the files that are missing or broken and reads the set. A file
// stands under its name only once it is whole, and what had arrived of it when a
// fetch was interrupted is kept beside it, so that running Load again goes on
// from there.
func (d Download) Load(ctx context.Context) (train, test *Set, err error) {
	dir := d.Dir
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return nil, nil, fmt.Errorf("data: %s: %w", d.Name, err)
		}
		dir = filepath.Join(cache, "symgrad", d.Name)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, nil, fmt.Errorf("data: %s: %w", d.Name, err)
	}
	for _, name := range slices.Sorted(maps.Keys(d.MD5)) {
		path := filepath.Join(dir, name)
		if intact(path, d.MD5[name]) {
			continue
		}
		if err := d.fetch(ctx, name, path); err != nil {
			return nil, nil, err
		}
	}
	if train, test, err = Load(dir); err != nil {
		return nil, nil, err
	}
	train.ClassNames, test.ClassNames = d.ClassNames, d.ClassNames
	return train, test, nil
}

// fetch brings one file to path from the first mirror that has it.
func (d Download) fetch(ctx context.Context, name, path string) error {
	part := path + ".part"
	content, _ := os.ReadFile(part) // without it, the fetch starts at the beginning
	var failures error
	for _, mirror := range d.Mirrors {
		address := strings.TrimSuffix(mirror, "/") + "/" + name
		if d.Say != nil {
			d.Say("fetching " + address)
		}
		var err error
		if content, err = d.complete(ctx, address, name, content); err == nil {
			if err := writeWhole(path, content); err != nil {
				return fmt.Errorf("data: %w", err)
			}
			_ = os.Remove(part) // a stale one is harmless
			return nil
		}
		if failures == nil {
			failures = err
		} else {
			failures = fmt.Errorf("%w; %w", failures, err)
		}
		if ctx.Err() != nil {
			failures = ctx.Err()
			break
		}
	}
	_ = os.Remove(part)
	if len(content) > 0 {
		if err := writeWhole(part, content); err != nil {
			return fmt.Errorf("data: %w", err)
		}
	}
	if failures == nil {
		return fmt.Errorf("data: %s has no mirrors to fetch %s from", d.Name, name)
	}
	return fmt.Errorf("data: %s could not be fetched (run again to go on, or put it into %s): %w", name, filepath.Dir(path), failures)
}

// complete fetches what is missing of a file after its first bytes have, and
// checks the whole. Beside an error it returns the bytes that are worth keeping.
func (d Download) complete(ctx context.Context, address, name string, have []byte) ([]byte, error) {
	content, err := d.get(ctx, address, name, have)
	if len(have) > 0 && (errors.Is(err, errRange) || err == nil && md5hex(content) != d.MD5[name]) {
		// The first bytes may be to blame.
		content, err = d.get(ctx, address, name, nil)
	}
	if err != nil {
		return content, err
	}
	if got := md5hex(content); got != d.MD5[name] {
		return nil, fmt.Errorf("%s: md5 %s, want %s", address, got, d.MD5[name])
	}
	return content, nil
}

func md5hex(content []byte) string {
	sum := md5.Sum(content)
	return hex.EncodeToString(sum[:])
}

// intact tells whether a file is there and has the checksum.
func intact(path, sum string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	hash := md5.New()
	_, err = io.Copy(hash, f)
	return err == nil && hex.EncodeToString(hash.Sum(nil)) == sum
}

// writeWhole writes to a temporary file beside path and renames it, so that
// path never holds a part of the content.
func writeWhole(path string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".fetch-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	return err
}
