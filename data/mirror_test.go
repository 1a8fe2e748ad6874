package data

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

const bigFile = "train-images-idx3-ubyte.gz"

// mirror serves files, ranges of them too, and notes what it is asked.
type mirror struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string // "name" or "name Range"
}

func (m *mirror) take() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	asked := m.asked
	m.asked = nil
	return asked
}

// newMirror answers as answer says, or with the files where it is nil.
func newMirror(t *testing.T, files map[string][]byte, answer func(w http.ResponseWriter, r *http.Request, content []byte)) *mirror {
	m := &mirror{}
	m.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, "/")
		m.mu.Lock()
		m.asked = append(m.asked, strings.TrimSpace(name+" "+r.Header.Get("Range")))
		m.mu.Unlock()
		content, ok := files[name]
		switch {
		case !ok:
			http.NotFound(w, r)
		case answer != nil:
			answer(w, r, content)
		default:
			http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
		}
	}))
	t.Cleanup(m.Close)
	return m
}

// cutShort promises more than it sends.
func cutShort(w http.ResponseWriter, _ *http.Request, content []byte) {
	w.Header().Set("Content-Length", fmt.Sprint(len(content)))
	_, _ = w.Write(content[:len(content)/2])
}

func smallDownload(t *testing.T, mirrors ...*mirror) Download {
	d := Download{Name: "small", Dir: t.TempDir(), MD5: map[string]string{}, ClassNames: FashionNames()}
	for name, content := range small() {
		d.MD5[name] = md5hex(content)
	}
	for _, m := range mirrors {
		d.Mirrors = append(d.Mirrors, m.URL)
	}
	return d
}

func load(t *testing.T, d Download) {
	t.Helper()
	train, test, err := d.Load(context.Background())
	checkSmall(t, train, test, err)
	if !slices.Equal(train.ClassNames, d.ClassNames) || !slices.Equal(test.ClassNames, d.ClassNames) {
		t.Errorf("class names %v and %v", train.ClassNames, test.ClassNames)
	}
	holds(t, d, slices.Collect(maps.Keys(small()))...)
}

// holds checks what is in the directory, stray temporary files included.
func holds(t *testing.T, d Download, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(d.Dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("the directory holds %v, want %v", got, want)
	}
}

func write(t *testing.T, d Download, name string, content []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(d.Dir, name), content, 0o644); err != nil {
		t.Fatal(err)
	}
}
