package call

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http"
)

// neverSent reports whether an attempt that failed with err provably did not
// reach the API: it never had a connection, or the API says that it did not look
// at it. Where the transport traces nothing the error must tell.
func neverSent(err error, l link) bool {
	switch {
	case l.got:
		return isRefusedStream(err)
	case l.wanted:
		return true
	default:
		return isUnsent(err) || isRefusedStream(err)
	}
}

// isUnsent reports whether err can only come from before there was a connection
// to send on.
func isUnsent(err error) bool {
	var op *net.OpError
	if errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect" || op.Op == "socks connect") {
		return true
	}
	var dns *net.DNSError
	var record tls.RecordHeaderError
	return errors.As(err, &dns) || errors.As(err, &record) || isUntrusted(err)
}

// isHopeless reports whether every further attempt would end as this one did:
// the two sides do not trust each other, or the proxy does not let the call pass.
func isHopeless(err error, l link) bool {
	if isUntrusted(err) {
		return true
	}
	if l.got || !l.wanted {
		return false
	}
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "remote error" {
		return true // an alert in the handshake
	}
	var proxy proxyRefusal
	if errors.As(err, &proxy) {
		return true
	}
	switch bare(err).Error() { // net/http keeps nothing but the proxy's words
	case http.StatusText(http.StatusForbidden), http.StatusText(http.StatusProxyAuthRequired):
		return true
	}
	return false
}

func isUntrusted(err error) bool {
	var certificate *tls.CertificateVerificationError
	return errors.As(err, &certificate)
}

// isRefusedStream reports whether an HTTP/2 server reset the stream before it
// looked at the request.
func isRefusedStream(err error) bool {
	const refused = 7
	var reset streamError
	return errors.As(err, &reset) && reset.Code == refused
}

// streamError has the shape of HTTP/2's own error, which net/http does not
// export; that fills any struct of its shape.
type streamError struct {
	StreamID uint32
	Code     uint32
	Cause    error
}

func (e streamError) Error() string { return "the HTTP/2 stream was reset" }

// proxyRefusal is a CONNECT that a proxy refuses whoever asks again.
type proxyRefusal struct{ status int }

func (e proxyRefusal) Error() string {
	return "the proxy refused the connection: " + statusLine(e.status)
}
