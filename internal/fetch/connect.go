package fetch

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
)

// sniffed is how much of a file is looked at before it is used, as browsers do.
const sniffed = 512

// setback is why a connection did not bring the file to its end.
type setback struct {
	reason string
	err    error
	resp   *http.Response // that refused; nil for the rest
	final  bool           // no retry can help
}

// Connect asks for the rest of the file until it comes, or no retry can help.
func (f *File) Connect() error {
	for {
		f.requests++
		resp, err := f.client.get(f.ctx, f.source.Address, f.header(), f.source.Piece)
		b := f.take(resp, err)
		if b == nil {
			return nil
		}
		if !f.renew(b) && !f.again(b) {
			f.finish(f.source.Fail(f.failure(b)))
			return f.ended
		}
	}
}

// header asks for what is missing of the version that was begun with. A host that
// has another one, or that knows no ranges, sends everything. No encoding is
// wanted, since net/http would take it off and the length with it.
func (f *File) header() http.Header {
	h := http.Header{"Accept": {"*/*"}, "Accept-Encoding": {"identity"}}
	if f.received > 0 && f.validator != "" {
		h.Set("Range", "bytes="+strconv.FormatInt(f.received, 10)+"-")
		h.Set("If-Range", f.validator)
	}
	return h
}

// take looks at a response, and keeps one that brings what is missing.
func (f *File) take(resp *http.Response, err error) *setback {
	if err != nil {
		return silence(err)
	}
	var b *setback
	switch {
	case resp.StatusCode == http.StatusOK && f.received == 0:
		b = f.begin(resp)
	case resp.StatusCode == http.StatusOK:
		b = f.restart(resp)
	case resp.StatusCode == http.StatusPartialContent && f.received > 0:
		b = f.resume(resp)
	default:
		b = f.refusal(resp)
	}
	if b != nil {
		_ = resp.Body.Close() // it is not wanted
		return b
	}
	f.body = resp.Body
	return nil
}

// begin notes what the file is like, and refuses what is none.
func (f *File) begin(resp *http.Response) *setback {
	if b := f.encoded(resp); b != nil {
		return b
	}
	if resp.ContentLength < 0 && resp.ProtoMajor == 1 && len(resp.TransferEncoding) == 0 {
		return &setback{reason: "the storage host does not say where the " + f.source.Noun + " ends", final: true}
	}
	if isHTML(resp) {
		return &setback{reason: "the storage host sent a page of HTML in place of the " + f.source.Noun, final: true}
	}
	f.Size = max(resp.ContentLength, UnknownSize)
	f.ContentType = resp.Header.Get("Content-Type")
	f.validator = validator(resp.Header)
	return nil
}

// encoded refuses a file in another form than its own, which it was asked for in:
// offsets in the two differ, and a small one may hold a huge one.
func (f *File) encoded(resp *http.Response) *setback {
	switch resp.Header.Get("Content-Encoding") {
	case "", "identity":
		return nil
	}
	return &setback{reason: "the storage host sent the " + f.source.Noun + " compressed, although it was asked for as it is", final: true}
}

// isHTML reports whether a response is a page for people, such as that of a login.
// The body can be read from its beginning afterwards.
func isHTML(resp *http.Response) bool {
	switch media, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type")); media {
	case "text/html", "application/xhtml+xml":
		return true
	}
	body := bufio.NewReaderSize(resp.Body, pieceSize)
	head, _ := body.Peek(sniffed) // an error comes again when it is read
	resp.Body = ahead{body, resp.Body}
	return bytes.HasPrefix([]byte(http.DetectContentType(head)), []byte("text/html"))
}

// ahead is a body of which the beginning was looked at.
type ahead struct {
	io.Reader
	io.Closer
}

// restart begins anew where the host does.
func (f *File) restart(resp *http.Response) *setback {
	const reason = "the storage host cannot resume, or has another %s by now, and what was received cannot be taken back"
	if f.takeBack == nil {
		return &setback{reason: fmt.Sprintf(reason, f.source.Noun), final: true}
	}
	if err := f.takeBack(); err != nil {
		return &setback{reason: fmt.Sprintf(reason, f.source.Noun), err: err, final: true}
	}
	f.received = 0
	return f.begin(resp)
}

// resume checks that a response is just what is missing.
func (f *File) resume(resp *http.Response) *setback {
	if b := f.encoded(resp); b != nil {
		return b
	}
	first, last, size, ok := contentRange(resp.Header.Get("Content-Range"))
	switch tag := resp.Header.Get("ETag"); {
	case !ok, first != f.received, last != size-1, f.Size != UnknownSize && size != f.Size,
		resp.ContentLength >= 0 && resp.ContentLength != size-first,
		isStrong(tag) && isStrong(f.validator) && tag != f.validator:
		return &setback{reason: "the storage host sent another part of the " + f.source.Noun + " than it was asked for", final: true}
	}
	f.Size = size
	return nil
}

// silence is the setback of a request without a response.
func silence(err error) *setback {
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.Is(err, ErrUnsafe), errors.Is(err, ErrPrivate):
		return &setback{reason: "the storage host was not asked", err: err, final: true}
	case errors.Is(err, ErrLost), errors.As(err, &certificate):
		return &setback{reason: "the storage host did not respond", err: err, final: true}
	}
	return &setback{reason: "the storage host did not respond", err: err}
}

// refusal is the setback of a response that is an error.
func (f *File) refusal(resp *http.Response) *setback {
	b := &setback{reason: "the storage host refused the " + f.source.Noun, resp: resp}
	switch resp.StatusCode {
	case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError,
		http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		f.refused = f.failure(b)
	default:
		b.final = true
	}
	return b
}

// renew asks for the address anew, once, after a refusal that an expired one gets.
// It reports whether there is another one.
func (f *File) renew(b *setback) bool {
	if b.resp == nil || f.renewed || f.source.Attempts <= 1 || f.ctx.Err() != nil {
		return false
	}
	switch b.resp.StatusCode {
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusGone:
	default:
		return false
	}
	f.renewed = true
	address, err := f.source.Renew(f.ctx)
	if err != nil || address == f.source.Address {
		return false
	}
	f.source.Address = address
	return true
}

// again reports whether to ask once more, after the wait before that.
func (f *File) again(b *setback) bool {
	stuck := f.received > 0 && f.validator == "" && f.takeBack == nil
	if b.final || stuck || f.ctx.Err() != nil || f.requests >= f.source.Attempts {
		return false
	}
	return f.source.Pause(f.ctx, f.requests, b.resp)
}

// failure describes a setback that no retry makes good.
func (f *File) failure(b *setback) *Error {
	e := &Error{Requests: f.requests, Reason: b.reason, Err: b.err, Last: f.refused}
	switch ended := f.ctx.Err(); {
	case ended != nil:
		e.Reason, e.Err = "the download was given up", ended
	case b.resp != nil:
		e.Status, e.Last = b.resp.StatusCode, nil
	case errors.Is(b.err, context.DeadlineExceeded):
		e.TimedOut = true
		e.Reason += ": nothing came in time"
	}
	return e
}
