package web_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"

	"symgrad/cmd/playground/internal/looks"
)

// Step by step a 7 becomes an 8.
func TestBecome(t *testing.T) {
	s := serve(t, "")
	status, body, header := s.ask(t, "POST", "/api/become?class=8", seven())
	if status != 200 || header.Get("Content-Type") != "application/x-ndjson" {
		t.Fatal(status, body)
	}
	var answers []int
	for line := range strings.Lines(body) {
		var l looks.Look
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatal(err)
		}
		answers = append(answers, l.Answer)
	}
	if n := len(answers); n < 3 || n > looks.MostSteps+1 || answers[0] != 7 || answers[n-1] != 8 {
		t.Errorf("answers %v", answers)
	}
	if status, body, _ := s.ask(t, "POST", "/api/become?class=8", seven(), "Cookie", ""); status != 403 {
		t.Errorf("without a name: %d %s", status, body)
	}
}

// A visitor has two at a time; others have theirs; one that is left is over.
func TestBecomeIsBounded(t *testing.T) {
	s := serve(t, "")
	begin := func(who string) *http.Response {
		r, err := http.NewRequest("POST", s.URL+"/api/become?class=8", bytes.NewReader(seven()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Cookie", someone(who)[1])
		answer, err := s.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if answer.StatusCode == 200 {
			if _, err := bufio.NewReader(answer.Body).ReadByte(); err != nil {
				t.Fatal(err)
			}
		}
		return answer
	}
	one, two, three, other := begin("A"), begin("A"), begin("A"), begin("B")
	if one.StatusCode != 200 || two.StatusCode != 200 || three.StatusCode != 503 || other.StatusCode != 200 {
		t.Errorf("%d, %d, %d; another's %d", one.StatusCode, two.StatusCode, three.StatusCode, other.StatusCode)
	}
	for _, left := range []*http.Response{one, two, three, other} {
		left.Body.Close()
	}
	for range 200 { // until the server has noticed
		again := begin("A")
		again.Body.Close()
		if again.StatusCode == 200 {
			return
		}
	}
	t.Error("no turn gets free")
}

// Pictures that are long in coming keep no turn from others.
func TestSlowPicturesKeepNoTurn(t *testing.T) {
	s := serve(t, "")
	for i := range 16 {
		c, err := net.Dial("tcp", s.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		who := someone(string(rune('A' + i)))
		fmt.Fprintf(c, "POST /api/become?class=7 HTTP/1.1\r\nHost: localhost\r\n%s: %s\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n", who[0], who[1])
		if line, err := bufio.NewReader(c).ReadString('\n'); err != nil || line != "HTTP/1.1 100 Continue\r\n" { // the server waits for the picture
			t.Fatal(line, err)
		}
	}
	if status, body, _ := s.ask(t, "POST", "/api/become?class=7", seven()); status != 200 {
		t.Errorf("%d %s", status, body)
	}
}
