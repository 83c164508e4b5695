package fetch

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"
)

const (
	// UnknownSize is the size of a file that the host sends without saying how long
	// it is.
	UnknownSize = -1
	// pieceSize is how much is read at a time.
	pieceSize = 32 << 10
)

// Source says where a file is and how to read it.
type Source struct {
	// Op names the operation, and Noun the file, in errors: "recording".
	Op, Noun string
	// Address is where the file is.
	Address string
	// Renew asks for the address anew when it may have expired.
	Renew func(ctx context.Context) (string, error)
	// Piece bounds the wait for the headers of a response, and for each piece.
	Piece time.Duration
	// Attempts is how many requests may be made for the file, but for the one with
	// a renewed address. With one, the address is not renewed either.
	Attempts int
	// Pause waits before the n-th retry, counted from 1, as resp, which may be nil,
	// asks for. It reports whether a retry makes sense.
	Pause func(ctx context.Context, n int, resp *http.Response) bool
	// Fail makes the error that users see.
	Fail func(*Error) error
}

// Error reports why a file did not come to its end.
type Error struct {
	// Reason is what happened, in words.
	Reason string
	// Status is that of a response that refused; 0 otherwise.
	Status int
	// Requests is how many were made.
	Requests int
	// Err is the cause, nil where there is none.
	Err error
	// TimedOut tells that nothing came in time.
	TimedOut bool
	// Last is the refusal before this error, nil where there was none.
	Last *Error
}

// File is a file that is read over as many connections as it takes. It belongs to
// one goroutine.
type File struct {
	// ContentType is the media type, as the host names it.
	ContentType string
	// Size is the length in bytes, UnknownSize until it is known.
	Size int64

	client *Client
	source Source
	ctx    context.Context
	cancel context.CancelFunc
	// takeBack undoes what was done with the bytes received so far, so that they
	// can come again; nil where nobody can.
	takeBack func() error

	body      io.ReadCloser // nil between two connections
	received  int64
	validator string // names the version of the file in If-Range
	requests  int
	renewed   bool
	refused   *Error // of the last response that was one
	ended     error  // what all further reads give
}

// New returns a file that is not asked for yet. It ends with ctx, and calls cancel
// when it is closed.
func (c *Client) New(ctx context.Context, cancel context.CancelFunc, s Source) *File {
	return &File{Size: UnknownSize, client: c, source: s, ctx: ctx, cancel: cancel}
}

// Read gives the next piece of the file. Only the end of all of it is io.EOF.
func (f *File) Read(p []byte) (int, error) {
	for f.ended == nil {
		if f.received == f.Size {
			f.finish(io.EOF)
			break
		}
		if f.body == nil {
			if err := f.Connect(); err != nil {
				break
			}
			continue
		}
		n, err := f.body.Read(p[:f.room(len(p))])
		f.received += int64(n)
		if err != nil {
			f.interrupted(err)
		}
		if n > 0 || len(p) == 0 {
			return n, nil
		}
	}
	return 0, f.ended
}

// room is how much of n bytes the file still fills: a host that sends more than it
// announced is not listened to.
func (f *File) room(n int) int {
	if f.Size == UnknownSize {
		return n
	}
	return int(min(int64(n), f.Size-f.received))
}

// Close ends the download.
func (f *File) Close() error {
	f.finish(http.ErrBodyReadAfterClose)
	f.cancel()
	return nil
}

// finish lets the connection go, and decides what further reads give, unless that
// is decided.
func (f *File) finish(err error) {
	if f.body != nil {
		_ = f.body.Close() // what counts was read
		f.body = nil
	}
	if f.ended == nil {
		f.ended = err
	}
}

// interrupted deals with the end of a connection.
func (f *File) interrupted(err error) {
	switch {
	case f.received == f.Size:
		return
	case err == io.EOF && f.Size == UnknownSize: //nolint:errorlint // a reader's end is never wrapped
		f.Size = f.received
		f.finish(io.EOF)
		return
	case err == io.EOF: //nolint:errorlint // as above
		err = io.ErrUnexpectedEOF
	}
	_ = f.body.Close() // it is broken already
	f.body = nil
	b := &setback{reason: "the " + f.source.Noun + " broke off " + f.progress(), err: err}
	if !f.again(b) {
		f.finish(f.source.Fail(f.failure(b)))
	}
}

// progress says how far the download has come, in units that nobody takes for a
// phone number.
func (f *File) progress() string {
	const unit = 1e6
	if f.Size == UnknownSize {
		return fmt.Sprintf("after %.1f MB", float64(f.received)/unit)
	}
	return fmt.Sprintf("after %.1f of %.1f MB", float64(f.received)/unit, float64(f.Size)/unit)
}

// CopyTo writes the file to w, and calls progress, unless it is nil, after each
// piece. It is not io.Copy, which would let some writers hold their own end of the
// bytes while takeBack cuts it off.
func (f *File) CopyTo(w io.Writer, progress func(received, size int64)) error {
	f.takeBack = func() error { return takeBack(w, f.received) }
	piece := make([]byte, pieceSize)
	for {
		n, err := f.Read(piece)
		if n > 0 {
			if err := write(w, piece[:n]); err != nil {
				return fmt.Errorf("orbit: %s: the %s cannot be written: %w", f.source.Op, f.source.Noun, err)
			}
			if progress != nil {
				progress(f.received, f.Size)
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
