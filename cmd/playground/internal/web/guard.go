package web

import (
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"unicode/utf8"
)

// policy allows the page its own files and nothing else: no inline scripts or
// styles, no frames, no other server.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// guard keeps other sites out. A request must name this machine as its host, or
// a site could point its own name at 127.0.0.1 (DNS rebinding); an address
// cannot be so turned. A request that changes something must come from the page
// itself, which the browser says in Sec-Fetch-Site or Origin.
func guard(next http.Handler, host string) http.Handler {
	origin := http.NewCrossOriginProtection()
	origin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "not from this page", http.StatusForbidden)
	}))
	next = origin.Handler(next)
	machine, _ := os.Hostname() // where there is none, none is allowed
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if !ours(r.Host, host, machine) {
			http.Error(w, "not a name of this machine", http.StatusMisdirectedRequest)
			return
		}
		if !utf8.ValidString(r.URL.Path) { // which a file server takes for its own failure
			http.NotFound(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// ours tells whether a Host header is localhost, an address or one of the names.
func ours(header string, names ...string) bool {
	name, _, err := net.SplitHostPort(header)
	if err != nil { // no port
		name = strings.Trim(header, "[]")
	}
	if _, err := netip.ParseAddr(name); err == nil {
		return true
	}
	for _, n := range append(names, "localhost") {
		if n != "" && strings.EqualFold(name, n) {
			return true
		}
	}
	return false
}
