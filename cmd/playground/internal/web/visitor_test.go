package web_test

import (
	"bufio"
	"net/http"
	"strings"
	"testing"

	"symgrad/cmd/playground/internal/lab"
)

// The page gives those who have none a cookie that no script and no other site
// can use, and leaves what is there already.
func TestCookie(t *testing.T) {
	s := serve(t, "")
	given := func(path string, header ...string) *http.Cookie {
		t.Helper()
		status, body, answer := s.ask(t, "GET", path, nil, header...)
		if status != 200 {
			t.Fatal(status, body)
		}
		all := (&http.Response{Header: answer}).Cookies()
		if len(all) == 0 {
			return nil
		}
		return all[0]
	}
	none := []string{"Accept", "*/*"}
	first, second := given("/", none...), given("/", none...)
	if first == nil || !first.HttpOnly || first.SameSite != http.SameSiteLaxMode || first.Path != "/" || first.MaxAge != 0 || !first.Expires.IsZero() {
		t.Fatalf("%+v", first)
	}
	if second == nil || first.Value == second.Value || len(first.Value) < 26 {
		t.Errorf("%v, %v", first, second)
	}
	if c := given("/", "Cookie", first.Name+"="+first.Value); c != nil {
		t.Errorf("a second name: %v", c)
	}
	if c := given("/app.js", none...); c != nil {
		t.Errorf("a name with a script: %v", c)
	}
	for _, bad := range []string{"", "short", strings.Repeat("A", 27), strings.Repeat("a", 26), strings.Repeat("A", 25) + "/"} {
		if c := given("/", "Cookie", first.Name+"="+bad); c == nil || c.Value == bad {
			t.Errorf("the name %q was taken: %v", bad, c)
		}
	}
}

// Without a name there is no training to ask about.
func TestNameless(t *testing.T) {
	s := serve(t, "")
	for _, c := range [][2]string{{"GET", "events"}, {"POST", "start"}, {"POST", "pause"}, {"POST", "reset"}} {
		status, body, _ := s.ask(t, c[0], "/api/train/"+c[1], []byte(`{"rate": 0.1}`), "Cookie", "symgrad-visitor=x")
		if status != 403 || body != "who asks? open the page first, and let it keep a cookie\n" {
			t.Errorf("%s: %d %q", c[1], status, body)
		}
	}
}

// post commands a visitor's training.
func (s site) post(t *testing.T, who, what string, want int) string {
	t.Helper()
	status, body, _ := s.ask(t, "POST", "/api/train/"+what, []byte(`{"rate": 0.05}`), someone(who)...)
	if status != want {
		t.Fatalf("%s, %s: %d %q, want %d", who, what, status, body, want)
	}
	return body
}

// watch reads the states of a visitor's training.
func (s site) watch(t *testing.T, who string) *bufio.Scanner {
	t.Helper()
	events := bufio.NewScanner(s.stream(t, who).Body)
	events.Buffer(nil, 1<<20)
	return events
}

// One visitor's reset and pause leave the other's training alone.
func TestVisitorsAreApart(t *testing.T) {
	s := serveSome(t, "", 60000)
	one, other := s.watch(t, "ONE"), s.watch(t, "OTHER")
	for _, who := range []string{"ONE", "OTHER"} {
		s.post(t, who, "start", 204)
	}
	states(t, one, lab.Running)
	at := states(t, other, lab.Running)
	s.post(t, "ONE", "pause", 204)
	states(t, one, lab.Paused)
	s.post(t, "ONE", "reset", 204)
	states(t, one, lab.Idle)
	s.post(t, "ONE", "pause", 409)
	for step := at[len(at)-1].Step; step < at[len(at)-1].Step+50; {
		all := states(t, other, lab.Running) // the next one
		step = all[len(all)-1].Step
	}
	s.post(t, "OTHER", "pause", 204)
}

// Who comes when all places are taken is told what to wait for.
func TestNoPlace(t *testing.T) {
	s := serveSome(t, "", 60000)
	s.post(t, "A", "start", 204)
	s.post(t, "B", "start", 204)
	if body := s.post(t, "C", "start", 503); !strings.HasPrefix(body, "All places to train at are taken.") || strings.Count(body, "\n") != 1 {
		t.Errorf("%q", body)
	}
	s.post(t, "A", "reset", 204)
	s.post(t, "C", "start", 204)
}
