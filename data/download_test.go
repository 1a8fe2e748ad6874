package data

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestSecondMirrorServesWhatTheFirstSpoils(t *testing.T) {
	bent := small()
	for name, content := range bent {
		bent[name] = append([]byte{content[0] ^ 1}, content[1:]...)
	}
	for name, bad := range map[string]*mirror{
		"404":         newMirror(t, nil, nil),
		"500":         newMirror(t, small(), func(w http.ResponseWriter, _ *http.Request, _ []byte) { w.WriteHeader(500) }),
		"truncated":   newMirror(t, small(), cutShort),
		"empty":       newMirror(t, small(), func(http.ResponseWriter, *http.Request, []byte) {}),
		"wrong bytes": newMirror(t, bent, nil),
		"cut silently": newMirror(t, small(), func(w http.ResponseWriter, _ *http.Request, content []byte) {
			_, _ = w.Write(content[:len(content)/2])
		}),
		"hangs up": newMirror(t, small(), func(http.ResponseWriter, *http.Request, []byte) { panic(http.ErrAbortHandler) }),
		"a part nobody asked for": newMirror(t, small(), func(w http.ResponseWriter, r *http.Request, content []byte) {
			r.Header.Set("Range", "bytes=2-")
			http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
		}),
	} {
		t.Run(name, func(t *testing.T) {
			good := newMirror(t, small(), nil)
			d := smallDownload(t, bad, good)
			d.Mirrors[1] += "/"
			var said []string
			d.Say = func(s string) { said = append(said, s) }
			load(t, d)
			if len(bad.take()) < 4 || len(good.take()) < 4 {
				t.Error("not both mirrors were asked for the four files")
			}
			if len(said) != 8 || said[0] != "fetching "+bad.URL+"/t10k-images-idx3-ubyte.gz" {
				t.Errorf("said %q", said)
			}
		})
	}
}

func TestRunningAgainFetchesOnlyWhatIsNotWhole(t *testing.T) {
	m := newMirror(t, small(), nil)
	d := smallDownload(t, m)
	load(t, d)
	m.take()
	load(t, d)
	if asked := m.take(); len(asked) != 0 {
		t.Errorf("with all files there, %v was asked for", asked)
	}
	write(t, d, bigFile, []byte("broken"))
	load(t, d)
	if asked := m.take(); !slices.Equal(asked, []string{bigFile}) {
		t.Errorf("with one file broken, %v was asked for", asked)
	}
}

// The server stops in the middle of a file, the user interrupts and runs the
// program again.
func TestInterruptedDownloadGoesOn(t *testing.T) {
	content := small()[bigFile]
	half := len(content) / 2
	ctx, interrupt := context.WithCancel(context.Background())
	hanging := newMirror(t, small(), func(w http.ResponseWriter, r *http.Request, content []byte) {
		if !strings.HasSuffix(r.URL.Path, bigFile) {
			_, _ = w.Write(content)
			return
		}
		w.Header().Set("Content-Length", fmt.Sprint(len(content)))
		_, _ = w.Write(content[:half])
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	unused := newMirror(t, small(), nil)
	d := smallDownload(t, hanging, unused)
	var said []string
	d.Say = func(s string) { said = append(said, s) }
	d.Progress = func(file string, done, _ int64) {
		if file == bigFile && done == int64(half) {
			interrupt()
		}
	}
	_, _, err := d.Load(ctx)
	if !errors.Is(err, context.Canceled) || !strings.HasPrefix(err.Error(), "data: "+bigFile+" could not be fetched (run again to go on") ||
		!strings.HasSuffix(err.Error(), d.Dir+"): context canceled") {
		t.Errorf("interrupted: %v", err)
	}
	if len(unused.take()) != 0 || len(said) != 3 {
		t.Error("the second mirror was asked after the interruption")
	}
	holds(t, d, "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz", bigFile+".part")

	m := newMirror(t, small(), nil)
	d.Mirrors, d.Progress, d.Say = []string{m.URL}, nil, nil
	load(t, d)
	want := []string{fmt.Sprintf("%s bytes=%d-", bigFile, half), "train-labels-idx1-ubyte.gz"}
	if asked := m.take(); !slices.Equal(asked, want) {
		t.Errorf("asked for %v, want %v", asked, want)
	}
}

// Whatever the first bytes are worth, and however a server treats ranges, the
// file comes out whole.
func TestGoingOnFromAnything(t *testing.T) {
	content := small()[bigFile]
	ignores := func(w http.ResponseWriter, _ *http.Request, content []byte) { _, _ = w.Write(content) }
	shifts := func(w http.ResponseWriter, r *http.Request, content []byte) {
		if r.Header.Get("Range") != "" {
			r.Header.Set("Range", "bytes=1-")
		}
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
	}
	for name, c := range map[string]struct {
		part     []byte
		answer   func(http.ResponseWriter, *http.Request, []byte)
		requests int
	}{
		"ranges are ignored":       {content[:9], ignores, 1},
		"another range is sent":    {content[:9], shifts, 2},
		"wrong bytes":              {[]byte("wrong"), nil, 2},
		"longer than the file":     {append(content[:len(content):len(content)], "more"...), nil, 2},
		"as long as the file":      {bytes.Repeat([]byte("x"), len(content)), nil, 2},
		"empty":                    {[]byte{}, nil, 1},
		"wrong and ranges ignored": {[]byte("wrong"), ignores, 1},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMirror(t, small(), c.answer)
			d := smallDownload(t, m)
			write(t, d, bigFile+".part", c.part)
			load(t, d)
			asked := slices.DeleteFunc(m.take(), func(s string) bool { return !strings.HasPrefix(s, bigFile) })
			if len(asked) != c.requests {
				t.Errorf("requests %v, want %d", asked, c.requests)
			}
		})
	}
}

// What one mirror cut short, the next one goes on with.
func TestMirrorsCompleteEachOther(t *testing.T) {
	second := newMirror(t, small(), nil)
	load(t, smallDownload(t, newMirror(t, small(), cutShort), second))
	for _, asked := range second.take() {
		if !strings.Contains(asked, " bytes=") {
			t.Errorf("the second mirror was asked for the whole of %s", asked)
		}
	}
}

// Some servers call a .gz file compressed by the way; it is wanted as it is.
func TestFilesAreNotUnpackedOnTheWay(t *testing.T) {
	load(t, smallDownload(t, newMirror(t, small(), func(w http.ResponseWriter, _ *http.Request, content []byte) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(content)
	})))
}

func TestProgressTellsEveryByte(t *testing.T) {
	d := smallDownload(t, newMirror(t, small(), nil))
	last := map[string]int64{}
	d.Progress = func(file string, done, total int64) {
		if done <= last[file] || total != int64(len(small()[file])) {
			t.Errorf("%s: %d of %d after %d", file, done, total, last[file])
		}
		last[file] = done
	}
	load(t, d)
	for name, content := range small() {
		if last[name] != int64(len(content)) {
			t.Errorf("%s: told of %d bytes of %d", name, last[name], len(content))
		}
	}
}
