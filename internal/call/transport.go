package call

import (
	"crypto/tls"
	"net/http"
)

// idlePerHost is how many idle connections are kept to the API, so that a
// hundred goroutines do not dial anew for every call.
const idlePerHost = 100

// defaultTransport sends through a clone of http.DefaultTransport that is sized
// for concurrent sending. While a program has replaced http.DefaultTransport,
// as mocks do, it sends through the replacement.
type defaultTransport struct {
	origin http.RoundTripper
	clone  *http.Transport
}

func newDefaultTransport() *defaultTransport {
	d := &defaultTransport{origin: http.DefaultTransport}
	t, ok := d.origin.(*http.Transport)
	if !ok {
		return d
	}
	d.clone = t.Clone()
	d.clone.MaxIdleConns = max(d.clone.MaxIdleConns, idlePerHost)
	d.clone.MaxIdleConnsPerHost = max(d.clone.MaxIdleConnsPerHost, idlePerHost)
	if d.clone.TLSClientConfig == nil {
		d.clone.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	} else {
		d.clone.TLSClientConfig.MinVersion = max(d.clone.TLSClientConfig.MinVersion, tls.VersionTLS12)
	}
	return d
}

// RoundTrip sends one request.
func (d *defaultTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	if d.clone == nil || http.DefaultTransport != d.origin {
		return http.DefaultTransport.RoundTrip(req)
	}
	return d.clone.RoundTrip(req)
}

// CloseIdleConnections closes the clone's idle connections; those of a
// replacement belong to the program.
func (d *defaultTransport) CloseIdleConnections() {
	if d.clone != nil {
		d.clone.CloseIdleConnections()
	}
}
