package voice

import (
	"cmp"
	"context"
	"io"
	"time"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/fetch"
)

// Recordings downloads what was recorded of calls. A recording lies on a storage
// host of its own, which gets neither the API key nor any other header of the
// client. It is read over https alone, also where the storage host redirects, and
// never from a private address, unless orbit.WithDownloadHosts names the host or
// the API is on this machine. A page of HTML in its place is an error, and so is a
// recording that comes compressed.
//
// A connection that breaks, or that brings nothing for the time of
// orbit.WithAttemptTimeout, is made again and the recording resumed where it
// broke off, as often as orbit.WithMaxAttempts allows. What broke off for good,
// is shorter than the storage host said, or changed on the way is an error, never
// a recording.
type Recordings struct {
	core
}

// ErrNoRecording is what a [NoRecordingError] is, for errors.Is.
const ErrNoRecording = api.Sentinel("voice: the call has no recording")

// NoRecordingError is a call without a recording: it still goes on, its recording
// is not ready yet, or it was never recorded. Recordings appear some time after
// the end of a call; where callers are asked for consent, perhaps never.
type NoRecordingError struct {
	// Op names the operation, such as "Voice.Recordings.Download".
	Op string
	// Status is how far the call has come: no recording is to be expected before
	// its end. It is empty if this version of the SDK does not know it.
	Status CallStatus
	// Requested reports whether the call was made with Record; nil if the response
	// does not say.
	Requested *bool
}

func noRecording(op string, c *Call) error {
	e := &NoRecordingError{Op: op, Requested: c.Record}
	if c.Status.Known() { // another one may quote what somebody wrote
		e.Status = c.Status
	}
	return e
}

// Error is one line for a person.
func (e *NoRecordingError) Error() string {
	text := "orbit: " + e.Op + ": the call has no recording"
	switch {
	case !e.Status.IsTerminal():
		return text + " yet: it is " + cmp.Or(string(e.Status), "in an unknown status")
	case e.Requested == nil || *e.Requested:
		return text + " yet, or never will: it is " + string(e.Status)
	default:
		return text + ": none was asked for"
	}
}

// Is reports whether target is [ErrNoRecording].
func (e *NoRecordingError) Is(target error) bool { return target == ErrNoRecording }

// Recording describes the recording of a call.
type Recording struct {
	api.Meta `json:"-"`

	// CallID is the call.
	CallID string `json:"call_id"`
	// ContentType is the media type, such as "audio/wav", as the storage host
	// names it.
	ContentType string `json:"content_type,omitzero"`
	// Size is its length in bytes; -1 in a [RecordingStream] where the storage
	// host does not tell beforehand.
	Size int64 `json:"size"`
}

// RecordingStream is a recording that is read as it comes. Read it to its end,
// which alone is io.EOF, and close it.
type RecordingStream struct {
	Recording
	io.ReadCloser
}

// DownloadParams says what to do during a download.
type DownloadParams struct {
	// Progress, if set, runs after each piece that was written, on the goroutine
	// of Download. received counts the bytes since the recording's beginning, and
	// size is all of them, -1 where that is not known. received begins anew where
	// the recording does.
	Progress func(received, size int64)
}

// Download writes the recording of a call to w. It fails with [ErrNoRecording]
// while there is none. Where it fails otherwise, w holds a part of the recording,
// or nothing.
//
// A storage host that cannot resume sends the recording anew: what was written is
// taken back then if w is a bytes.Buffer, or a file with nothing behind it, and the
// download fails if it is anything else. The address of a recording may be good for
// a while only: each download asks for it again, and once more where it expires on
// the way.
//
// GET /voice/calls/{id}
func (s *Recordings) Download(ctx context.Context, callID string, w io.Writer, params DownloadParams, opts ...api.CallOption) (*Recording, error) {
	const op = "Voice.Recordings.Download"
	if w == nil {
		return nil, call.ClientOf(s.core).Fail(&call.Failure{Kind: call.KindParam, Op: op, NotSent: true, Field: "w", Rule: "must not be nil"})
	}
	d, err := s.locate(ctx, op, callID, opts)
	if err != nil {
		return nil, err
	}
	defer d.Close() //nolint:errcheck // all that matters was read
	if err := d.CopyTo(w, params.Progress); err != nil {
		return nil, err
	}
	return d.recording(), nil
}

