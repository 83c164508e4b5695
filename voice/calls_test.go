package voice_test

import (
	"context"
	"iter"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/orbittest"
	"github.com/devotel/orbit-go/voice"
)

// A call to an emergency number says what the API says, without being sent.
func TestEmergencyCalls(t *testing.T) {
	t.Parallel()
	server := orbittest.New(t)
	for _, number := range []string{"911", "+911", "1-911", "0112", "(911)", "999", "000"} {
		_, err := server.Client().Voice.Calls.Create(t.Context(), voice.CreateCallParams{To: number})
		require.ErrorIs(t, err, orbit.CodeEmergencyCallingNotSupported, number)
		require.ErrorIs(t, err, orbit.ErrNotSent, number)
		assert.Contains(t, err.Error(), "emergency")
		assert.NotContains(t, err.Error(), "E.164")
	}
	assert.Empty(t, server.Requests())
	_, err := server.Client(orbit.WithoutChecks()).Voice.Calls.Create(t.Context(), voice.CreateCallParams{To: "911"})
	require.ErrorIs(t, err, orbit.CodeEmergencyCallingNotSupported, "the API itself")
	_, err = server.Client().Voice.Calls.Create(t.Context(), voice.CreateCallParams{To: "+19115551234"})
	require.NoError(t, err, "a number that only begins so")
}

// A call ends, well or badly; each end is a result.
func TestWait(t *testing.T) {
	t.Parallel()
	for to, want := range map[string]voice.CallStatus{
		"+15005550002": voice.CallStatusCompleted, "+15005550003": voice.CallStatusNoAnswer, "+15005550004": voice.CallStatusFailed,
		"+15005550005": voice.CallStatusBusy, "+15005550006": voice.CallStatusVoicemail,
	} {
		t.Run(string(want), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				calls := orbittest.New(t).Client().Voice.Calls
				made, err := calls.Create(t.Context(), voice.CreateCallParams{To: to})
				require.NoError(t, err)
				assert.Equal(t, voice.CallStatusInitiating, made.Status)
				started := time.Now()
				ended, err := calls.Wait(t.Context(), made.ID, voice.WaitParams{})
				require.NoError(t, err)
				assert.Equal(t, want, ended.Status)
				assert.Less(t, time.Since(started), 3*time.Second)
			})
		})
	}
}

func TestWaitIsBounded(t *testing.T) { // CTX-2
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := orbittest.New(t)
		calls := server.Client().Voice.Calls
		id := server.AddCall(orbittest.Call{}).ID
		started := time.Now()
		last, err := calls.Wait(t.Context(), id, voice.WaitParams{Interval: 30 * time.Second})
		var unfinished *orbit.WaitError
		require.ErrorAs(t, err, &unfinished)
		assert.Equal(t, "Voice.Calls.Wait", unfinished.Op)
		assert.Equal(t, "still ringing after 2h0m0s", unfinished.State)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, voice.CallStatusRinging, last.Status, "the last state comes along")
		assert.Equal(t, 2*time.Hour, time.Since(started), "longer than a call lasts by default")
		assert.InDelta(t, 240, len(server.Requests()), 30)
	})
}

// A status that nobody has heard of is no end; a call that does not exist yet is
// waited for.
func TestWaitGoesOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := orbittest.New(t)
		id := server.AddCall(orbittest.Call{Status: "on_hold"}).ID
		missing := orbittest.Fault{Status: http.StatusNotFound}
		server.FailNext("GET /voice/calls/{id}", missing, missing)
		ended := make(chan *voice.Call)
		go func() {
			c, err := server.Client().Voice.Calls.Wait(t.Context(), id, voice.WaitParams{})
			assert.NoError(t, err)
			ended <- c
		}()
		time.Sleep(time.Minute)
		server.SetCallStatus(id, "completed")
		assert.Equal(t, voice.CallStatusCompleted, (<-ended).Status)
	})
}

// PAG-1, PAG-4, PAG-6: each list with a cursor is ranged over, by items and by
// pages, with its filters on every page.
func TestLists(t *testing.T) {
	t.Parallel()
	testList(t, func(s *voice.Service, ctx context.Context) iter.Seq2[voice.Call, error] {
		return s.Calls.All(ctx, voice.ListCallsParams{Limit: 2})
	}, func(s *voice.Service, ctx context.Context) iter.Seq2[*orbit.Page[voice.Call], error] {
		return s.Calls.Pages(ctx, voice.ListCallsParams{Limit: 2})
	}, func(c voice.Call) string { return c.ID })
	testList(t, func(s *voice.Service, ctx context.Context) iter.Seq2[voice.SIPTrunk, error] {
		return s.SIPTrunks.All(ctx, voice.ListSIPTrunksParams{Limit: 2})
	}, func(s *voice.Service, ctx context.Context) iter.Seq2[*orbit.Page[voice.SIPTrunk], error] {
		return s.SIPTrunks.Pages(ctx, voice.ListSIPTrunksParams{Limit: 2})
	}, func(c voice.SIPTrunk) string { return c.ID })
	testList(t, func(s *voice.Service, ctx context.Context) iter.Seq2[voice.SIPCredential, error] {
		return s.SIPCredentials.All(ctx, voice.ListSIPCredentialsParams{Limit: 2})
	}, func(s *voice.Service, ctx context.Context) iter.Seq2[*orbit.Page[voice.SIPCredential], error] {
		return s.SIPCredentials.Pages(ctx, voice.ListSIPCredentialsParams{Limit: 2})
	}, func(c voice.SIPCredential) string { return c.ID })
}

func testList[T any](
	t *testing.T, all func(*voice.Service, context.Context) iter.Seq2[T, error],
	pages func(*voice.Service, context.Context) iter.Seq2[*orbit.Page[T], error], id func(T) string,
) {
	t.Helper()
	for _, second := range []string{
		`{"data":[{"id":"3"}],"meta":{"pagination":{"cursor":"c2","has_more":false}}}`, `{"data":[{"id":"3"}]}`,
	} {
		mock := newMock(t)
		first := `{"data":[{"id":"1"},{"id":"2"}],"meta":{"pagination":{"cursor":"c1","has_more":true}}}`
		mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
			assert.Equal(t, "2", r.URL.Query().Get("limit"))
			if r.URL.Query().Get("cursor") == "c1" {
				return httpmock.NewStringResponse(http.StatusOK, second), nil
			}
			return httpmock.NewStringResponse(http.StatusOK, first), nil
		})
		service := newService(t, mock)
		items, err := orbit.Collect(all(service, t.Context()), 10)
		require.NoError(t, err)
		var found, sizes []string
		for _, item := range items {
			found = append(found, id(item))
		}
		for page, err := range pages(service, t.Context()) {
			require.NoError(t, err)
			sizes = append(sizes, string(rune('0'+len(page.Items))))
		}
		assert.Equal(t, []string{"1", "2", "3"}, found)
		assert.Equal(t, []string{"2", "1"}, sizes)
		assert.Equal(t, 4, mock.GetTotalCallCount())
	}
}
