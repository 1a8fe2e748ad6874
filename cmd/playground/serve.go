package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	"symgrad/cmd/playground/internal/door"
	"symgrad/cmd/playground/internal/lab"
	"symgrad/cmd/playground/internal/tidy"
)

// Bounds of a class that uses one server, or of somebody who means it ill.
const (
	connections = 256 // at a time; a browser opens up to six
	grace       = 2 * time.Second
)

// patience is how long a client may take to send a header, and a request.
type patience struct{ header, request time.Duration }

// serve runs until the context ends. Then streams are closed, and what is being
// answered may finish, within the grace.
func serve(ctx context.Context, listener net.Listener, handler http.Handler, labs *lab.Visitors, p patience) error {
	in := door.New(listener, connections)
	server := &http.Server{Handler: in.Answer(handler), ConnState: in.State, ReadHeaderTimeout: p.header, ReadTimeout: p.request,
		WriteTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 1 << 14}
	go tidy.Keep(ctx, 5*time.Second)
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		labs.Close() // ends the event streams
		soon, cancel := context.WithTimeout(context.Background(), grace)
		defer cancel()
		err := server.Shutdown(soon)
		if errors.Is(err, context.DeadlineExceeded) { // somebody sends or reads too slowly
			err = server.Close()
		}
		stopped <- err
	}()
	if err := server.Serve(in); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}
