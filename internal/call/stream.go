package call

import (
	"context"
	"io"
	"net/http"

	"github.com/devotel/orbit-go/api"
)

// Download is an open answer: its headers, and a body that the caller reads and
// closes.
type Download struct {
	api.Meta

	// Header holds the headers of the answer.
	Header http.Header
	// Length is the number of bytes to come, -1 where the server does not say.
	Length int64
	// Body is the stream. It ends with the call's context.
	Body io.ReadCloser
}

// Stream makes a call whose answer is read as it comes. The attempt's time limit
// ends with the headers; from then on the context alone bounds the stream.
func Stream(ctx context.Context, c *Client, r Route, in any, opts []api.CallOption) (*Download, error) {
	r.streams = true
	if r.accept == "" {
		r.accept = "*/*"
	}
	t := &stream{}
	if err := run(ctx, c, r, in, opts, t); err != nil {
		return nil, err
	}
	return t.value, nil
}

// stream is the target of a call whose answer is left open.
type stream struct{ value *Download }

func (*stream) decode(*exchange, []byte, *api.ResponseInfo) error { return nil }

// open fills the target from the answer's headers.
func (t *stream) open(x *exchange, resp *http.Response) {
	info := x.answered()
	x.info = info
	t.value = &Download{
		Meta: api.Meta{Info: info}, Header: resp.Header, Length: resp.ContentLength, Body: resp.Body,
	}
}
