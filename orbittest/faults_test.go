package orbittest_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/orbittest"
)

const smsRoute = "POST /messages/sms"

// TST-3
func TestFaults(t *testing.T) {
	someError := errors.New("some error")
	for name, test := range map[string]struct {
		fault  orbittest.Fault
		stored int
		err    error
		check  func(*testing.T, answer)
	}{
		"pass": {fault: orbittest.Pass(), stored: 1, check: func(t *testing.T, a answer) {
			assert.Equal(t, 202, a.status)
		}},
		"status": {fault: orbittest.Unavailable(), check: func(t *testing.T, a answer) {
			assert.Equal(t, 503, a.status)
			assert.Equal(t, "SERVICE_UNAVAILABLE", a.code())
			assert.Equal(t, 503., a.at("error.status"))
			assert.Equal(t, a.header.Get("X-Request-Id"), a.at("meta.request_id"))
			assert.Equal(t, "99", a.header.Get("X-RateLimit-Remaining"))
		}},
		"everything said": {
			fault: orbittest.Fault{
				Status: 402, Code: "BALANCE_TOO_LOW", Message: "Top up.", Details: map[string]any{"balance": "0.00"},
				Header: http.Header{"x-extra": {"1"}, "X-RateLimit-Limit": nil},
			},
			check: func(t *testing.T, a answer) {
				assert.Equal(t, 402, a.status)
				assert.Equal(t, map[string]any{
					"code": "BALANCE_TOO_LOW", "message": "Top up.", "status": 402., "details": map[string]any{"balance": "0.00"},
				}, a.at("error"))
				assert.Equal(t, "1", a.header.Get("X-Extra"))
				assert.NotContains(t, a.header, "X-Ratelimit-Limit")
			},
		},
		"rate limited": {fault: orbittest.RateLimited(1500 * time.Millisecond), check: func(t *testing.T, a answer) {
			assert.Equal(t, 429, a.status)
			assert.Equal(t, "RATE_LIMITED", a.code())
			assert.Equal(t, "2", a.header.Get("Retry-After"))
			assert.Equal(t, 2., a.at("error.details.retry_after"))
		}},
		"after": {fault: orbittest.Fault{Status: 500, After: true}, stored: 1, check: func(t *testing.T, a answer) {
			assert.Equal(t, 500, a.status)
			assert.Equal(t, "INTERNAL_ERROR", a.code())
		}},
		"a proxy's page": {fault: orbittest.HTML(502), check: func(t *testing.T, a answer) {
			assert.Equal(t, 502, a.status)
			assert.Equal(t, "text/html", a.header.Get("Content-Type"))
			assert.Empty(t, a.header.Get("X-Request-Id"))
			assert.Empty(t, a.header.Get("X-RateLimit-Limit"))
			assert.Contains(t, a.raw, "<h1>502 Bad Gateway</h1>")
		}},
		"garbage for a success": {fault: orbittest.Fault{Body: "{"}, stored: 1, check: func(t *testing.T, a answer) {
			assert.Equal(t, 202, a.status)
			assert.Equal(t, "{", a.raw)
		}},
		"success without acceptance": {fault: orbittest.Fault{Status: 200, Body: "null"}, check: func(t *testing.T, a answer) {
			assert.Equal(t, 200, a.status)
			assert.Equal(t, "null", a.raw)
		}},
		"an error in a success": {fault: orbittest.Fault{Status: 200, Code: "X"}, check: func(t *testing.T, a answer) {
			assert.Equal(t, 200, a.status)
			assert.Equal(t, "X", a.code())
		}},
		"no body": {fault: orbittest.Fault{NoBody: true}, stored: 1, check: func(t *testing.T, a answer) {
			assert.Equal(t, 202, a.status)
			assert.Empty(t, a.raw)
			assert.Empty(t, a.header.Get("Content-Type"))
		}},
		"redirect": {
			fault: orbittest.Fault{Status: 307, Header: http.Header{"Location": {"https://example.com/"}}},
			check: func(t *testing.T, a answer) {
				assert.Equal(t, 307, a.status)
				assert.Equal(t, "https://example.com/", a.header.Get("Location"))
				assert.Empty(t, a.raw)
			},
		},
		"reset before":      {fault: orbittest.ResetBefore(), err: syscall.ECONNRESET},
		"reset after":       {fault: orbittest.ResetAfter(), stored: 1, err: syscall.ECONNRESET},
		"no connection":     {fault: orbittest.Refused(), err: syscall.ECONNREFUSED},
		"some broken read":  {fault: orbittest.Fault{Reset: true, After: true, Err: someError}, stored: 1, err: someError},
		"truncated":         {fault: orbittest.Truncated(), stored: 1, err: io.ErrUnexpectedEOF},
		"truncated refusal": {fault: orbittest.Fault{Status: 503, Truncate: true}, err: io.ErrUnexpectedEOF},
	} {
		t.Run(name, func(t *testing.T) {
			s := orbittest.New(t)
			s.FailNext(smsRoute, test.fault)
			a, err := try(t, s, newRequest(t, "POST", "/messages/sms", anSMS))
			require.ErrorIs(t, err, test.err)
			if test.check != nil {
				test.check(t, a)
			}
			assert.Len(t, s.Messages(), test.stored)
			assert.Equal(t, test.stored == 1, s.Requests()[0].Stored)
			assert.Equal(t, a.status, s.Requests()[0].Status)

			assert.Equal(t, 202, sendSMS(t, s).status, "one request each")
		})
	}
}

