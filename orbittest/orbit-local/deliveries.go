package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httputil"
	"net/url"
	"time"

	"github.com/devotel/orbit-go/internal/check"
	"github.com/devotel/orbit-go/orbittest"
)

const (
	// webhookSecret is what events are signed with.
	webhookSecret = "whsec_local"
	// lookEvery is the pause between two looks at what has happened.
	lookEvery = 100 * time.Millisecond
)

// receiverAt is the address of a program on this machine that is told of events.
func receiverAt(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("-webhook: the address cannot be read: write it as in http://127.0.0.1:8080/orbit")
	}
	if u.Scheme != "http" || !check.IsLoopback(u.Hostname()) {
		return nil, fmt.Errorf("-webhook: %s is not a plain http address of this machine, as in http://127.0.0.1:8080/orbit", address)
	}
	return u, nil
}

// forward passes deliveries on to the program. Those that it does not answer have
// failed, and come again.
func forward(to *url.URL) http.Handler {
	return &httputil.ReverseProxy{
		Rewrite:      func(r *httputil.ProxyRequest) { r.Out.URL, r.Out.Host = to, to.Host },
		Transport:    &http.Transport{},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
	}
}

// deliver makes the deliveries that are due, until the context ends.
func deliver(ctx context.Context, server *orbittest.Server, log *requestLog) {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
		made, _ := server.DeliverEvents(ctx) // an error is the end of the context
		for _, d := range made {
			log.printDelivery(d)
		}
	}
}
