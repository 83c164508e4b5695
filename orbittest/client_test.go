package orbittest_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/orbittest"
)

// TST-1, TST-2
func TestClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := orbittest.New(t)
		client := s.Client()
		sent, err := client.Messages.SendSMS(t.Context(), messages.SendSMSParams{To: "+15005550002", Body: "Hello"})
		require.NoError(t, err)
		assert.Equal(t, messages.Status("queued"), sent.Status)
		assert.Equal(t, s.Messages()[0].ID, sent.ID)
		assert.Equal(t, s.Requests()[0].RequestID, sent.RequestID())

		time.Sleep(time.Second)
		got, err := client.Messages.Get(t.Context(), sent.ID)
		require.NoError(t, err)
		assert.Equal(t, messages.Status("delivered"), got.Status)
	})
}

func TestClientWithKey(t *testing.T) {
	s := orbittest.New(t)
	_, err := s.ClientWithKey("dv_live_sk_x").Messages.SendWhatsApp(t.Context(), messages.SendWhatsAppParams{
		To: "+14155550100", Type: "text", Text: messages.WhatsAppText{Body: "Hello"},
	})
	require.ErrorIs(t, err, orbit.CodeWhatsAppOutside24hWindow)
}

func TestClientThatCannotBeMade(t *testing.T) {
	tb := &fakeTB{}
	orbittest.New(tb).Client(orbit.WithBaseURL("nowhere"))
	assert.Contains(t, tb.fatal, "the client cannot be made")
}

// TST-3, TST-4, RET-1, RET-2
func TestClientThroughFaults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := orbittest.New(t)
		s.FailNext(smsRoute, orbittest.RateLimited(30*time.Second), orbittest.RateLimited(30*time.Second))
		start := time.Now()
		_, err := s.Client().Messages.SendSMS(t.Context(), messages.SendSMSParams{To: "+15005550002", Body: "Hello"})
		require.NoError(t, err)
		assert.GreaterOrEqual(t, time.Since(start), time.Minute)

		requests := s.Requests(smsRoute)
		require.Len(t, requests, 3)
		for i, r := range requests {
			assert.Equal(t, i+1, r.Attempt)
			assert.Equal(t, requests[0].IdempotencyKey, r.IdempotencyKey)
			assert.Equal(t, requests[0].Body, r.Body)
		}
		assert.Len(t, s.Messages(), 1)
	})
}

// RET-1
func TestClientSendsOnceWhateverBreaks(t *testing.T) {
	for name, fault := range map[string]orbittest.Fault{
		"reset before": orbittest.ResetBefore(), "reset after": orbittest.ResetAfter(), "refused": orbittest.Refused(),
		"truncated": orbittest.Truncated(), "unavailable": orbittest.Unavailable(), "proxy": orbittest.HTML(502),
		"500 after": {Status: 500, After: true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := orbittest.New(t)
				s.FailNext(smsRoute, fault)
				_, err := s.Client().Messages.SendSMS(t.Context(), messages.SendSMSParams{To: "+15005550002", Body: "Hello"})
				require.NoError(t, err)
				assert.Len(t, s.Messages(), 1)
				assert.Len(t, s.Requests(), 2)
			})
		})
	}
}

// PAG-1, PAG-2, PAG-7
func TestClientReadsLists(t *testing.T) {
	for _, g := range []orbittest.Generation{orbittest.Newer, orbittest.Older} {
		s := orbittest.New(t, orbittest.WithGeneration(g))
		fill(s, 45)
		s.FailNext("GET /messages", orbittest.Pass(), orbittest.Fault{Page: orbittest.PageEmpty})
		seen := map[string]bool{}
		for m, err := range s.Client().Messages.All(t.Context(), messages.ListParams{}) {
			require.NoError(t, err)
			seen[m.ID] = true
		}
		assert.Len(t, seen, 45)
	}
	s := orbittest.New(t)
	fill(s, 60)
	s.FailNext("GET /messages", orbittest.Pass(), orbittest.Fault{Page: orbittest.PageRepeatsCursor})
	var last error
	for _, err := range s.Client().Messages.All(t.Context(), messages.ListParams{}) {
		last = err
	}
	var cursor *orbit.CursorError
	require.ErrorAs(t, last, &cursor)
}

func TestNewError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		err := error(orbittest.NewError("Messages.SendSMS", smsRoute, 429, orbit.CodeRateLimited))
		require.ErrorIs(t, err, orbit.CodeRateLimited)
		require.ErrorIs(t, err, orbit.ErrRateLimited)
		var e *orbit.Error
		require.True(t, errors.As(err, &e))
		assert.Equal(t, time.Now().Add(30*time.Second), e.RetryAt)
		assert.Equal(t, []string{"POST", "/messages/sms"}, []string{e.Method, e.Route})
		assert.True(t, orbit.Retryable(err))

		err = orbittest.NewError("Messages.Get", "GET /messages/{id}", 404, orbit.CodeNotFound)
		require.ErrorIs(t, err, orbit.ErrNotFound)
		assert.False(t, orbit.Retryable(err))
	})
}

func TestNewMeta(t *testing.T) {
	m := messages.Message{Meta: orbittest.NewMeta(202)}
	assert.NotEmpty(t, m.RequestID())
	assert.Equal(t, 99, m.RateLimit().Remaining)
	assert.True(t, m.RateLimit().Reset.After(time.Now()))
}
