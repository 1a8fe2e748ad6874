// Package door lets so many connections in at a time. When all are taken, one
// that waits for its next request makes room for one that comes.
package door

import (
	"net"
	"net/http"
	"slices"
	"sync"
)

// Door is a listener of an [http.Server] whose ConnState is [Door.State] and
// whose handler has gone through [Door.Answer].
type Door struct {
	net.Listener
	places chan struct{} // a token for each open connection
	closed chan struct{}
	close  func()

	mu      sync.Mutex
	idle    []net.Conn // between two requests, the longest first
	waiting bool       // somebody, for a place
}

// New lets at most so many connections in at a time; more wait before the door.
func New(l net.Listener, most int) *Door {
	closed := make(chan struct{})
	return &Door{Listener: l, places: make(chan struct{}, most), closed: closed, close: sync.OnceFunc(func() { close(closed) })}
}

// Accept waits for a connection, and for a place.
func (d *Door) Accept() (net.Conn, error) {
	c, err := d.Listener.Accept()
	if err != nil {
		return nil, err
	}
	select {
	case d.places <- struct{}{}:
	default:
		d.makeRoom(true)
		select {
		case d.places <- struct{}{}:
			d.makeRoom(false)
		case <-d.closed:
			c.Close()
			return nil, net.ErrClosed
		}
	}
	return &conn{Conn: c, leave: sync.OnceFunc(func() { <-d.places })}, nil
}

// makeRoom closes the connection that has been idle for longest, or the next one
// to be so.
func (d *Door) makeRoom(waiting bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.waiting = waiting; waiting && len(d.idle) > 0 {
		d.idle[0].Close()
		d.idle, d.waiting = slices.Delete(d.idle, 0, 1), false
	}
}

// Answer tells those who are answered while somebody waits that it was the last
// time on this connection.
func (d *Door) Answer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d.mu.Lock()
		waiting := d.waiting
		d.mu.Unlock()
		if waiting {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}

// State hears of every connection that begins to wait for its next request, and
// of its end.
func (d *Door) State(c net.Conn, state http.ConnState) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case state == http.StateIdle && d.waiting:
		d.waiting = false
		c.Close()
	case state == http.StateIdle:
		d.idle = append(d.idle, c)
	default:
		if i := slices.Index(d.idle, c); i >= 0 {
			d.idle = slices.Delete(d.idle, i, i+1)
		}
	}
}

// Close lets nobody in any more.
func (d *Door) Close() error {
	d.close()
	return d.Listener.Close()
}

// conn frees its place when it is closed.
type conn struct {
	net.Conn
	leave func()
}

func (c *conn) Close() error {
	defer c.leave()
	return c.Conn.Close()
}
