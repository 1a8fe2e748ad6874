package web_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"symgrad/cmd/internal/pretrained"
	"symgrad/cmd/playground/internal/lab"
	"symgrad/cmd/playground/internal/looks"
	"symgrad/cmd/playground/internal/web"
	"symgrad/data"
	"symgrad/data/digit/photo"
	"symgrad/data/mnist"
)

type site struct {
	*httptest.Server
	labs *lab.Visitors
}

// sets are the training images and 40 to test on, decoded once.
var sets = sync.OnceValues(func() ([2]*data.Set, error) {
	training, test, err := mnist.First(0, 40)
	return [2]*data.Set{training, test}, err
})

// serve is a playground whose trainings take 30 steps.
func serve(t *testing.T, host string) site { return serveSome(t, host, 320) }

// serveSome has trainings of so many images.
func serveSome(t *testing.T, host string, images int) site {
	t.Helper()
	net, err := pretrained.Load("")
	if err != nil {
		t.Fatal(err)
	}
	pool, err := looks.NewPool(net, 2)
	if err != nil {
		t.Fatal(err)
	}
	labs := lab.NewVisitors(func() (training, test *data.Set, err error) {
		both, err := sets()
		return both[0].Head(images), both[1], err
	}, lab.Limits{Places: 2, Watchers: 6, Results: 80, Idle: time.Minute})
	s := httptest.NewServer(web.New(web.Config{Pool: pool, Labs: labs, Host: host}))
	t.Cleanup(func() {
		labs.Close()
		s.Close()
		pool.Close()
	})
	return site{s, labs}
}

// someone is a visitor's name, as a request's header.
func someone(name string) []string {
	return []string{"Cookie", "symgrad-visitor=" + strings.Repeat("A", 26-len(name)) + name}
}

// ask sends a request, a visitor's unless it has headers, and gives the status and the body.
func (s site) ask(t *testing.T, method, path string, body []byte, header ...string) (int, string, http.Header) {
	t.Helper()
	r, err := http.NewRequest(method, s.URL+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if header == nil {
		header = someone("ME")
	}
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
		r.Header.Set(header[i], header[i+1])
	}
	answer, err := s.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text), answer.Header
}

// seven is the first test image.
var seven = sync.OnceValue(func() []byte {
	_, set, err := mnist.First(1, 1)
	if err != nil {
		panic(err)
	}
	var b bytes.Buffer
	img := photo.Photo{Width: 30, Height: 30, Size: 28, X: 1, Y: 1, Ink: color.RGBA{A: 255}, Paper: color.RGBA{255, 255, 255, 255}}.Of(set, 0)
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
})

// manyScans is a JPEG that has its pixels gone over 400 times.
func manyScans() string {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 800, 600)), nil); err != nil {
		panic(err)
	}
	head, scan, _ := strings.Cut(strings.TrimSuffix(b.String(), "\xff\xd9"), "\xff\xda")
	return head + strings.Repeat("\xff\xda"+scan[:60], 400) + "\xff\xd9"
}

func TestPage(t *testing.T) {
	s := serve(t, "")
	for path, kind := range map[string]string{"/": "text/html", "/app.js": "text/javascript", "/style.css": "text/css", "/icon.svg": "image/svg+xml"} {
		status, body, header := s.ask(t, "GET", path, nil)
		if status != 200 || !strings.HasPrefix(header.Get("Content-Type"), kind) || body == "" {
			t.Errorf("%s: %d, %s", path, status, header.Get("Content-Type"))
		}
		policy := header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") || header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: policy %q", path, policy)
		}
		if strings.Contains(body, "://") && path != "/icon.svg" && strings.Contains(body, "src=\"http") {
			t.Errorf("%s loads from another server", path)
		}
	}
	if status, _, _ := s.ask(t, "GET", "/nowhere", nil); status != 404 {
		t.Errorf("an unknown page: %d", status)
	}
}

func TestLook(t *testing.T) {
	s := serve(t, "")
	for query, chosen := range map[string]int{"": 7, "?class=3": 3} {
		status, body, _ := s.ask(t, "POST", "/api/look"+query, seven())
		var got looks.Look
		if err := json.Unmarshal([]byte(body), &got); status != 200 || err != nil {
			t.Fatal(status, body, err)
		}
		if got.Answer != 7 || got.Chosen != chosen || len(got.Layers) != 6 || len(got.Saliency.Values) != 784 {
			t.Errorf("%q: answer %d, saliency of %d, %d layers", query, got.Answer, got.Chosen, len(got.Layers))
		}
	}
}

