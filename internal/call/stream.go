package call

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"strings"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/wire"
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

	x *exchange
}

// Stream makes a call whose response is read as it comes. The attempt's time limit
// is one for the headers, and then for each piece; the context alone bounds the
// whole. A stream is not resumed: the API knows no ranges.
func Stream(ctx context.Context, from caller, r *Route, in any, opts []api.CallOption) (*Download, error) {
	open := *r
	open.streams = true
	if open.accept == "" {
		open.accept = "*/*"
	}
	t := &stream{}
	if err := run(ctx, from.through(), &open, in, opts, t); err != nil {
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
	x.last.info = info
	t.value = &Download{
		Meta: api.Meta{Info: info}, Header: resp.Header, Length: resp.ContentLength, Body: resp.Body, x: x,
	}
}

// Copy writes the stream of a text to w and closes it. It returns the number of
// bytes written, beside an error too. A stream that breaks off, or is shorter than
// announced, is an error; so is a page of HTML, or an error of the API in place
// of the text, and nothing of that is written. An error of w comes back as it is.
func (d *Download) Copy(w io.Writer) (int64, error) {
	defer d.Body.Close() //nolint:errcheck // all that matters was read
	in := d.source(math.MaxInt64)
	if _, err := in.sniff(); err != nil {
		return 0, err
	}
	n, err := io.Copy(w, struct{ io.Reader }{in.text})
	switch {
	case in.err != nil:
		return n, d.brokeOff(in.err)
	case err != nil:
		return n, err
	case in.read < d.Length:
		return n, d.brokeOff(io.ErrUnexpectedEOF)
	}
	return n, nil
}

// brokeOff is the error of a stream that ended too early.
func (d *Download) brokeOff(err error) error {
	d.x.maybeSent = true
	if d.x.ctx.Err() != nil {
		return d.x.cancelled()
	}
	d.x.last.err, d.x.last.timedOut = err, errors.Is(err, attemptTimeout{})
	return d.x.fail(d.x.brokenOff())
}

// unreadable is the error of a stream that holds something else than expected.
func (d *Download) unreadable(err error) error {
	var disguised *wire.Error
	if errors.As(err, &disguised) {
		return d.x.fail(d.x.judgeRefusal(*disguised).failure)
	}
	d.x.maybeSent = true
	return d.x.fail(d.x.unreadable(reasonOf(err), err))
}

// source reads a download and remembers how that went.
type source struct {
	download *Download
	text     *bufio.Reader // over the source itself, to look ahead
	read     int64
	room     int64 // how many more bytes may come
	err      error // of the stream, but for its end; a decoder may report another
}

func (d *Download) source(room int64) *source {
	s := &source{download: d, room: room}
	s.text = bufio.NewReaderSize(s, sniffed)
	return s
}

// Read reads from the stream.
func (s *source) Read(p []byte) (int, error) {
	if s.room <= 0 {
		s.err = errTooLarge
		return 0, s.err
	}
	n, err := s.download.Body.Read(p)
	s.read, s.room = s.read+int64(n), s.room-int64(n)
	if err != nil && err != io.EOF { //nolint:errorlint // a reader's end is never wrapped
		s.err = err
	}
	return n, err
}

// sniffed is how much of a stream is looked at before it is used.
const sniffed = 8 << 10

const errEncoded = api.Sentinel("the response is compressed in a way that was not asked for")

// sniff returns the first character of the text, 0 for none, and refuses what is
// in place of the text: HTML, an error, or an encoding that net/http did not undo.
func (s *source) sniff() (byte, error) {
	switch s.download.Header.Get("Content-Encoding") {
	case "", "identity":
	default:
		return 0, s.download.unreadable(errEncoded)
	}
	head, _ := s.text.Peek(1) // an error comes again when it is read
	if len(head) == 1 && strings.IndexByte(" \t\r\n<{\xef", head[0]) >= 0 {
		head, _ = s.text.Peek(sniffed)
		head = bytes.TrimLeft(withoutMark(head), " \t\r\n")
	}
	if len(head) == 0 {
		return 0, nil
	}
	switch head[0] {
	case '<':
		return 0, s.download.unreadable(errHTML)
	case '{':
		var disguised *wire.Error
		if _, _, err := wire.One[json.RawMessage](head); errors.As(err, &disguised) {
			return 0, s.download.unreadable(disguised)
		}
	}
	return head[0], nil
}
