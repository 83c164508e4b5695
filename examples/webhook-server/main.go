// Command webhook-server receives delivery reports from Orbit and prints the
// newest status of each message:
//
//	go run ./examples/webhook-server [-addr 127.0.0.1:8080]
//
// ORBIT_WEBHOOK_SECRET holds the signing secret of the webhook. Orbit calls https
// addresses only, so a proxy or a tunnel belongs in front. Without a secret it
// shows what it does: it makes one up, delivers some events to itself, late and
// twice, and ends.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/devotel/orbit-go/webhooks"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Getenv("ORBIT_WEBHOOK_SECRET"), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, secret string, out io.Writer) error {
	flags := flag.NewFlagSet("webhook-server", flag.ContinueOnError)
	addr := flags.String("addr", "127.0.0.1:8080", "address to listen on")
	if err := flags.Parse(args); err != nil {
		return err
	}
	out = &lockedWriter{w: out}
	if secret == "" {
		return demo(ctx, out)
	}
	verifier, err := webhooks.NewVerifier(secret)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "listening on http://%s/orbit\n", listener.Addr())
	return serve(ctx, listener, newMux(verifier, out))
}

// newMux routes deliveries to the handler of the reports.
func newMux(verifier *webhooks.Verifier, out io.Writer) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/orbit", newReports(out).handler(verifier))
	return mux
}

// serve answers until the context ends, and then lets the deliveries that are
// being handled come to their end: Orbit waits for 30 seconds.
func serve(ctx context.Context, listener net.Listener, h http.Handler) error {
	server := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       2 * time.Minute,
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	err := server.Shutdown(grace)
	if closed := <-ended; !errors.Is(closed, http.ErrServerClosed) {
		err = errors.Join(err, closed)
	}
	return err
}
