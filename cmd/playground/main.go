// Command playground is a page on which one draws a digit and sees what a
// network sees.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"time"

	"symgrad/cmd/internal/app"
	"symgrad/cmd/internal/pretrained"
	"symgrad/cmd/playground/internal/lab"
	"symgrad/cmd/playground/internal/looks"
	"symgrad/cmd/playground/internal/web"
	"symgrad/data/mnist"
)

const about = `
playground serves a page on which you draw a digit and see what a network sees:
its answer, its feature maps and, by the symbolic gradient, which pixels the
answer hangs on. Another tab trains a small network before your eyes, which is
yours alone, also where the page is served to others.

  go run ./cmd/playground                                     then open http://127.0.0.1:8080
  go run ./cmd/playground -model out/best.safetensors         a network of your own (train-cnn -out out)
  go run ./cmd/playground -addr :8080                         for the whole network to see`

// limits are for a class. A training takes 4 MB, and 60 of data set are shared by
// all; of the processors it has what the others leave.
var limits = lab.Limits{Places: 16, Watchers: 6, Results: 128, Idle: 10 * time.Minute}

func main() { os.Exit(app.Main("playground", run)) }

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	return patience{header: 5 * time.Second, request: 10 * time.Second}.run(ctx, args, stdout, stderr)
}

func (p patience) run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var set flag.FlagSet
	addr := set.String("addr", "127.0.0.1:8080", "address and port to listen on; port 0 takes a free one")
	model := set.String("model", "", "checkpoint of a network for 28x28 images; default: the built-in one")
	if err := app.Parse("playground", about, &set, args, stderr); err != nil {
		return err
	}
	app.Lean()
	network, err := pretrained.Load(*model)
	if err != nil {
		return err
	}
	pool, err := looks.NewPool(network, runtime.GOMAXPROCS(0))
	if err != nil {
		return err
	}
	defer pool.Close()
	labs := lab.NewVisitors(mnist.Load, limits)
	defer labs.Close()
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		return fmt.Errorf("-addr %s: %w", *addr, err)
	}
	host, _, _ := net.SplitHostPort(*addr)
	fmt.Fprintf(stdout, "playground: http://%s (Ctrl-C stops)\n", browsable(listener.Addr()))
	return serve(ctx, listener, web.New(web.Config{Pool: pool, Labs: labs, Host: host}), labs, p)
}

// browsable is an address to type into a browser.
func browsable(addr net.Addr) string {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok || !tcp.IP.IsUnspecified() {
		return addr.String()
	}
	return fmt.Sprintf("localhost:%d", tcp.Port)
}