func TestTruncatedPromisesItsWholeLength(t *testing.T) {
	s := orbittest.New(t)
	s.FailNext("*", orbittest.Truncated())
	resp, err := s.RoundTrip(newRequest(t, "POST", "/messages/sms", anSMS))
	require.NoError(t, err)
	body, err := io.ReadAll(resp.Body)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.NoError(t, resp.Body.Close())
	assert.NotEmpty(t, body)
	assert.Less(t, int64(len(body)), resp.ContentLength)
}

func TestBreaksLookAlike(t *testing.T) {
	s := orbittest.New(t)
	s.FailNext("*", orbittest.ResetBefore(), orbittest.ResetAfter())
	_, before := s.RoundTrip(newRequest(t, "POST", "/messages/sms", anSMS))
	_, after := s.RoundTrip(newRequest(t, "POST", "/messages/sms", anSMS))
	assert.Equal(t, before, after)
	var op *net.OpError
	require.ErrorAs(t, before, &op)
	assert.Equal(t, "read", op.Op)
}

// A repetition of what was accepted before the fault gets the true answer.
func TestAcceptedBeforeTheFault(t *testing.T) {
	for name, fault := range map[string]orbittest.Fault{
		"error": {Status: 503, After: true}, "reset": orbittest.ResetAfter(), "truncated": orbittest.Truncated(),
		"garbage": {Body: "<html>"},
	} {
		t.Run(name, func(t *testing.T) {
			s := orbittest.New(t)
			s.FailNext("*", fault, fault)
			for range 2 {
				_, _ = try(t, s, newRequest(t, "POST", "/messages/sms", anSMS, aKey, "key-0001"))
			}
			a := sendSMS(t, s, aKey, "key-0001")
			assert.Equal(t, 202, a.status)
			require.Len(t, s.Messages(), 1)
			assert.Equal(t, s.Messages()[0].ID, a.id())
			assert.Equal(t, 3, s.Requests()[2].Attempt)
		})
	}
}

func TestAfterAnInvalidRequest(t *testing.T) {
	s := orbittest.New(t)
	s.FailNext("*", orbittest.Fault{Status: 500, After: true})
	assert.Equal(t, 500, do(t, s, "POST", "/messages/sms", `{}`).status)
	assert.False(t, s.Requests()[0].Stored)
}

