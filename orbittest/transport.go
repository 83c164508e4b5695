package orbittest

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
)

// RoundTrip answers a request in the caller's goroutine, without a socket,
// whatever its scheme and host. It makes a Server an [http.RoundTripper]. It
// ends with the request's context, before the request counts, during delays and
// after them, like a transport would.
func (s *Server) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := readAll(req.Body)
	if err != nil {
		return nil, err
	}
	ctx := req.Context()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r := s.answer(s.read(req, req.URL.Host, body))
	if err := wait(ctx, r.delay); err != nil {
		return nil, err
	}
	if r.err != nil {
		return nil, r.err
	}
	return &http.Response{
		Status:        strconv.Itoa(r.status) + " " + http.StatusText(r.status),
		StatusCode:    r.status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        r.header,
		Body:          r.reader(ctx),
		ContentLength: int64(len(r.body)),
		Request:       req,
	}, nil
}

// readAll reads and closes a request's body, as a transport has to.
func readAll(body io.ReadCloser) ([]byte, error) {
	if body == nil || body == http.NoBody {
		return nil, nil
	}
	defer body.Close()
	return io.ReadAll(body)
}

// ServeHTTP answers a request that came through a listener, such as one of
// [net/http/httptest.NewServer]. Broken connections are shown by aborting the
// handler: they need a real server around it.
func (s *Server) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := readAll(req.Body)
	if err != nil {
		return // the client is gone
	}
	r := s.answer(s.read(req, req.Host, body))
	if wait(req.Context(), r.delay) != nil {
		return
	}
	if errors.Is(r.err, ErrClosed) {
		http.Error(w, r.err.Error(), http.StatusServiceUnavailable)
		return
	}
	if r.err != nil {
		panic(http.ErrAbortHandler)
	}
	r.write(req.Context(), w)
}

func (r *reply) write(ctx context.Context, w http.ResponseWriter) {
	h := w.Header()
	for name, values := range r.header {
		h[name] = values
	}
	if r.status != http.StatusNoContent {
		h.Set("Content-Length", strconv.Itoa(len(r.body)))
	}
	w.WriteHeader(r.status)
	if r.bodyDelay > 0 {
		_ = http.NewResponseController(w).Flush() // an error: w cannot, and sends both at the end
		if wait(ctx, r.bodyDelay) != nil {
			return
		}
	}
	// The client is gone if this fails; a body shorter than its Content-Length
	// makes net/http close the connection.
	_, _ = w.Write(r.sent())
}

// HTTPClient returns a client whose requests all reach the server.
func (s *Server) HTTPClient() *http.Client {
	return &http.Client{Transport: s}
}
