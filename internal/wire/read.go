package wire

import (
	"io"

	"github.com/devotel/orbit-go/api"
)

const (
	// believed is how much memory the announced length of a body gets before
	// anything has come: whoever announces a lot must also send it.
	believed = 64 << 10
	// firstRoom is what a body of unknown length begins with.
	firstRoom = 1 << 10
)

// ErrTooLarge reports a body above the limit of ReadBody.
const ErrTooLarge = api.Sentinel("the body is larger than the limit")

// ReadBody reads a body of at most limit bytes. announced is its Content-Length,
// -1 if unknown. Of a body that is longer or breaks off, the beginning is returned
// with the error. The memory in use is at most about three times what has come.
func ReadBody(r io.Reader, announced int64, limit int) ([]byte, error) {
	room := firstRoom
	if announced >= 0 {
		room = int(min(announced, believed)) + 1 // one more, to see the end
	}
	body := make([]byte, 0, min(room, limit+1))
	for {
		if len(body) == cap(body) {
			body = append(make([]byte, 0, min(2*cap(body), limit+1)), body...)
		}
		n, err := r.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		switch {
		case len(body) > limit:
			return body[:limit], ErrTooLarge
		case err == io.EOF: //nolint:errorlint // a reader's end is never wrapped
			return body, nil
		case err != nil:
			return body, err
		}
	}
}