// What is wrong gets its status and one line.
func TestMistakes(t *testing.T) {
	s := serve(t, "")
	for _, c := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"POST", "/api/look", "", 400, "digit: picture: the file is empty"},
		{"POST", "/api/look", "\x89PNG\r\n\x1a\nrubbish", 400, "digit: picture: broken header of a PNG: "},
		{"POST", "/api/look", "II*\x00\xf0\xff\xff\xff", 400, "digit: picture: no picture that can be read: want PNG, JPEG or GIF"}, // a TIFF of 4 GB, says its header
		{"POST", "/api/look", manyScans(), 400, "digit: picture: 800 x 600 pixels in 400 scans, want at most 34; save it anew"},
		{"POST", "/api/look?class=ten", "", 400, `class "ten": want 0 to 10`},
		{"POST", "/api/look?class=11", "", 400, `class "11": want 0 to 10`},
		{"POST", "/api/look", strings.Repeat("x", looks.MaxBytes+1), 413, "http: request body too large"},
		{"POST", "/api/become", "", 400, "no class: say which digit it is to become"},
		{"POST", "/api/become?class=11", "", 400, `class "11": want 0 to 10`},
		{"POST", "/api/become?class=8", "", 400, "digit: picture: the file is empty"},
		{"POST", "/api/become?class=8", strings.Repeat("x", looks.MaxBytes+1), 413, "http: request body too large"},
		{"GET", "/api/look", "", 404, "404 page not found"},
		{"POST", "/api/train/start", "", 400, "body: EOF"},
		{"POST", "/api/train/start", `{"rate": "fast"}`, 400, "body: json: "},
		{"POST", "/api/train/start", `{"rate": 0.1, "gpu": true}`, 400, "body: json: unknown field"},
		{"POST", "/api/train/start", `{"rate": 0.1} {}`, 400, "body: more than one JSON object"},
		{"POST", "/api/train/start", `{"rate": ` + strings.Repeat("1", 2000), 413, "body: http: request body too large"},
		{"POST", "/api/train/start", `{"rate": 0}`, 400, "lab: the learning rate must be above 0"},
		{"POST", "/api/train/start", `[]`, 400, "body: json: "},
		{"POST", "/api/train/pause", "", 409, "lab: nothing is being trained"},
		{"PUT", "/api/train/reset", "", 405, "Method Not Allowed"},
		{"POST", "/", "", 405, "Method Not Allowed"},
	} {
		status, body, _ := s.ask(t, c.method, c.path, []byte(c.body))
		if status != c.status || !strings.HasPrefix(body, c.want) || strings.Count(body, "\n") != 1 {
			t.Errorf("%s %s: %d %q, want %d %q", c.method, c.path, status, body, c.status, c.want)
		}
	}
}

// A thousand at once all get an answer, be it that the server is busy (a slow
// machine, the race detector), and after them it works on: 100 without LONG=1.
func TestThousandAtOnce(t *testing.T) {
	visitors := 100
	if os.Getenv("LONG") != "" {
		visitors = 1000
	}
	s := serve(t, "")
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 1000}}
	defer client.CloseIdleConnections()
	var wg sync.WaitGroup
	for i := range visitors {
		wg.Go(func() {
			body := seven()
			want := 200
			if i%10 == 0 { // some send nonsense meanwhile
				body, want = []byte("GIF89a nonsense"), 400
			}
			answer, err := client.Post(s.URL+"/api/look", "image/png", bytes.NewReader(body))
			if err != nil {
				t.Error(err)
				return
			}
			defer answer.Body.Close()
			text, err := io.ReadAll(answer.Body)
			if busy := answer.StatusCode == 503 && string(text) == "busy; try again\n"; err != nil || answer.StatusCode != want && !busy {
				t.Error(answer.StatusCode, err)
			}
		})
	}
	wg.Wait()
	if status, body, _ := s.ask(t, "POST", "/api/look", seven()); status != 200 {
		t.Error(status, body)
	}
}
