package webhooks

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/devotel/orbit-go/internal/wire"
)

// Parse verifies a delivery and decodes its event: Verify and ParseEvent in one,
// for programs that get header and body by other ways than net/http.
func (v *Verifier) Parse(signature string, body []byte) (*Event, error) {
	header, err := v.checkHeader(signature)
	if err != nil {
		return nil, err
	}
	return v.decode(header, body)
}

// ParseRequest does what Parse does with a request. It reads the body only if the
// header can be right, and no more of it than the limit. The body can be read
// again afterwards, unless the error is ErrBodyTooLarge or ErrBodyUnreadable.
//
// It does not bound the time that the body takes: set http.Server's ReadTimeout,
// or a read deadline with http.ResponseController. [Handler] does that by itself.
func (v *Verifier) ParseRequest(r *http.Request) (*Event, error) {
	header, err := v.checkRequest(r)
	if err != nil {
		return nil, err
	}
	body, err := v.readBody(r)
	if err != nil {
		return nil, err
	}
	return v.decode(header, body)
}

// checkRequest checks what is known of a request before its body is read.
func (v *Verifier) checkRequest(r *http.Request) (*signatureHeader, error) {
	// Several lines of a header are one list, as HTTP has it.
	header, err := v.checkHeader(strings.Join(r.Header.Values(SignatureHeader), ","))
	if err == nil && r.ContentLength > v.maxBody {
		err = ErrBodyTooLarge
	}
	return header, err
}

// decode checks the signature of a body and decodes its event.
func (v *Verifier) decode(header *signatureHeader, body []byte) (*Event, error) {
	verification, err := v.checkBody(header, body)
	if err != nil {
		return nil, err
	}
	event, err := ParseEvent(body)
	if err != nil {
		return nil, err
	}
	event.Verification = verification
	return event, nil
}

// readBody reads the body and puts it back.
func (v *Verifier) readBody(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	body, err := wire.ReadBody(r.Body, r.ContentLength, int(v.maxBody))
	switch {
	case errors.Is(err, wire.ErrTooLarge):
		return nil, ErrBodyTooLarge
	case err != nil:
		return nil, unreadable(err)
	}
	r.Body = readAgain{bytes.NewReader(body), r.Body}
	return body, nil
}

// unreadable tells a limit that somebody in front has set from a body that broke
// off.
func unreadable(err error) error {
	var limit *http.MaxBytesError
	if errors.As(err, &limit) {
		return ErrBodyTooLarge
	}
	return fmt.Errorf("%w: %w", ErrBodyUnreadable, err)
}

// readAgain is a body from memory that closes the one it came from.
type readAgain struct {
	io.Reader
	io.Closer
}
