package data

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// serve offers files and counts requests.
func serve(t *testing.T, files map[string][]byte, spoil func(name string, content []byte) []byte) (address string, count *atomic.Int32) {
	count = new(atomic.Int32)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		count.Add(1)
		content, ok := files[strings.TrimPrefix(r.URL.Path, "/")]
		if !ok {
			http.NotFound(w, r)
			return
		}
		if spoil != nil {
			w.Header().Set("Content-Length", "100000") // a server that promises more than it sends
			content = spoil(r.URL.Path, content)
		}
		_, _ = w.Write(content)
	}))
	t.Cleanup(server.Close)
	return server.URL, count
}

func downloadOf(t *testing.T) (Download, map[string][]byte) {
	files := small(t, t.TempDir())
	d := Download{Name: "test", Dir: t.TempDir(), MD5: map[string]string{}}
	for name, content := range files {
		d.MD5[name] = md5hex(content)
	}
	return d, files
}

func TestSecondMirrorServesWhatTheFirstSpoils(t *testing.T) {
	d, files := downloadOf(t)
	gone, _ := serve(t, nil, nil)
	short, _ := serve(t, files, func(_ string, c []byte) []byte { return c[:len(c)/2] })
	bent := map[string][]byte{}
	for name, c := range files {
		bent[name] = append([]byte{c[0] ^ 1}, c[1:]...)
	}
	wrong, _ := serve(t, bent, nil)
	good, count := serve(t, files, nil)
	d.Mirrors = []string{gone, short, wrong, good + "/"}
	train, test, err := d.Load(context.Background())
	if err != nil || train.Len() != 3 || test.Len() != 1 {
		t.Fatal(train, test, err)
	}
	if _, _, err := d.Load(context.Background()); err != nil || count.Load() != 4 {
		t.Errorf("the second time: %v, %d requests in all, want 4", err, count.Load())
	}
	if err := os.WriteFile(filepath.Join(d.Dir, "t10k-labels.idx1-ubyte"), []byte("broken"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, _, err := d.Load(context.Background()); err != nil || count.Load() != 5 {
		t.Errorf("after one file broke: %v, %d requests in all, want 5", err, count.Load())
	}
	left, _ := os.ReadDir(d.Dir)
	if len(left) != 4 {
		t.Errorf("the directory holds %v, want the four files", left)
	}
}

func TestNoMirrorServes(t *testing.T) {
	d, files := downloadOf(t)
	short, _ := serve(t, files, func(_ string, c []byte) []byte { return c[:3] })
	d.Mirrors = []string{short, "http://127.0.0.1:1"}
	_, _, err := d.Load(context.Background())
	if err == nil || !strings.Contains(err.Error(), "could not be fetched") {
		t.Errorf("got %v", err)
	}
	if left, _ := os.ReadDir(d.Dir); len(left) != 0 {
		t.Errorf("broken answers left %v", left)
	}
}

func TestCancelledDownload(t *testing.T) {
	d, _ := downloadOf(t)
	ctx, cancel := context.WithCancel(context.Background())
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	}))
	defer server.Close()
	d.Mirrors = []string{server.URL, server.URL}
	if _, _, err := d.Load(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
