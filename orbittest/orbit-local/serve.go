package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

const (
	// grace is for how long requests that are under way may go on after a signal.
	grace = 5 * time.Second
	// slowest bounds the time that the headers of a request may take.
	slowest = 10 * time.Second
	// idle bounds the time that a connection is kept open for.
	idle = 2 * time.Minute
	// largest bounds the body of a request: documents, which are the largest, may
	// have 10 MB.
	largest = 16 << 20
)

// serve serves until the context ends. Then it takes no further requests, and
// waits for those that are under way. What takes longer than patience is cut off,
// which is an error.
func serve(ctx context.Context, listener net.Listener, handler http.Handler, patience time.Duration) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: slowest, IdleTimeout: idle}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	err := server.Shutdown(ctx)
	if err != nil {
		err = errors.Join(fmt.Errorf("connections that were still in use after %v were cut off", patience), server.Close())
	}
	<-ended //nolint:errcheck // ErrServerClosed: what Shutdown makes of Serve
	return err
}

// limited refuses bodies that are too large before the server keeps them.
func limited(server http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largest))
		var tooLarge *http.MaxBytesError
		switch {
		case errors.As(err, &tooLarge):
			http.Error(w, "the body is too large for orbit-local", http.StatusRequestEntityTooLarge)
		case err != nil:
			panic(http.ErrAbortHandler) // the client is gone
		default:
			r.Body = io.NopCloser(bytes.NewReader(body))
			server.ServeHTTP(w, r)
		}
	})
}
