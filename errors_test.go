package orbit_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/orbittest"
)

func refusal(status int, code string) *recorder {
	return &recorder{status: status, body: `{"error":{"code":"` + code + `","message":"Recipient +1 (415) 555-2671 of jo@example.com is bad",` +
		`"details":{"field":"to","value":"+14155552671","expected":"E.164","retry_after":0,"limit":100,"window":"60s"}},` +
		`"meta":{"request_id":"req_9","docs_url":"https://docs.orbit.devotel.io/errors/` + code + `"}}`}
}

func getMessage(t *testing.T, transport http.RoundTripper, opts ...orbit.CallOption) error {
	t.Helper()
	_, err := newTestClient(t, transport).Messages.Get(t.Context(), "msg_1", opts...)
	require.Error(t, err)
	return err
}

// ERR-2, ERR-3, ERR-4: one type holds what the API refused; codes and classes
// match; the line for people is complete and harmless.
func TestError(t *testing.T) {
	t.Parallel()
	err := getMessage(t, refusal(422, "INVALID_PHONE_NUMBER"))
	var e *orbit.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, "Messages.Get", e.Op)
	assert.Equal(t, 422, e.StatusCode)
	assert.Equal(t, orbit.CodeInvalidPhoneNumber, e.Code)
	assert.Equal(t, "req_9", e.RequestID)
	assert.Equal(t, "https://docs.orbit.devotel.io/errors/INVALID_PHONE_NUMBER", e.DocsURL)
	assert.Equal(t, orbit.Details{Field: "to", Value: "+14*******71", Expected: "E.164", Limit: 100, Window: "60s"}, e.Details)
	assert.Equal(t, 99, e.RateLimit.Remaining)
	assert.Equal(t, 1, e.Attempts)
	assert.Contains(t, string(e.RawBody()), "+14155552671")
	require.ErrorIs(t, err, orbit.CodeInvalidPhoneNumber)
	require.ErrorIs(t, err, orbit.ErrInvalid)
	require.NotErrorIs(t, err, orbit.CodeInvalidEmail)
	require.NotErrorIs(t, err, orbit.ErrNotFound)
	assert.Equal(t, "orbit: Messages.Get: GET /messages/{id}: 422 INVALID_PHONE_NUMBER: "+
		"Recipient +1 (41*) ***-**71 of [hidden]@example.com is bad (field to, request req_9, 1 attempt)", err.Error())
}

// ERR-3: classes, by status.
func TestClasses(t *testing.T) {
	t.Parallel()
	all := []orbit.Class{
		orbit.ErrUnauthorized, orbit.ErrForbidden, orbit.ErrNotFound, orbit.ErrGone, orbit.ErrInvalid, orbit.ErrConflict,
		orbit.ErrRateLimited, orbit.ErrNoBalance, orbit.ErrServer, orbit.ErrNotSent,
	}
	for status, class := range map[int]orbit.Class{
		400: orbit.ErrInvalid, 401: orbit.ErrUnauthorized, 402: orbit.ErrNoBalance, 403: orbit.ErrForbidden, 404: orbit.ErrNotFound,
		409: orbit.ErrConflict, 410: orbit.ErrGone, 415: orbit.ErrInvalid, 422: orbit.ErrInvalid, 429: orbit.ErrRateLimited,
		500: orbit.ErrServer, 503: orbit.ErrServer, 599: orbit.ErrServer, 418: "", 301: "",
	} {
		err := getMessage(t, &recorder{status: status, body: `{"error":{"code":"SOMETHING_NEW"}}`}, orbit.WithRetry(orbit.RetryNone))
		require.ErrorIs(t, err, orbit.Code("SOMETHING_NEW"))
		for _, c := range all {
			assert.Equal(t, c == class, errors.Is(err, c), "%d %s", status, c)
		}
	}
	// A code stands in for a status that is no error's.
	err := getMessage(t, &recorder{status: 200, body: `{"error":{"code":"RATE_LIMITED","message":"slow down"}}`})
	require.ErrorIs(t, err, orbit.ErrRateLimited)
}

// failing breaks every request.
type failing struct{ err error }

func (f failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.err }

