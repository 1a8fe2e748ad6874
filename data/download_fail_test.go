package data

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"
)

func TestNoMirrorServes(t *testing.T) {
	gone, wrong := newMirror(t, nil, nil), newMirror(t, map[string][]byte{"t10k-images-idx3-ubyte.gz": []byte("a login page")}, nil)
	d := smallDownload(t, gone, wrong)
	d.Mirrors = append(d.Mirrors, "http://127.0.0.1:1", "no address\n")
	_, _, err := d.Load(context.Background())
	if err == nil || strings.Contains(err.Error(), "\n") {
		t.Fatalf("got %v", err)
	}
	for _, want := range []string{
		"data: t10k-images-idx3-ubyte.gz could not be fetched", d.Dir,
		gone.URL + "/t10k-images-idx3-ubyte.gz: 404 Not Found", wrong.URL + "/t10k-images-idx3-ubyte.gz: md5 ", "127.0.0.1:1", "invalid control character",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in: %v", want, err)
		}
	}
	holds(t, d)

	d.Mirrors = nil
	if _, _, err := d.Load(context.Background()); err == nil || !strings.Contains(err.Error(), "small has no mirrors") {
		t.Errorf("without mirrors: %v", err)
	}
}

// Only the official files pass for Fashion-MNIST.
func TestFashionMNISTChecksItsFiles(t *testing.T) {
	d := FashionMNIST()
	if len(d.Mirrors) < 2 || len(d.MD5) != 4 || len(d.ClassNames) != 10 {
		t.Errorf("%+v", d)
	}
	for name := range d.MD5 {
		if _, ok := small()[name]; !ok {
			t.Errorf("%s is no name that Load knows", name)
		}
	}
	d.Dir, d.Mirrors = t.TempDir(), []string{newMirror(t, small(), nil).URL}
	_, _, err := d.Load(context.Background())
	if err == nil || !strings.Contains(err.Error(), "want bef4ecab320f06d8554ea6380940ec79") {
		t.Errorf("another set was taken for Fashion-MNIST: %v", err)
	}
}

func TestCancelledBeforeTheAnswer(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	m := newMirror(t, small(), func(_ http.ResponseWriter, r *http.Request, _ []byte) {
		cancel()
		<-r.Context().Done()
	})
	d := smallDownload(t, m, m)
	if _, _, err := d.Load(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if asked := m.take(); len(asked) != 1 {
		t.Errorf("asked for %v", asked)
	}
	holds(t, d)
}

// network answers without a network, so that the clock can be the test's own.
type network func(*http.Request) (*http.Response, error)

func (n network) RoundTrip(r *http.Request) (*http.Response, error) { return n(r) }

// until blocks reading until a request is given up.
type until struct{ ctx context.Context }

func (u until) Read([]byte) (int, error) {
	<-u.ctx.Done()
	return 0, u.ctx.Err()
}

func TestSilentServerIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := smallDownload(t)
		d.Mirrors = []string{"http://deaf", "http://dumb", "http://good"}
		d.Client = &http.Client{Transport: network(func(r *http.Request) (*http.Response, error) {
			answer := &http.Response{StatusCode: http.StatusOK, ContentLength: -1}
			content := strings.NewReader(string(small()[strings.TrimPrefix(r.URL.Path, "/")]))
			switch r.URL.Host {
			case "deaf":
				<-r.Context().Done()
				return nil, r.Context().Err()
			case "dumb":
				answer.Body = io.NopCloser(io.MultiReader(io.LimitReader(content, 5), until{r.Context()}))
			default:
				answer.Body = io.NopCloser(content)
			}
			return answer, nil
		})}
		start := time.Now()
		load(t, d)
		if got := time.Since(start); got != 4*2*30*time.Second {
			t.Errorf("four files from two silent servers took %v", got)
		}

		d.Dir, d.Mirrors, d.Silence = t.TempDir(), d.Mirrors[:2], time.Second
		start = time.Now()
		_, _, err := d.Load(context.Background())
		if err == nil || strings.Count(err.Error(), "the server sends nothing for 1s") != 2 || time.Since(start) != 2*time.Second {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
	})
}

// slow reads after 29 seconds, unless its request has been given up.
type slow struct {
	ctx context.Context
	io.Reader
}

func (s slow) Read(p []byte) (int, error) {
	select {
	case <-time.After(29 * time.Second):
		return s.Reader.Read(p)
	case <-s.ctx.Done():
		return 0, s.ctx.Err()
	}
}

// A slow server is not a silent one.
func TestSlowServerIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := smallDownload(t)
		d.Mirrors = []string{"http://slow"}
		d.Client = &http.Client{Transport: network(func(r *http.Request) (*http.Response, error) {
			content := iotest.OneByteReader(bytes.NewReader(small()[strings.TrimPrefix(r.URL.Path, "/")]))
			return &http.Response{StatusCode: http.StatusOK, ContentLength: -1, Body: io.NopCloser(slow{r.Context(), content})}, nil
		})}
		load(t, d)
	})
}

func TestEndlessAnswerIsCutOff(t *testing.T) {
	sent := 0
	d := smallDownload(t)
	d.Mirrors = []string{"http://endless"}
	d.Client = &http.Client{Transport: network(func(*http.Request) (*http.Response, error) {
		body := io.TeeReader(endless{}, counter{&sent})
		return &http.Response{StatusCode: http.StatusOK, ContentLength: 1 << 60, Body: io.NopCloser(body)}, nil
	})}
	_, _, err := d.Load(context.Background())
	if err == nil || !strings.Contains(err.Error(), "more than 67108864 bytes") || sent > maxFile+1<<17 {
		t.Errorf("after %d bytes: %v", sent, err)
	}
	holds(t, d)
}

type counter struct{ n *int }

func (c counter) Write(p []byte) (int, error) {
	*c.n += len(p)
	return len(p), nil
}

func TestDirectoryThatCannotBeWritten(t *testing.T) {
	d := smallDownload(t, newMirror(t, small(), nil))
	write(t, d, "file", nil)
	blocked := d
	blocked.Dir = filepath.Join(d.Dir, "file")
	if _, _, err := blocked.Load(context.Background()); err == nil || !strings.HasPrefix(err.Error(), "data: small: mkdir") {
		t.Errorf("below a file: %v", err)
	}
	// A directory where a file should be stands for a disk that refuses.
	if err := os.MkdirAll(filepath.Join(d.Dir, "t10k-images-idx3-ubyte.gz", "x"), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, _, err := d.Load(context.Background()); err == nil || !strings.HasPrefix(err.Error(), "data: rename ") {
		t.Errorf("where the file cannot be put: %v", err)
	}
	holds(t, d, "file", "t10k-images-idx3-ubyte.gz")
}

func TestCacheIsTheUsers(t *testing.T) {
	home := t.TempDir()
	for _, name := range []string{"XDG_CACHE_HOME", "HOME", "LocalAppData"} {
		t.Setenv(name, home)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	d := smallDownload(t, newMirror(t, small(), nil))
	d.Dir = ""
	train, test, err := d.Load(context.Background())
	checkSmall(t, train, test, err)
	d.Dir = filepath.Join(cache, "symgrad", "small")
	load(t, d)
}
