package voice

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
)

const (
	// unknownSize is the size of a recording that the storage host sends without
	// saying how long it is.
	unknownSize = -1
	// pieceSize is how much is read at a time.
	pieceSize = 32 << 10
)

// download reads a recording from the storage host to its end, over as many
// connections as it takes. It belongs to one goroutine.
type download struct {
	core      *call.Client
	ctx       context.Context
	cancel    context.CancelFunc
	op        string
	set       api.CallSettings
	address   string
	recording Recording
	// takeBack undoes what was done with the bytes received so far, so that they
	// can come again; nil where nobody can.
	takeBack func() error

	body      io.ReadCloser // nil between two connections
	received  int64
	validator string // names the version of the recording in If-Range
	requests  int
	refused   error // of the last answer that was an error
	ended     error // what all further reads give
}

// setback is why a connection did not bring the recording to its end.
type setback struct {
	reason string
	err    error
	resp   *http.Response // that refused; nil for the rest
	final  bool           // no repeat can help
}

// Read gives the next piece of the recording. Only the end of all of it is io.EOF.
func (d *download) Read(p []byte) (int, error) {
	for d.ended == nil {
		if d.received == d.recording.Size {
			d.finish(io.EOF)
			break
		}
		if d.body == nil {
			if err := d.connect(); err != nil {
				break
			}
			continue
		}
		n, err := d.body.Read(p[:d.room(len(p))])
		d.received += int64(n)
		if err != nil {
			d.interrupted(err)
		}
		if n > 0 || len(p) == 0 {
			return n, nil
		}
	}
	return 0, d.ended
}

// room is how much of n bytes the recording still fills: a host that sends more
// than it announced is not listened to.
func (d *download) room(n int) int {
	if d.recording.Size == unknownSize {
		return n
	}
	return int(min(int64(n), d.recording.Size-d.received))
}

// Close ends the download.
func (d *download) Close() error {
	d.finish(http.ErrBodyReadAfterClose)
	d.cancel()
	return nil
}

// finish lets the connection go, and gives further reads their answer, unless
// they have one.
func (d *download) finish(err error) {
	if d.body != nil {
		_ = d.body.Close() // what counts was read
		d.body = nil
	}
	if d.ended == nil {
		d.ended = err
	}
}

// interrupted deals with the end of a connection.
func (d *download) interrupted(err error) {
	whole := d.recording.Size
	switch {
	case d.received == whole:
		return
	case err == io.EOF && whole == unknownSize: //nolint:errorlint // a reader's end is never wrapped
		d.recording.Size = d.received
		d.finish(io.EOF)
		return
	case err == io.EOF: //nolint:errorlint // as above
		err = io.ErrUnexpectedEOF
	}
	_ = d.body.Close() // it is broken already
	d.body = nil
	b := &setback{reason: "the recording broke off " + d.progress(), err: err}
	if !d.again(b) {
		d.finish(d.failure(b))
	}
}

// progress says how far the download has come, in units that nobody takes for a
// phone number.
func (d *download) progress() string {
	const unit = 1e6
	if d.recording.Size == unknownSize {
		return fmt.Sprintf("after %.1f MB", float64(d.received)/unit)
	}
	return fmt.Sprintf("after %.1f of %.1f MB", float64(d.received)/unit, float64(d.recording.Size)/unit)
}

// connect asks for the rest of the recording until it comes, or no repeat can
// help.
func (d *download) connect() error {
	for {
		d.requests++
		resp, err := d.core.Fetch(d.ctx, d.address, d.header(), d.set.AttemptTimeout)
		b := d.take(resp, err)
		if b == nil {
			return nil
		}
		if !d.again(b) {
			d.finish(d.failure(b))
			return d.ended
		}
	}
}

// header asks for what is missing of the version that was begun with. A storage
// host that has another one, or that knows no ranges, sends everything. No
// encoding is wanted, since net/http would take it off and the length with it.
func (d *download) header() http.Header {
	h := http.Header{"Accept": {"*/*"}, "Accept-Encoding": {"identity"}}
	if d.received > 0 && d.validator != "" {
		h.Set("Range", "bytes="+strconv.FormatInt(d.received, 10)+"-")
		h.Set("If-Range", d.validator)
	}
	return h
}

// take looks at an answer of the storage host, and keeps one that brings what is
// missing.
func (d *download) take(resp *http.Response, err error) *setback {
	if err != nil {
		return d.silence(err)
	}
	var b *setback
	switch {
	case resp.StatusCode == http.StatusOK && d.received == 0:
		b = d.begin(resp)
	case resp.StatusCode == http.StatusOK:
		b = d.restart(resp)
	case resp.StatusCode == http.StatusPartialContent && d.received > 0:
		b = d.resume(resp)
	default:
		b = d.refusal(resp)
	}
	if b != nil {
		_ = resp.Body.Close() // it is not wanted
		return b
	}
	d.body = resp.Body
	return nil
}

// begin notes what the recording is like.
func (d *download) begin(resp *http.Response) *setback {
	if resp.ContentLength < 0 && resp.ProtoMajor == 1 && len(resp.TransferEncoding) == 0 {
		return &setback{reason: "the storage host does not tell where the recording ends", final: true}
	}
	d.recording.Size = max(resp.ContentLength, unknownSize)
	d.recording.ContentType = resp.Header.Get("Content-Type")
	d.validator = validator(resp.Header)
	return nil
}

// restart begins anew where the storage host does.
func (d *download) restart(resp *http.Response) *setback {
	const reason = "the storage host cannot resume, or has another recording by now, and what was received cannot be taken back"
	if d.takeBack == nil {
		return &setback{reason: reason, final: true}
	}
	if err := d.takeBack(); err != nil {
		return &setback{reason: reason, err: err, final: true}
	}
	d.received = 0
	return d.begin(resp)
}