// Open returns the recording of a call to be read as it comes. It fails with
// [ErrNoRecording] while there is none. Reading resumes a broken connection like
// Download does; where the storage host cannot resume, it fails. The stream ends
// with ctx.
//
// GET /voice/calls/{id}
func (s *Recordings) Open(ctx context.Context, callID string, opts ...api.CallOption) (*RecordingStream, error) {
	d, err := s.locate(ctx, "Voice.Recordings.Open", callID, opts)
	if err != nil {
		return nil, err
	}
	if err := d.Connect(); err != nil {
		_ = d.Close() // nothing is open
		return nil, err
	}
	return &RecordingStream{Recording: *d.recording(), ReadCloser: d}, nil
}

// download is the recording of a call that the API has located.
type download struct {
	*fetch.File

	call *Call
}

func (d download) recording() *Recording {
	return &Recording{Meta: d.call.Meta, CallID: d.call.ID, ContentType: d.ContentType, Size: d.Size}
}

// recordingDelay is how long after a call's end its recording is waited for.
const recordingDelay = 2 * time.Minute

// Wait polls until a call has a recording, and returns the call, whose ID
// [Recordings.Download] takes. It waits for the end of the call first, like
// [Calls.Wait]. A call that nobody answered, or that has no recording 2 minutes
// after its end was seen, is a [NoRecordingError] beside the call. Failures that
// orbit.Retryable reports do not end the wait, and a 404 within the first 10 seconds
// does not either. Without a deadline in the context and without
// orbit.WithTimeout, it polls for 2 hours. When the time is up, it returns the last
// state together with an orbit.WaitError.
//
// GET /voice/calls/{id}
func (s *Recordings) Wait(ctx context.Context, callID string, params WaitParams, opts ...api.CallOption) (*Call, error) {
	const op = "Voice.Recordings.Wait"
	var ended time.Time // when that was seen
	c, err := call.Wait(ctx, s.core, call.Poll[Call]{
		Op: op, Params: params, Limit: callLimit,
		Get: func(ctx context.Context, opts []api.CallOption) (*Call, error) {
			return call.Do[Call, callWire](ctx, s.core, call.Get(op, "/voice/calls/{id}", callID), nil, opts)
		},
		State: func(c *Call) (call.Status, bool) {
			if ended.IsZero() && c.Status.IsTerminal() {
				ended = time.Now()
			}
			late := !ended.IsZero() && time.Since(ended) >= recordingDelay
			return c.Status, c.RecordingURL != "" || late || c.unanswered()
		},
	}, opts)
	if err == nil && c.RecordingURL == "" {
		err = noRecording(op, c)
	}
	return c, err
}

// unanswered reports whether there was nothing to record.
func (c *Call) unanswered() bool {
	switch c.Status {
	case CallStatusFailed, CallStatusBusy, CallStatusNoAnswer, CallStatusCanceled:
		return c.AnsweredAt.IsZero()
	}
	return false
}

// locate asks the API where a recording is.
func (s *Recordings) locate(ctx context.Context, op, callID string, opts []api.CallOption) (*download, error) {
	set := call.ClientOf(s.core).Defaults()
	for _, o := range opts {
		o.Apply(&set)
	}
	cancel := func() {}
	if ctx != nil && set.Timeout > 0 { // a nil one is refused by the call
		ctx, cancel = context.WithTimeout(ctx, set.Timeout)
	}
	ask := func(ctx context.Context) (*Call, error) {
		c, err := call.Do[Call, callWire](ctx, s.core, call.Get(op, "/voice/calls/{id}", callID), nil, opts)
		if err == nil && c.RecordingURL == "" {
			err = noRecording(op, c)
		}
		return c, err
	}
	c, err := ask(ctx)
	if err != nil {
		cancel()
		return nil, err
	}
	c.ID = callID
	return &download{call: c, File: call.ClientOf(s.core).File(ctx, cancel, &set, call.Foreign{
		Op: op, Field: "recording_url", Noun: "recording", Address: c.RecordingURL,
		Renew: func(ctx context.Context) (string, error) {
			c, err := ask(ctx)
			if err != nil {
				return "", err
			}
			return c.RecordingURL, nil
		},
	})}, nil
}
