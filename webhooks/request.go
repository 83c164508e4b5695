package webhooks

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// Parse verifies a delivery and decodes its event: Verify and ParseEvent in one,
// for programs that get header and body by other ways than net/http.
func (v *Verifier) Parse(signature string, body []byte) (*Event, error) {
	verification, err := v.Verify(signature, body)
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

// ParseRequest reads the body of a request, no more of it than the limit, and
// does with it what Parse does. The body can be read again afterwards, unless the
// error is ErrBodyTooLarge or ErrBodyUnreadable.
func (v *Verifier) ParseRequest(r *http.Request) (*Event, error) {
	body, err := v.readBody(r)
	if err != nil {
		return nil, err
	}
	// Several lines of a header are one list, as HTTP has it.
	return v.Parse(strings.Join(r.Header.Values(SignatureHeader), ","), body)
}

// readBody reads the body and puts it back.
func (v *Verifier) readBody(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	if r.ContentLength > v.maxBody {
		return nil, ErrBodyTooLarge
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, v.maxBody+1))
	if err != nil {
		return nil, unreadable(err)
	}
	if int64(len(body)) > v.maxBody {
		return nil, ErrBodyTooLarge
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
