package orbittest_test

import (
	"net/http"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/orbittest"
)

// TST-3
func TestRequestsShowWhatArrived(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := orbittest.New(t)
		time.Sleep(time.Second)
		a := sendSMS(t, s, aKey, "key-0001", "X-Extra", "1")
		do(t, s, "GET", "/messages/a%2Fb?", "")
		do(t, s, "GET", "/messages?limit=1&channel=sms", "")

		requests := s.Requests()
		require.Len(t, requests, 3)
		assert.Equal(t, orbittest.Request{
			Time:    bubbleStart().Add(time.Second).Local(),
			Account: "account_1",
			Method:  "POST",
			Host:    "api.orbit.devotel.io",
			Route:   "/messages/sms",
			Path:    "/api/v1/messages/sms",
			Header: http.Header{
				"X-Api-Key": {"redacted"}, "Content-Type": {"application/json"}, "Idempotency-Key": {"key-0001"}, "X-Extra": {"1"},
			},
			Body:           []byte(anSMS),
			IdempotencyKey: "key-0001",
			Attempt:        1,
			Status:         202,
			RequestID:      a.header.Get("X-Request-Id"),
			Stored:         true,
		}, requests[0])
		assert.Equal(t, "/api/v1/messages/a%2Fb", requests[1].Path)
		assert.Equal(t, 404, requests[1].Status)
		assert.Equal(t, url.Values{"limit": {"1"}, "channel": {"sms"}}, requests[2].Query)
		assert.False(t, requests[2].Stored, "a read stores nothing")
	})
}

func TestRequestsOfARoute(t *testing.T) {
	s := orbittest.New(t)
	sendSMS(t, s)
	do(t, s, "GET", "/messages", "")
	do(t, s, "GET", "/messages/x", "")
	do(t, s, "GET", "/nothing", "")
	for _, test := range []struct {
		routes []string
		want   int
	}{
		{nil, 4}, {[]string{"*"}, 4}, {[]string{"GET *"}, 3}, {[]string{"GET /messages/{id}"}, 1}, {[]string{"GET /messages/"}, 1},
		{[]string{smsRoute, "GET /messages"}, 2}, {[]string{"GET /nothing"}, 1}, {[]string{"DELETE *"}, 0},
	} {
		assert.Len(t, s.Requests(test.routes...), test.want, "%q", test.routes)
	}
}

func TestAttemptsAreCountedByKeyAndRoute(t *testing.T) {
	s := orbittest.New(t)
	s.FailNext("*", orbittest.ResetBefore(), orbittest.Unavailable())
	for range 2 {
		_, _ = try(t, s, newRequest(t, "POST", "/messages/sms", anSMS, aKey, "key-0001"))
	}
	sendSMS(t, s, aKey, "key-0001")
	sendSMS(t, s, aKey, "key-other")
	do(t, s, "POST", "/messages/viber", anSMS, aKey, "key-0001")
	sendSMS(t, s)
	sendSMS(t, s)

	var attempts []int
	for _, r := range s.Requests() {
		attempts = append(attempts, r.Attempt)
	}
	assert.Equal(t, []int{1, 2, 3, 1, 1, 1, 1}, attempts)
}

// TST-3
func TestUnknownFields(t *testing.T) {
	for name, test := range map[string]struct {
		method, path, body string
		want               []string
	}{
		"none":       {"POST", "/messages/sms", anSMS, nil},
		"metadata":   {"POST", "/messages/sms", `{"to":"+15005550002","body":"x","metadata":{"any":{"thing":1}}}`, nil},
		"a field":    {"POST", "/messages/sms", `{"to":"+15005550002","body":"x","Body":"x","type":"sms"}`, []string{"Body", "type"}},
		"a filter":   {"GET", "/messages?chanel=sms&limit=1", "", []string{"?chanel"}},
		"not a body": {"POST", "/messages/x/retry", `{"force":true}`, []string{"force"}},
		"nested": {"POST", "/messages/rcs",
			`{"to":"+15005550002","rich_card":{"colour":"red","card_content":{"title":"x","sub":1}}}`,
			[]string{"rich_card.card_content.sub", "rich_card.colour"}},
		"in lists": {"POST", "/messages/telegram",
			`{"to":"1","type":"text","text":"x","reply_markup":{"inline_keyboard":[[{"text":"a"},{"text":"b","data":"c"}]]}}`,
			[]string{"reply_markup.inline_keyboard[0][1].data"}},
		"in a refused request": {"POST", "/messages/sms", `{"bdoy":"x"}`, []string{"bdoy"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := orbittest.New(t, orbittest.AllowUnknownFields())
			do(t, s, test.method, test.path, test.body)
			assert.Equal(t, test.want, s.Requests()[0].UnknownFields)
		})
	}
}

