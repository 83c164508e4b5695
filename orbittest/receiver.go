package orbittest

import (
	"bytes"
	"io"
	"net/http"
)

// receiverURL is the address of what has none.
const receiverURL = "https://receiver.example/"

// DeliverTo registers a webhook for all events of all accounts, whose deliveries go
// to a handler in place of an address, signed with the secret. It returns the
// webhook's ID.
// See [Server.DeliverEvents].
func (s *Server) DeliverTo(h http.Handler, secret string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	hook := s.accounts[0].webhooks.register(s.now(), secret, map[string]any{"url": receiverURL, "events": []any{everyEvent}})
	hook.receiver = handlerTransport{h}
	for _, a := range s.accounts[1:] {
		a.webhooks.collect(hook.created)
		a.webhooks.rows.add(hook.id, hook.created, hook)
	}
	s.receivers = append(s.receivers, hook)
	return hook.id
}

// receiver is what carries the deliveries of a webhook; nil is nothing.
func (w *webhooks) receiver(h *webhook) http.RoundTripper {
	if h.receiver != nil {
		return h.receiver
	}
	return w.server.cfg.webhookTransport
}

// A handlerTransport gives requests to a handler, in the caller's goroutine.
type handlerTransport struct{ handler http.Handler }

func (t handlerTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	defer r.Body.Close()
	arrived := r.Clone(r.Context())
	arrived.RequestURI = r.URL.RequestURI()
	arrived.RemoteAddr = "192.0.2.1:1234" // an address for documentation
	w := &answerWriter{header: make(http.Header)}
	t.handler.ServeHTTP(w, arrived)
	w.WriteHeader(http.StatusOK)
	return &http.Response{
		StatusCode: w.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.header, Body: io.NopCloser(&w.body), ContentLength: int64(w.body.Len()), Request: r,
	}, nil
}

// An answerWriter keeps what a handler answers.
type answerWriter struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *answerWriter) Header() http.Header { return w.header }

// WriteHeader keeps the first final status.
func (w *answerWriter) WriteHeader(status int) {
	if w.status == 0 && status >= http.StatusOK {
		w.status = status
	}
}

func (w *answerWriter) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(p)
}
