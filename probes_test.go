package orbit_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/orbittest"
)

// sms is what the probes send.
func sms() messages.SendSMSParams {
	return messages.SendSMSParams{To: "+15005550002", Body: "Hello"}
}

// The eleven hostile probes that SDKs were put through: what each of them must
// do is the name of its test.
func TestHostileProbes(t *testing.T) {
	t.Parallel()
	probe := func(name string, f func(t *testing.T, s *orbittest.Server, c *orbit.Client)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := orbittest.New(t)
				f(t, s, s.Client())
			})
		})
	}
	const send, get = "POST /messages/sms", "GET /messages/{id}"

	t.Run("1 a redirect to another host takes no key there", func(t *testing.T) {
		t.Parallel()
		var reached atomic.Int32
		evil := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
		defer evil.Close()
		s := orbittest.New(t)
		server := httptest.NewServer(s)
		defer server.Close()
		s.FailNext(send, orbittest.Fault{Status: 307, Header: http.Header{"Location": {evil.URL}}})
		c, err := orbit.NewClient(testKey, orbit.WithBaseURL(server.URL+"/api/v1"))
		require.NoError(t, err)
		defer c.CloseIdleConnections()
		_, err = c.Messages.SendSMS(t.Context(), sms())
		var e *orbit.Error
		require.ErrorAs(t, err, &e)
		assert.Equal(t, 307, e.StatusCode)
		assert.Contains(t, err.Error(), "not followed")
		assert.Zero(t, reached.Load())
		assert.Empty(t, s.Messages())
	})
	probe("2 an ID with slashes and a query stays in its place", func(t *testing.T, s *orbittest.Server, c *orbit.Client) {
		_, err := c.Messages.Get(t.Context(), "../admin?x=1")
		require.ErrorIs(t, err, orbit.ErrNotFound)
		assert.Equal(t, get, s.Requests()[0].Method+" "+s.Requests()[0].Route)
		assert.Empty(t, s.Requests()[0].Query)
	})
	probe("3 two dots are no ID", func(t *testing.T, s *orbittest.Server, c *orbit.Client) {
		_, err := c.Messages.Get(t.Context(), "..")
		require.ErrorIs(t, err, orbit.ErrNotSent)
		assert.Empty(t, s.Requests())
	})
	probe("4 nothing is no ID", func(t *testing.T, s *orbittest.Server, c *orbit.Client) {
		require.ErrorIs(t, c.Messages.Delete(t.Context(), ""), orbit.ErrNotSent)
		assert.Empty(t, s.Requests())
	})
	probe("5 a 503 on POST is repeated under one key", func(t *testing.T, s *orbittest.Server, c *orbit.Client) {
		s.FailNext(send, orbittest.Fault{Status: 503, After: true}, orbittest.Fault{Status: 503, After: true})
		msg, err := c.Messages.SendSMS(t.Context(), sms())
		require.NoError(t, err)
		assert.Equal(t, 3, msg.Info.Attempts)
		require.Len(t, s.Messages(), 1)
		for _, r := range s.Requests() {
			assert.Equal(t, msg.Info.IdempotencyKey, r.IdempotencyKey)
		}
	})
	probe("6 a 429 that names its reset is waited for", func(t *testing.T, s *orbittest.Server, c *orbit.Client) {
		s.FailNext(send, orbittest.Fault{Status: 429, Header: http.Header{
			"Retry-After": nil, "X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Reset": {"946684803"}, // 3 s into the bubble
		}})
		started := time.Now()
		_, err := c.Messages.SendSMS(t.Context(), sms())
		require.NoError(t, err)
		assert.GreaterOrEqual(t, time.Since(started), 3*time.Second)
		assert.Less(t, time.Since(started), 5*time.Second)
		assert.Len(t, s.Requests(), 2)
	})
	probe("7 a cancel ends the back-off at once", func(t *testing.T, s *orbittest.Server, c *orbit.Client) {
		s.FailNext(send, orbittest.Fault{Status: 503, Header: http.Header{"Retry-After": {"20"}}})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(5*time.Second, cancel)
		started := time.Now()
		_, err := c.Messages.SendSMS(ctx, sms())
		assert.Equal(t, 5*time.Second, time.Since(started))
		require.ErrorIs(t, err, context.Canceled)
		require.ErrorIs(t, err, orbit.ErrServer, "the last answer is not lost")
		assert.True(t, orbit.MaybeSent(err))
	})
	probe("8 a 400 in HTML is an error with its status", func(t *testing.T, s *orbittest.Server, c *orbit.Client) {
		s.FailNext(send, orbittest.HTML(400))
		_, err := c.Messages.SendSMS(t.Context(), sms())
		var e *orbit.Error
		require.ErrorAs(t, err, &e)
		assert.Equal(t, 400, e.StatusCode)
		assert.Equal(t, 1, e.Attempts)
		assert.NotContains(t, err.Error(), "<")
		assert.Contains(t, string(e.RawBody()), "<html>")
	})
	probe("9 a 400 without a body is an error", func(t *testing.T, s *orbittest.Server, c *orbit.Client) {
		s.FailNext(send, orbittest.Fault{Status: 400, NoBody: true})
		_, err := c.Messages.SendSMS(t.Context(), sms())
		require.ErrorIs(t, err, orbit.ErrInvalid)
		assert.False(t, orbit.MaybeSent(err))
	})
	probe("10 a 204 is fine where no body is needed, and no message where one is", func(t *testing.T, s *orbittest.Server, c *orbit.Client) {
		empty := orbittest.Fault{Status: 204, NoBody: true}
		s.FailNext("*", empty, empty, empty)
		require.NoError(t, c.Messages.Delete(t.Context(), "msg_1"))
		edited, err := c.Messages.Edit(t.Context(), "msg_1", messages.EditParams{Text: "Hi"})
		require.NoError(t, err)
		assert.Equal(t, 204, edited.Info.StatusCode)
		_, err = c.Messages.SendSMS(t.Context(), sms())
		var decode *orbit.DecodeError
		require.ErrorAs(t, err, &decode)
		assert.True(t, orbit.MaybeSent(err))
		assert.Contains(t, err.Error(), "empty")
	})
	probe("11 a secret that the server echoes is not printed", func(t *testing.T, s *orbittest.Server, c *orbit.Client) {
		s.FailNext("POST /verify/check", orbittest.Fault{Status: 422, Message: "code 918273 of " + orbittest.DefaultAPIKey + " is wrong"})
		err := c.Call(t.Context(), "POST", "/verify/check", map[string]string{"verification_id": "vrf_1", "code": "918273"}, nil)
		require.ErrorIs(t, err, orbit.ErrInvalid)
		assert.NotContains(t, err.Error(), "918273")
		assert.NotContains(t, err.Error(), orbittest.DefaultAPIKey)
	})
}