func TestUnknownFieldsAreAccepted(t *testing.T) {
	s := orbittest.New(t, orbittest.AllowUnknownFields())
	assert.Equal(t, 202, do(t, s, "POST", "/messages/sms?x=1", `{"to":"+15005550002","body":"x","bdoy":"x"}`).status)
}

func TestKeepRequests(t *testing.T) {
	for _, keep := range []int{0, 1, 3, 100} {
		s := orbittest.New(t, orbittest.KeepRequests(keep))
		var sent []string
		for range 10 {
			sent = append(sent, sendSMS(t, s).header.Get("X-Request-Id"))
			var kept []string
			for _, r := range s.Requests() {
				kept = append(kept, r.RequestID)
			}
			want := sent[max(0, len(sent)-keep):]
			assert.Equal(t, append([]string(nil), want...), kept, "%d", keep)
		}
	}
}

func TestRequestsAreACopy(t *testing.T) {
	s := orbittest.New(t)
	sendSMS(t, s)
	s.Requests()[0].Status = 0
	assert.Equal(t, 202, s.Requests()[0].Status)
}

func TestForgottenAttemptsAreNotCounted(t *testing.T) {
	s := orbittest.New(t, orbittest.KeepRequests(1))
	var attempts []int
	for _, key := range []string{"k", "k", "other", "k"} {
		sendSMS(t, s, aKey, key)
		attempts = append(attempts, s.Requests()[0].Attempt)
	}
	assert.Equal(t, []int{1, 2, 1, 1}, attempts)
}

// TST-3
func TestRequestLog(t *testing.T) {
	for keep, kept := range map[int]int{-1: 3, 0: 0, 1: 1} {
		var s *orbittest.Server
		var seen []orbittest.Request
		s = orbittest.New(t, orbittest.KeepRequests(keep), orbittest.WithRequestLog(func(r orbittest.Request) {
			seen = append(seen, r)
			assert.Len(t, s.Requests(), min(len(seen), kept), "the server can be asked")
		}))
		accepted := sendSMS(t, s, aKey, "key-0001")
		refused := do(t, s, "GET", "/messages/msg_0", "", "X-API-Key", "dv_live_pk_public")
		s.FailNext("*", orbittest.ResetBefore())
		_, err := try(t, s, newRequest(t, "GET", "/nothing", ""))
		require.Error(t, err)
		s.Close()
		_, err = try(t, s, newRequest(t, "GET", "/messages", ""))
		require.ErrorIs(t, err, orbittest.ErrClosed)

		require.Len(t, seen, 3, "all but that to a closed server")
		assert.Equal(t, seen[3-kept:], append([]orbittest.Request{}, s.Requests()...))
		for i, want := range []orbittest.Request{
			{Method: "POST", Route: "/messages/sms", Status: 202, RequestID: accepted.header.Get("X-Request-Id"), Stored: true},
			{Method: "GET", Route: "/messages/{id}", Status: 401, RequestID: refused.header.Get("X-Request-Id")},
			{Method: "GET", Route: "/nothing", RequestID: seen[2].RequestID},
		} {
			got := seen[i]
			assert.Equal(t, 1, got.Attempt)
			assert.Equal(t, want, orbittest.Request{
				Method: got.Method, Route: got.Route, Status: got.Status, RequestID: got.RequestID, Stored: got.Stored,
			})
		}
	}
}