// ERR-3, ERR-6, ERR-7: what each kind of error matches, and what may be done.
func TestKindsOfErrors(t *testing.T) {
	t.Parallel()
	dial := &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
	for name, test := range map[string]struct {
		transport http.RoundTripper
		as        any
		is        []error
		not       []error
		maybeSent bool
		retryable bool
	}{
		"refused":       {refusal(422, "X"), new(*orbit.Error), []error{orbit.ErrInvalid}, []error{orbit.ErrNotSent}, false, false},
		"server":        {refusal(503, "X"), new(*orbit.Error), []error{orbit.ErrServer}, nil, true, true},
		"provider":      {refusal(500, "MESSAGE_SEND_FAILED"), new(*orbit.Error), []error{orbit.ErrServer, orbit.CodeMessageSendFailed}, nil, true, false},
		"limited":       {refusal(429, "RATE_LIMIT_EXCEEDED"), new(*orbit.Error), []error{orbit.ErrRateLimited}, nil, false, true},
		"not connected": {failing{dial}, new(*orbit.TransportError), []error{orbit.ErrNotSent, syscall.ECONNREFUSED}, nil, false, true},
		"broken":        {failing{io.ErrUnexpectedEOF}, new(*orbit.TransportError), []error{io.ErrUnexpectedEOF}, []error{orbit.ErrNotSent}, true, true},
		"HTML":          {&recorder{status: 200, body: "<html>"}, new(*orbit.DecodeError), nil, []error{orbit.ErrNotSent}, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				err := getMessage(t, test.transport)
				require.ErrorAs(t, err, test.as)
				for _, target := range test.is {
					require.ErrorIs(t, err, target)
				}
				for _, target := range test.not {
					require.NotErrorIs(t, err, target)
				}
				wrapped := fmt.Errorf("job 7: %w", err)
				assert.Equal(t, test.maybeSent, orbit.MaybeSent(wrapped))
				assert.Equal(t, test.retryable, orbit.Retryable(wrapped))
			})
		})
	}
	assert.False(t, orbit.MaybeSent(nil) || orbit.Retryable(nil))
	assert.False(t, orbit.MaybeSent(io.EOF) || orbit.Retryable(io.EOF))
}

// ERR-6, RET-8: the end of a call does not hide what came before.
func TestEarlierAttemptsAreNotHidden(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		n := 0
		transport := roundTripFunc(func(req *http.Request) (*http.Response, error) {
			if n++; n == 1 {
				return refusal(503, "SERVICE_UNAVAILABLE").RoundTrip(req)
			}
			<-req.Context().Done()
			return nil, req.Context().Err()
		})
		_, err := newTestClient(t, transport).Messages.SendSMS(ctx, messages.SendSMSParams{To: "+14155552671", Body: "Hello"},
			orbit.WithAttemptTimeout(time.Hour))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.ErrorIs(t, err, orbit.CodeServiceUnavailable)
		var e *orbit.Error
		require.ErrorAs(t, err, &e)
		assert.Equal(t, "req_9", e.RequestID)
		var transportErr *orbit.TransportError
		require.ErrorAs(t, err, &transportErr)
		assert.Equal(t, 2, transportErr.Attempts)
		assert.NotEmpty(t, transportErr.IdempotencyKey)
		assert.True(t, orbit.MaybeSent(err) && orbit.Retryable(err))
		assert.Contains(t, err.Error(), "it may have been accepted")
	})
}

type roundTripFunc func(*http.Request) (*http.Response, error)

func (f roundTripFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// NUM-1: a recipient that cannot be E.164 names field, rule and a corrected form,
// digits masked, and nothing is sent.
func TestParamError(t *testing.T) {
	t.Parallel()
	server := &recorder{status: 202, body: createdMessage}
	client := newTestClient(t, server)
	for to, suggestion := range map[string]string{
		"+1 (415) 555-2671": "+14*******71", "0014155552671": "+14*******71", "14155552671": "+14*******71", "415-555-2671": "", "": "", "Orbit": "",
		"+04155552671": "", "+1415": "", "+1415555267100000": "",
	} {
		_, err := client.Messages.SendSMS(t.Context(), messages.SendSMSParams{To: to, Body: "Hello"})
		var p *orbit.ParamError
		require.ErrorAs(t, err, &p, to)
		assert.Equal(t, "to", p.Field)
		assert.NotEmpty(t, p.Rule)
		assert.Equal(t, suggestion, p.Suggestion, to)
		require.ErrorIs(t, err, orbit.ErrInvalid)
		require.ErrorIs(t, err, orbit.ErrNotSent)
		assert.False(t, orbit.MaybeSent(err) || orbit.Retryable(err))
	}
	assert.Empty(t, server.requests)
}

// FATE-2: one call of many that may have been accepted is enough, wherever in the
// tree its error is.
func TestMaybeSentWalksTheTree(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		param := getMessage(t, &recorder{status: 200}, orbit.WithMaxAttempts(0))
		broken := getMessage(t, failing{io.ErrUnexpectedEOF})
		refused := getMessage(t, refusal(422, "X"))
		for name, test := range map[string]struct {
			err  error
			want bool
		}{
			"param first":    {errors.Join(param, broken), true},
			"param last":     {errors.Join(broken, param), true},
			"deep":           {fmt.Errorf("batch: %w", errors.Join(refused, fmt.Errorf("row 7: %w, %w", param, broken))), true},
			"none of them":   {errors.Join(param, refused, io.EOF), false},
			"hand-made last": {errors.Join(param, &orbit.DecodeError{}), true},
		} {
			assert.Equal(t, test.want, orbit.MaybeSent(test.err), name)
		}
	})
}

