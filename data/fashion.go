package data

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Download is a data set of several files that is fetched once and kept.
type Download struct {
	Name    string
	Mirrors []string          // addresses that a file's name is appended to, tried in turn
	MD5     map[string]string // of each file, in hexadecimal
	Dir     string            // where it is kept; empty: Name below the user's cache directory
	Say     func(string)      // told what is done; may be nil
}

// FashionMNIST is Zalando's set of clothes in MNIST's form. Xiao, Rasul and
// Vollgraf, "Fashion-MNIST" (2017).
func FashionMNIST() Download {
	return Download{
		Name: "fashion-mnist",
		Mirrors: []string{
			"http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
			"https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
		},
		MD5: map[string]string{
			"train-images-idx3-ubyte.gz": "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
			"train-labels-idx1-ubyte.gz": "25c81989df183df01b3e8a0aad5dffbe",
			"t10k-images-idx3-ubyte.gz":  "bef4ecab320f06d8554ea6380940ec79",
			"t10k-labels-idx1-ubyte.gz":  "bb300cfdad3c16e7a12a480ee83cd310",
		},
	}
}

// FashionNames are the classes of Fashion-MNIST.
func FashionNames() []string {
	return []string{"T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot"}
}

// patience is how long a server may take for one file.
const patience = 10 * time.Minute

// Load fetches the files that are not there yet and reads the set. Running it
// again after an interruption fetches only what is missing.
func (d Download) Load(ctx context.Context) (train, test *Set, err error) {
	dir, err := d.fetch(ctx)
	if err != nil {
		return nil, nil, err
	}
	return Load(dir)
}

func (d Download) fetch(ctx context.Context) (dir string, err error) {
	if dir = d.Dir; dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("data: %s: %w", d.Name, err)
		}
		dir = filepath.Join(cache, "symgrad", d.Name)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("data: %s: %w", d.Name, err)
	}
	for name, sum := range d.MD5 {
		path := filepath.Join(dir, name)
		if have, err := os.ReadFile(path); err == nil && md5hex(have) == sum {
			continue
		}
		if err := d.fetchFile(ctx, name, path, sum); err != nil {
			return "", err
		}
	}
	return dir, nil
}

// fetchFile tries the mirrors in turn.
func (d Download) fetchFile(ctx context.Context, name, path, sum string) error {
	var failures []error
	for _, mirror := range d.Mirrors {
		address := strings.TrimSuffix(mirror, "/") + "/" + name
		if d.Say != nil {
			d.Say("fetching " + address)
		}
		err := fetch(ctx, address, path, sum)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("data: %s: %w", name, ctx.Err())
		}
		failures = append(failures, err)
	}
	return fmt.Errorf("data: %s could not be fetched; put it into %s by hand, or use -data: %w", name, filepath.Dir(path), errors.Join(failures...))
}

// fetch writes to a temporary file beside path and renames it once its checksum
// is right, so that path is always whole.
func fetch(ctx context.Context, address, path, sum string) (err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", address, answer.Status)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".fetch-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	hash := md5.New()
	if _, err := io.Copy(io.MultiWriter(f, hash), io.LimitReader(answer.Body, 1<<28)); err != nil {
		return fmt.Errorf("%s: %w", address, err)
	}
	if got := hex.EncodeToString(hash.Sum(nil)); got != sum {
		return fmt.Errorf("%s: md5 %s, want %s: broken or cut short", address, got, sum)
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

func md5hex(data []byte) string {
	sum := md5.Sum(data)
	return hex.EncodeToString(sum[:])
}