// CON-1: one client serves 200 goroutines, each answer belongs to its request,
// and each message is stored once.
func TestManyGoroutinesShareAClient(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := orbittest.New(t, orbittest.WithoutLimits())
		for i := range 60 { // every fault that a repeat cures
			s.FailNext("POST /messages/sms", []orbittest.Fault{
				orbittest.Unavailable(), orbittest.ResetAfter(), orbittest.Refused(), orbittest.Truncated(), orbittest.Pass(),
			}[i%5])
		}
		c := s.Client(orbit.WithDefaults(orbit.WithMaxAttempts(10)))
		var wg sync.WaitGroup
		for i := range 200 {
			wg.Go(func() {
				meta := orbit.Metadata{"i": i}
				sent, err := c.Messages.SendSMS(t.Context(), messages.SendSMSParams{To: "+15005550002", Body: "Hello", Metadata: meta})
				if !assert.NoError(t, err) {
					return
				}
				got, err := c.Messages.Wait(t.Context(), sent.ID, messages.WaitParams{})
				if assert.NoError(t, err) {
					assert.Equal(t, sent.ID, got.ID)
					assert.Equal(t, messages.StatusDelivered, got.Status)
					assert.EqualValues(t, i, mustInt(t, got.Metadata["i"]))
				}
			})
		}
		wg.Wait()
		assert.Len(t, s.Messages(), 200)
	})
}

func mustInt(t *testing.T, v any) int64 {
	t.Helper()
	n, ok := v.(interface{ Int64() (int64, error) })
	if !assert.True(t, ok, "%T", v) {
		return 0
	}
	i, err := n.Int64()
	assert.NoError(t, err)
	return i
}

// CON-2: clients do not affect each other.
func TestClientsAreApart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		first, second := orbittest.New(t, orbittest.WithLimit("POST /messages/sms", 1, time.Minute)), orbittest.New(t)
		a, b := first.Client(), second.ClientWithKey("dv_live_sk_second")
		_, err := a.Messages.SendSMS(t.Context(), sms())
		require.NoError(t, err)
		started := time.Now()
		for range 10 {
			_, err = b.Messages.SendSMS(t.Context(), sms())
			require.NoError(t, err)
		}
		assert.Zero(t, time.Since(started))
		assert.Len(t, first.Messages(), 1)
		assert.Len(t, second.Messages(), 10)
	})
}
