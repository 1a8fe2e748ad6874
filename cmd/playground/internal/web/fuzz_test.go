package web_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"symgrad/cmd/internal/pretrained"
	"symgrad/cmd/playground/internal/lab"
	"symgrad/cmd/playground/internal/looks"
	"symgrad/cmd/playground/internal/web"
	"symgrad/data"
)

// Any request of a page's kind has an answer: none is the server's own failure,
// and what is said to be JSON is.
func FuzzRequests(f *testing.F) {
	net, err := pretrained.Load("")
	if err != nil {
		f.Fatal(err)
	}
	pool, err := looks.NewPool(net, 1)
	if err != nil {
		f.Fatal(err)
	}
	one := &data.Set{Name: "one", Shape: []int{1, 28, 28}, Classes: 10, Pixels: make([]byte, 40*784), Labels: make([]int, 40)}
	labs := lab.NewVisitors(func() (training, test *data.Set, err error) { return one, one, nil }, lab.Limits{Places: 2, Watchers: 6, Results: 80, Idle: time.Minute})
	handler := web.New(web.Config{Pool: pool, Labs: labs})
	f.Cleanup(func() { labs.Close(); pool.Close() })

	f.Add("POST", "/api/look", "class=3", "", "", seven())
	f.Add("POST", "/api/look", "class=-1&class=x", "symgrad-visitor=AAAA", "", []byte("GIF89a"))
	f.Add("GET", "/app.js", "", "", "bytes=0-10,5-", []byte{})
	f.Add("POST", "/api/train/start", "", "symgrad-visitor="+strings.Repeat("A", 26), "", []byte("{}"))
	f.Add("POST", "/api/become", "class=1", "symgrad-visitor="+strings.Repeat("A", 26), "", []byte("GIF89a"))
	f.Add("POST", "/api/become", "class=7", "symgrad-visitor="+strings.Repeat("A", 26), "", seven())
	f.Add("POST", "/api/train/pause", "%zz", "\x00", "", []byte("null"))
	f.Add("POST", "/api/train/reset", "", "symgrad-visitor=\x1b[2J", "", []byte{})
	f.Add("PUT", "/../assets/../web.go", "", "", "", []byte{})
	f.Fuzz(func(t *testing.T, method, path, query, cookie, ranges string, body []byte) {
		if path == "/api/train/events" { // has no end
			return
		}
		r, err := http.NewRequest(method, "http://127.0.0.1/", bytes.NewReader(body))
		if err != nil {
			return
		}
		r.URL.Path, r.URL.RawQuery, r.RequestURI = path, query, path
		r.Header.Set("Cookie", cookie)
		r.Header.Set("Range", ranges)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code >= 500 && w.Code != http.StatusServiceUnavailable {
			t.Fatalf("%s %q: %d %q", method, path, w.Code, w.Body)
		}
		if kind := w.Header().Get("Content-Type"); strings.HasPrefix(kind, "application/json") && !json.Valid(w.Body.Bytes()) {
			t.Fatalf("%s %q: no JSON: %q", method, path, w.Body)
		}
	})
}