func TestFaultsAreTakenInOrder(t *testing.T) {
	s := orbittest.New(t)
	status := func(n int) orbittest.Fault { return orbittest.Fault{Status: n} }
	s.FailNext(smsRoute, status(501))
	s.FailNext("*", status(502))
	s.FailNext("POST *", status(503))
	s.FailNext(" POST /api/v1/messages/sms/ ", status(504))
	s.FailNext("GET /messages/{id}", status(505))
	s.FailNext("GET /not/there", orbittest.Fault{Status: 200, Body: `{"data":1}`})

	assert.Equal(t, 502, do(t, s, "GET", "/messages", "").status)
	for _, want := range []int{501, 503, 504, 202} {
		assert.Equal(t, want, sendSMS(t, s).status)
	}
	assert.Equal(t, 200, do(t, s, "GET", "/messages", "").status)
	assert.Equal(t, 505, do(t, s, "GET", "/messages/x", "").status)
	assert.Equal(t, `{"data":1}`, do(t, s, "GET", "/not/there", "").raw)
	assert.Equal(t, 404, do(t, s, "GET", "/not/there", "").status)
}

func TestRefusedRequestsLeaveFaults(t *testing.T) {
	s := orbittest.New(t, orbittest.WithLimit("*", 1, time.Hour))
	sendSMS(t, s)
	s.FailNext("*", orbittest.Fault{Status: 503, Body: "{}", Delay: time.Millisecond}, orbittest.Refused())
	assert.Equal(t, "RATE_LIMITED", sendSMS(t, s).code())
	assert.Equal(t, 401, sendSMS(t, s, "X-API-Key", "").status)
	assert.Equal(t, 503, do(t, s, "GET", "/messages", "").status)
	_, err := try(t, s, newRequest(t, "POST", "/messages/sms", anSMS))
	assert.ErrorIs(t, err, syscall.ECONNREFUSED, "it never reached the limit")
}

func TestDelays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := orbittest.New(t, orbittest.WithLatency(time.Millisecond))
		s.FailNext(smsRoute,
			orbittest.Slow(time.Second),
			orbittest.Fault{Reset: true, Delay: 2 * time.Second},
			orbittest.Fault{Status: 503, Delay: time.Second, BodyDelay: 3 * time.Second})
		start := time.Now()
		took := func() time.Duration { defer func() { start = time.Now() }(); return time.Since(start) }

		sendSMS(t, s)
		assert.Equal(t, time.Second+time.Millisecond, took())
		_, err := try(t, s, newRequest(t, "POST", "/messages/sms", anSMS))
		require.Error(t, err)
		assert.Equal(t, 2*time.Second+time.Millisecond, took())
		resp, err := s.RoundTrip(newRequest(t, "POST", "/messages/sms", anSMS))
		require.NoError(t, err)
		assert.Equal(t, time.Second+time.Millisecond, took())
		_, err = io.ReadAll(resp.Body)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		assert.Equal(t, 3*time.Second, took())
		sendSMS(t, s)
		assert.Equal(t, time.Millisecond, took())
	})
}

func TestCodesOfScriptedErrors(t *testing.T) {
	s := orbittest.New(t, orbittest.WithGeneration(orbittest.Older))
	for status, code := range map[int]string{
		400: "VALIDATION_ERROR", 401: "UNAUTHORIZED", 402: "BALANCE_TOO_LOW", 403: "FORBIDDEN", 404: "NOT_FOUND",
		409: "CONFLICT", 422: "VALIDATION_ERROR", 429: "RATE_LIMIT_EXCEEDED", 500: "INTERNAL_ERROR", 503: "SERVICE_UNAVAILABLE",
	} {
		s.FailNext("*", orbittest.Fault{Status: status})
		assert.Equal(t, code, sendSMS(t, s).code())
	}
}

func TestFaultWithoutStatus(t *testing.T) {
	tb := &fakeTB{}
	orbittest.New(tb).FailNext("*", orbittest.Fault{Code: "X"})
	assert.Equal(t, "orbittest: the fault with code X for * needs a Status", tb.fatal)
	assert.PanicsWithValue(t, tb.fatal, func() { orbittest.NewServer().FailNext("*", orbittest.Fault{Code: "X"}) })
}