// resume checks that an answer is just what is missing.
func (d *download) resume(resp *http.Response) *setback {
	first, last, size, ok := contentRange(resp.Header.Get("Content-Range"))
	whole := d.recording.Size
	switch tag := resp.Header.Get("ETag"); {
	case !ok, first != d.received, last != size-1, whole != unknownSize && size != whole,
		resp.ContentLength >= 0 && resp.ContentLength != size-first,
		isStrong(tag) && isStrong(d.validator) && tag != d.validator:
		return &setback{reason: "the storage host sent another part of the recording than it was asked for", final: true}
	}
	d.recording.Size = size
	return nil
}

// silence is the setback of a request without an answer.
func (d *download) silence(err error) *setback {
	b := &setback{reason: "the storage host gave no answer", err: err}
	var certificate *tls.CertificateVerificationError
	b.final = errors.Is(err, call.ErrUnsafe) || errors.Is(err, call.ErrLost) || errors.As(err, &certificate)
	return b
}

// refusal is the setback of an answer that is an error.
func (d *download) refusal(resp *http.Response) *setback {
	b := &setback{reason: "the storage host refused the recording", resp: resp}
	switch resp.StatusCode {
	case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError,
		http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		d.refused = d.failure(b)
	default:
		b.final = true
	}
	return b
}

// again reports whether to ask once more, after the wait before that.
func (d *download) again(b *setback) bool {
	stuck := d.received > 0 && d.validator == "" && d.takeBack == nil
	if b.final || stuck || d.ctx.Err() != nil || d.set.Retry == api.RetryNone || d.requests >= d.set.MaxAttempts {
		return false
	}
	return call.Pause(d.ctx, d.requests, b.resp, d.set.MaxWait)
}

// failure makes the error that users see.
func (d *download) failure(b *setback) error {
	f := &call.Failure{
		Kind: call.KindTransport, Op: d.op, Method: http.MethodGet, Route: "recording_url", Attempts: d.requests,
		Reason: b.reason, Err: b.err,
	}
	switch ended := d.ctx.Err(); {
	case ended != nil:
		f.Reason, f.Err, f.Last = "the download was given up", ended, d.refused
	case b.resp != nil:
		f.Kind, f.StatusCode = call.KindAPI, b.resp.StatusCode
	case errors.Is(b.err, context.DeadlineExceeded):
		f.Timeout = true
		f.Reason += ": nothing came in time"
		f.Last = d.refused
	default:
		f.Last = d.refused
	}
	return d.core.Fail(f)
}

// validator names a version of the recording for If-Range: by a strong tag, or
// by a date that is old enough for the version to be the only one of its second.
func validator(h http.Header) string {
	if tag := h.Get("ETag"); isStrong(tag) {
		return tag
	}
	modified, err := http.ParseTime(h.Get("Last-Modified"))
	if err != nil {
		return ""
	}
	if date, err := http.ParseTime(h.Get("Date")); err != nil || date.Sub(modified) < time.Second {
		return ""
	}
	return h.Get("Last-Modified")
}

// isStrong reports whether a tag names one sequence of bytes.
func isStrong(tag string) bool { return strings.HasPrefix(tag, `"`) }

// contentRange reads a Content-Range such as "bytes 5-9/10".
func contentRange(text string) (first, last, size int64, ok bool) {
	text, ok = strings.CutPrefix(text, "bytes ")
	part, whole, found := strings.Cut(text, "/")
	from, to, ranged := strings.Cut(part, "-")
	for _, n := range []struct {
		text string
		to   *int64
	}{{from, &first}, {to, &last}, {whole, &size}} {
		value, err := strconv.ParseUint(n.text, 10, 63)
		ok = ok && err == nil
		*n.to = int64(value)
	}
	return first, last, size, ok && found && ranged
}

// writeTo copies the recording to w. It is not io.Copy, which would let some
// writers hold their own end of the bytes while takeBack cuts it off.
func (d *download) writeTo(w io.Writer, progress func(received, size int64)) error {
	piece := make([]byte, pieceSize)
	for {
		n, err := d.Read(piece)
		if n > 0 {
			if err := write(w, piece[:n]); err != nil {
				return fmt.Errorf("orbit: %s: the recording cannot be written: %w", d.op, err)
			}
			if progress != nil {
				progress(d.received, d.recording.Size)
			}
		}
		switch {
		case err == io.EOF: //nolint:errorlint // a reader's end is never wrapped
			return nil
		case err != nil:
			return err
		}
	}
}

func write(w io.Writer, p []byte) error {
	n, err := w.Write(p)
	if err == nil && n < len(p) {
		err = io.ErrShortWrite
	}
	return err
}

// errKept is what cannot be taken back.
const errKept = api.Sentinel("the writer keeps what it has")

// takeBack removes the last n bytes from a writer that lets it: a file, or a
// buffer.
func takeBack(w io.Writer, n int64) error {
	switch w := w.(type) {
	case interface {
		io.Seeker
		Truncate(size int64) error
	}:
		end, err := w.Seek(0, io.SeekCurrent)
		if err != nil {
			return err
		}
		if err := w.Truncate(end - n); err != nil {
			return err
		}
		_, err = w.Seek(end-n, io.SeekStart)
		return err
	case interface {
		Len() int
		Truncate(n int)
	}:
		if int64(w.Len()) < n {
			return errKept
		}
		w.Truncate(w.Len() - int(n))
		return nil
	}
	return errKept
}