// FATE-2: an error is ErrNotSent exactly if no attempt of its call can have
// reached Orbit, a 429 that the client returned by itself included.
func TestNotSentIsExact(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		limited := &recorder{status: 429, body: `{"error":{"code":"RATE_LIMITED","message":"no","details":{"retry_after":60}}}`}
		client := newTestClient(t, limited)
		get := func() error {
			_, err := client.Messages.Get(t.Context(), "msg_1", orbit.WithMaxWait(time.Second))
			return err
		}
		asked := get()
		require.ErrorIs(t, asked, orbit.ErrRateLimited)
		require.NotErrorIs(t, asked, orbit.ErrNotSent)
		local := get()
		require.ErrorIs(t, local, orbit.ErrRateLimited)
		require.ErrorIs(t, local, orbit.ErrNotSent)
		assert.False(t, orbit.MaybeSent(local))
		assert.Len(t, limited.requests, 1)
	})
}

// Each fact stands once in a line, whatever the cause says.
func TestNothingWasSentOnce(t *testing.T) {
	t.Parallel()
	for name, key := range map[string]func(context.Context) (string, error){
		"no key": func(context.Context) (string, error) { return "", nil },
		"a call": func(ctx context.Context) (string, error) {
			client := newTestClient(t, failing{&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}})
			return "", client.Messages.Delete(ctx, "msg_1", orbit.WithRetry(orbit.RetryNone))
		},
	} {
		client, err := orbit.NewClient("", orbit.WithAPIKeyFunc(key))
		require.NoError(t, err)
		_, err = client.Messages.Get(t.Context(), "msg_1")
		require.ErrorIs(t, err, orbit.ErrNotSent)
		assert.Equal(t, 1, strings.Count(err.Error(), "nothing was sent"), "%s: %s", name, err)
	}
}

// Fakes of users can return errors made by hand.
func TestHandMadeErrors(t *testing.T) {
	t.Parallel()
	e := &orbit.Error{Op: "Messages.Get", Method: "GET", Route: "/messages/{id}", StatusCode: 503, Code: orbit.CodeServiceUnavailable, Attempts: 2}
	require.ErrorIs(t, e, orbit.ErrServer)
	assert.True(t, orbit.MaybeSent(e) && orbit.Retryable(e))
	assert.Nil(t, e.RawBody())
	assert.Equal(t, "orbit: Messages.Get: GET /messages/{id}: 503 SERVICE_UNAVAILABLE Service Unavailable (2 attempts)", e.Error())
	for err, maybeSent := range map[error]bool{
		&orbit.ParamError{}: false, &orbit.TransportError{}: true, &orbit.DecodeError{}: true,
		&orbit.CursorError{}: false, &orbit.WaitError{}: false, &orbit.Error{StatusCode: 422}: false,
	} {
		assert.NotEmpty(t, err.Error())
		assert.NotErrorIs(t, err, io.EOF)
		assert.Equal(t, maybeSent, orbit.MaybeSent(err), "%T", err)
	}
}

func TestErrorLogValue(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	slog.New(slog.NewTextHandler(&out, nil)).Info("failed", "err", getMessage(t, refusal(404, "NOT_FOUND")))
	assert.Contains(t, out.String(), "err.status=404 err.code=NOT_FOUND")
	assert.Contains(t, out.String(), "err.request_id=req_9")
}

// TestDoubtIsSaid proves that the text of each error says what MaybeSent reports,
// of writes; a read may be made again in any case.
func TestDoubtIsSaid(t *testing.T) { // ERR-6
	t.Parallel()
	const doubt = "it may have been accepted"
	for _, status := range []int{400, 401, 404, 408, 409, 429, 500, 502, 503, 504, 511} {
		synctest.Test(t, func(t *testing.T) {
			server := orbittest.New(t)
			fault := orbittest.Fault{Status: status}
			server.FailNext("*", fault, fault)
			client := server.Client(orbit.WithDefaults(orbit.WithMaxAttempts(1)))
			_, err := client.Messages.SendSMS(t.Context(), messages.SendSMSParams{To: "+15005550002", Body: "Hello"})
			require.Error(t, err)
			assert.Equal(t, orbit.MaybeSent(err), strings.Contains(err.Error(), doubt), err)
			_, err = client.Messages.Get(t.Context(), "msg_1")
			require.Error(t, err)
			assert.NotContains(t, err.Error(), doubt)
		})
	}
	synctest.Test(t, func(t *testing.T) { // the answer that came last says nothing of the attempt before
		server := orbittest.New(t)
		server.FailNext("POST /messages/sms", orbittest.ResetAfter(), orbittest.Fault{Status: 401})
		_, err := server.Client().Messages.SendSMS(t.Context(), messages.SendSMSParams{To: "+15005550002", Body: "Hello"})
		require.ErrorIs(t, err, orbit.ErrUnauthorized)
		assert.Contains(t, err.Error(), doubt)
	})
}
