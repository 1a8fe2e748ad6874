package web_test

import "testing"

// Only names of this machine, and addresses, are answered: no site can point
// its own name here.
func TestHost(t *testing.T) {
	s := serve(t, "printer.example")
	for host, status := range map[string]int{
		"localhost:8080": 200, "LOCALHOST": 200, "127.0.0.1:1": 200, "[::1]:8080": 200, "192.168.1.7": 200, "printer.example:8080": 200,
		"evil.example": 421, "evil.example:8080": 421, "localhost.evil.example": 421, "127.0.0.1.evil.example": 421, "127.0.0.1@evil.example": 421,
	} {
		if got, body, header := s.ask(t, "GET", "/", nil, "Host", host); got != status {
			t.Errorf("host %s: %d, want %d: %s %v", host, got, status, body, header)
		}
	}
}

// What changes something, or costs, must come from the page itself.
func TestOrigin(t *testing.T) {
	s := serve(t, "")
	own := s.URL
	for _, c := range []struct {
		header []string
		status int
	}{
		{nil, 204}, // no browser
		{[]string{"Origin", own}, 204},
		{[]string{"Origin", own, "Sec-Fetch-Site", "same-origin"}, 204},
		{[]string{"Origin", "http://evil.example"}, 403},
		{[]string{"Origin", "null"}, 403},
		{[]string{"Origin", "http://127.0.0.1:1"}, 403}, // another server on this machine
		{[]string{"Sec-Fetch-Site", "cross-site"}, 403},
		{[]string{"Sec-Fetch-Site", "same-site"}, 403},
	} {
		for _, path := range []string{"/api/train/reset", "/api/look"} {
			want := c.status
			if path == "/api/look" && want == 204 {
				want = 200
			}
			if got, body, _ := s.ask(t, "POST", path, seven(), append(someone("ME"), c.header...)...); got != want {
				t.Errorf("%s %v: %d %q, want %d", path, c.header, got, body, want)
			}
		}
	}
}
