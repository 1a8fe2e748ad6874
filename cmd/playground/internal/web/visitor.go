package web

import (
	"crypto/rand"
	"errors"
	"net/http"
	"regexp"

	"symgrad/cmd/playground/internal/lab"
)

// cookie holds a visitor's name, which nobody can guess. Browsers send it to
// every port of a machine, so that of another playground is as good.
const cookie = "symgrad-visitor"

var (
	name        = regexp.MustCompile(`^[A-Z2-7]{26}$`) // as rand.Text has it
	errNameless = errors.New("who asks? open the page first, and let it keep a cookie")
)

// named gives those who have none a name, until they close their browser.
func named(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if visitor(r) == "" {
			http.SetCookie(w, &http.Cookie{Name: cookie, Value: rand.Text(), Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
		}
		next.ServeHTTP(w, r)
	})
}

// visitor is the name that a request carries, or nothing.
func visitor(r *http.Request) string {
	c, err := r.Cookie(cookie)
	if err != nil || !name.MatchString(c.Value) {
		return ""
	}
	return c.Value
}

// enter leads to the lab of the one who asks.
func (s *server) enter(r *http.Request) (l *lab.Lab, leave func(), err error) {
	who := visitor(r)
	if who == "" {
		return nil, nil, errNameless
	}
	l, leave = s.Labs.Enter(who)
	return l, leave, nil
}
