package orbittest_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/orbittest"
)

const hookSecret = "whsec_8Zk1vN0rT5yQ2xLw"

// A receiver takes deliveries as the contract says, by hand.
type receiver struct {
	status int // answered to what is genuine; 0: 200
	slow   time.Duration
	times  []time.Time
	events []map[string]any
	last   *http.Request
	raw    string
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	r.times, r.last, r.raw = append(r.times, time.Now()), req, string(body)
	time.Sleep(r.slow)
	if !genuine(req.Header.Get("X-Devotel-Signature"), r.raw) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	var event map[string]any
	_ = json.Unmarshal(body, &event)
	r.events = append(r.events, event)
	if r.status != 0 {
		w.WriteHeader(r.status)
	}
}

// genuine verifies a signature of the last five minutes.
func genuine(header, body string) bool {
	parts := strings.Split(header, ",")
	t := strings.TrimPrefix(parts[0], "t=")
	unix, err := strconv.ParseInt(t, 10, 64)
	if err != nil || time.Since(time.Unix(unix, 0)).Abs() > 5*time.Minute {
		return false
	}
	mac := hmac.New(sha256.New, []byte(hookSecret))
	mac.Write([]byte(t + "." + body))
	want := "v1=" + hex.EncodeToString(mac.Sum(nil))
	for _, part := range parts[1:] {
		if part == want {
			return true
		}
	}
	return false
}

// types are the types of what arrived, without their common prefix.
func (r *receiver) types() string {
	var all []string
	for _, e := range r.events {
		all = append(all, strings.TrimPrefix(e["type"].(string), "message."))
	}
	return strings.Join(all, " ")
}

// deliver makes the deliveries that are due.
func deliver(t testing.TB, s *orbittest.Server) []orbittest.Delivery {
	t.Helper()
	made, err := s.DeliverEvents(t.Context())
	require.NoError(t, err)
	return made
}

// statuses are how deliveries were answered.
func statuses(made []orbittest.Delivery) []int {
	var all []int
	for _, d := range made {
		all = append(all, d.Status)
	}
	return all
}

// newReceiver returns a server that delivers to a receiver.
func newReceiver(t testing.TB, opts ...orbittest.Option) (*orbittest.Server, *receiver, string) {
	s, r := orbittest.New(t, opts...), &receiver{}
	return s, r, s.DeliverTo(r, hookSecret)
}

// TST-6
func TestDelivery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, r, hook := newReceiver(t, orbittest.WithFullResponses())
		id := do(t, s, "POST", "/messages/sms", `{"to":"+15005550002","from":"Shop","body":"Hi","metadata":{"n":1}}`).id()
		assert.Empty(t, r.events, "nothing arrives by itself")
		time.Sleep(time.Second)
		made := deliver(t, s)
		assert.Equal(t, "created sent delivered", r.types())
		assert.Equal(t, []int{200, 200, 200}, statuses(made))

		last := made[2]
		assert.Equal(t, `{"id":"`+last.EventID+`","type":"message.delivered","created_at":"2000-01-01T00:00:00.100Z","data":{"message_id":"`+id+
			`","channel":"sms","from":"Shop","to":"+15005550002","body":"Hi","status":"delivered","segments":1,"metadata":{"n":1},"external_id":"ext_`+id+
			`","created_at":"2000-01-01T00:00:00.000Z","delivered_at":"2000-01-01T00:00:00.100Z"}}`, r.raw)
		assert.Equal(t, r.raw, string(last.Body))
		assert.Equal(t, orbittest.Delivery{
			ID: last.ID, WebhookID: hook, EventID: last.EventID, EventType: "message.delivered", Attempt: 1,
			Time: time.Now(), Body: last.Body, Status: 200,
		}, last)
		assert.Equal(t, "POST", r.last.Method)
		assert.Equal(t, "/", r.last.RequestURI)
		assert.NotEmpty(t, r.last.RemoteAddr)
		assert.Equal(t, http.Header{
			"Content-Type": {"application/json; charset=utf-8"}, "User-Agent": {"Devotel-Webhooks/1.0"},
			"X-Devotel-Event-Id": {last.EventID}, "X-Devotel-Event-Type": {"message.delivered"}, "X-Devotel-Delivery-Id": {last.ID},
			"X-Devotel-Signature": r.last.Header["X-Devotel-Signature"],
		}, r.last.Header)

		assert.Empty(t, deliver(t, s), "each event once")
		rows := do(t, s, "GET", "/webhooks/"+hook+"/deliveries", "").at("data").([]any)
		require.Len(t, rows, 3)
		assert.Equal(t, map[string]any{
			"id": last.ID, "event_id": last.EventID, "event_type": "message.delivered", "status_code": 200., "response_time_ms": 0.,
			"attempt": 1., "success": true, "created_at": "2000-01-01T00:00:01.000Z",
		}, rows[0])
	})
}

func TestDeliveryOlder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, r, _ := newReceiver(t, orbittest.WithGeneration(orbittest.Older))
		id := do(t, s, "POST", "/messages/sms", `{"to":"+15005550003","body":"Hi"}`).at("data.message_id").(string)
		time.Sleep(time.Second)
		made := deliver(t, s)
		assert.Equal(t, "created sent undelivered", r.types())
		assert.Equal(t, `{"id":"`+made[2].EventID+`","type":"message.undelivered","created_at":"2000-01-01T00:00:01Z","data":{"message_id":"`+id+
			`","channel":"sms","to":"+15005550003","body":"Hi","status":"undelivered","segments":1,"provider_id":"ext_`+id+
			`","created_at":"2000-01-01T00:00:00Z"}}`, r.raw)
	})
}

// Each attempt is signed anew, and after the seventh Orbit gives up.
func TestRetries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, r, hook := newReceiver(t)
		r.status = 500
		event := s.AddEvent("contact.opted_out", map[string]any{"contact_id": "con_1"})
		for _, wait := range []time.Duration{
			0, time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 8 * time.Hour, 24 * time.Hour,
		} {
			assert.Empty(t, s.DeadLetters())
			if wait > 0 {
				time.Sleep(wait - 1)
				assert.Empty(t, deliver(t, s), "too early")
				time.Sleep(1)
			}
			require.Equal(t, []int{500}, statuses(deliver(t, s)))
		}
		assert.Len(t, r.events, 7, "all were genuine")
		time.Sleep(1000 * time.Hour)
		assert.Empty(t, deliver(t, s))
		dead := s.DeadLetters()
		require.Len(t, dead, 1)
		assert.Equal(t, event, dead[0].EventID)
		assert.Equal(t, 7, dead[0].Attempt)
		assert.False(t, dead[0].Succeeded())
		a := do(t, s, "GET", "/webhooks/"+hook+"/deliveries?limit=1", "")
		assert.Contains(t, a.raw, `"status_code":500,"response_time_ms":0,"attempt":7,"success":false`)
	})
}

func TestRetryEndsWithSuccess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, r, _ := newReceiver(t)
		r.status = 302 // Orbit follows no redirects
		s.AddEvent("a.b", nil)
		first := deliver(t, s)[0]
		r.status = 204
		time.Sleep(time.Hour) // late: the fifth minute has passed as well
		second := deliver(t, s)
		assert.Equal(t, []int{204}, statuses(second))
		assert.Equal(t, 2, second[0].Attempt)
		assert.Equal(t, first.EventID, second[0].EventID)
		assert.NotEqual(t, first.ID, second[0].ID)
		time.Sleep(1000 * time.Hour)
		assert.Empty(t, deliver(t, s))
	})
}

// An answer that takes more than 30 seconds is none.
func TestSlowReceiver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, r, _ := newReceiver(t)
		s.AddEvent("a.b", nil)
		r.slow = 30*time.Second + time.Millisecond
		d := deliver(t, s)[0]
		assert.Equal(t, 0, d.Status)
		assert.Equal(t, r.slow, d.Took)
		require.ErrorIs(t, d.Err, context.DeadlineExceeded)
		r.slow = 30 * time.Second
		time.Sleep(time.Minute)
		assert.True(t, deliver(t, s)[0].Succeeded())
	})
}

// What a handler causes is left to the next call, so that each call ends.
func TestDeliveryCausesEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := orbittest.New(t)
		var seen []string
		s.DeliverTo(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			seen = append(seen, r.Header.Get("X-Devotel-Event-Type"))
			s.AddEvent("again", nil)
		}), hookSecret)
		s.AddEvent("first", nil)
		deliver(t, s)
		deliver(t, s)
		assert.Equal(t, []string{"first", "again"}, seen)
	})
}

func TestDeliveryEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := orbittest.New(t)
		ctx, cancel := context.WithCancel(t.Context())
		served := 0
		s.DeliverTo(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { served++; cancel() }), hookSecret)
		s.AddEvent("a.b", nil)
		s.AddEvent("a.b", nil)
		made, err := s.DeliverEvents(ctx)
		require.ErrorIs(t, err, context.Canceled)
		assert.Len(t, made, 1)
		assert.Len(t, deliver(t, s), 1, "the other one stayed due")
		assert.Equal(t, 2, served)

		s.Close()
		_, err = s.DeliverEvents(t.Context())
		require.ErrorIs(t, err, orbittest.ErrClosed)
	})
}

// roundTrip is a transport made of a function.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestWebhookTransport(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var urls []string
		broken := errors.New("broken")
		s := orbittest.New(t, orbittest.WithWebhookTransport(roundTrip(func(r *http.Request) (*http.Response, error) {
			urls = append(urls, r.URL.String())
			if len(urls) == 1 {
				return nil, broken
			}
			return &http.Response{StatusCode: 202, Body: http.NoBody}, nil
		})))
		registered(t, s, `{"url":"https://shop.example/orbit?x=1","events":["*"]}`)
		sendSMS(t, s)
		d := deliver(t, s)[0]
		require.ErrorIs(t, d.Err, broken)
		assert.Equal(t, 0, d.Status)
		time.Sleep(time.Minute)
		assert.Equal(t, []int{202, 202, 202}, statuses(deliver(t, s)))
		assert.Equal(t, "https://shop.example/orbit?x=1", urls[3])
	})
}

// One trouble each, against a receiver that verifies by hand.
func TestDeliveryFaults(t *testing.T) {
	for name, test := range map[string]struct {
		fault    orbittest.DeliveryFault
		statuses []int
		types    string // of what was taken for genuine
	}{
		"pass":      {orbittest.DeliveryPass, []int{200, 200}, "created sent"},
		"stale":     {orbittest.DeliveryStale, []int{401, 200}, "sent"},
		"tampered":  {orbittest.DeliveryTampered, []int{401, 200}, "sent"},
		"rotated":   {orbittest.DeliveryRotated, []int{200, 200}, "created sent"},
		"twice":     {orbittest.DeliveryTwice, []int{200, 200, 200}, "created created sent"},
		"late":      {orbittest.DeliveryLate, []int{200, 200}, "sent created"},
		"truncated": {orbittest.DeliveryTruncated, []int{200, 200}, "created sent"},
		"oversize":  {orbittest.DeliveryOversize, []int{200, 200}, "created sent"}, // this receiver has no limit
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, r, _ := newReceiver(t)
				sendSMS(t, s)
				time.Sleep(50 * time.Millisecond)
				s.FailDeliveries(test.fault)
				made := deliver(t, s)
				assert.Equal(t, test.statuses, statuses(made))
				assert.Equal(t, test.types, r.types())
				if test.statuses[0] == 401 { // the retry is as it should be
					r.events = nil
					time.Sleep(time.Minute)
					deliver(t, s)
					assert.Contains(t, r.types(), "created")
				}
			})
		})
	}
}

// What the table cannot show of single faults.
func TestDeliveryFaultDetails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, r, _ := newReceiver(t, orbittest.WithFullResponses())
		s.AddEvent("a.b", map[string]any{"id": "x", "message_id": "msg_1", "other": "dropped"})
		s.FailDeliveries(orbittest.DeliveryTruncated)
		made := deliver(t, s)
		assert.Equal(t, `{"id":"`+made[0].EventID+`","type":"a.b","created_at":"2000-01-01T00:00:00.000Z","truncated":true,`+
			`"data":{"_truncated":true,"_original_bytes":49,"id":"x","message_id":"msg_1"}}`, r.raw)

		s.AddEvent("a.b", nil)
		s.FailDeliveries(orbittest.DeliveryRotated)
		deliver(t, s)
		parts := strings.Split(r.last.Header.Get("X-Devotel-Signature"), ",")
		require.Len(t, parts, 3)
		assert.NotEqual(t, parts[1], parts[2])

		s.AddEvent("a.b", nil)
		s.FailDeliveries(orbittest.DeliveryTampered)
		made = deliver(t, s)
		assert.Contains(t, r.raw, `"tampered":true`)
		assert.True(t, json.Valid([]byte(r.raw)))
		assert.NotContains(t, string(made[0].Body), "tampered")

		s.AddEvent("a.b", nil)
		s.FailDeliveries(orbittest.DeliveryOversize)
		deliver(t, s)
		assert.Len(t, r.raw, 1<<20+1)

		time.Sleep(time.Minute) // the retry of the tampered one
		s.FailDeliveries(orbittest.DeliveryTwice)
		r.status = 500
		made = deliver(t, s)
		require.Len(t, made, 2)
		assert.Equal(t, made[0].EventID, made[1].EventID)
		assert.NotEqual(t, made[0].ID, made[1].ID)
		time.Sleep(time.Hour)
		assert.Len(t, deliver(t, s), 1, "the second is not retried by itself")
	})
}

func TestUnusedDeliveryFaults(t *testing.T) {
	tb := &fakeTB{}
	orbittest.New(tb).FailDeliveries(orbittest.DeliveryLate, orbittest.DeliveryLate)
	tb.end()
	assert.Equal(t, []string{"orbittest: faults given to FailDeliveries were not used: 2"}, tb.errors)

	tb = &fakeTB{}
	orbittest.New(tb, orbittest.AllowUnusedFaults()).FailDeliveries(orbittest.DeliveryLate)
	tb.end()
	assert.Empty(t, tb.errors)
}

// EVT-5: data that is too large is cut down by itself.
func TestLargeDataIsTruncated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, r, _ := newReceiver(t)
		text := func(n int) map[string]any { return map[string]any{"t": strings.Repeat("x", n-len(`{"t":""}`))} }
		s.AddEvent("a.b", text(256<<10))
		deliver(t, s)
		assert.NotContains(t, r.raw, "truncated")
		s.AddEvent("a.b", text(256<<10+1))
		deliver(t, s)
		assert.Contains(t, r.raw, `"truncated":true,"data":{"_truncated":true,"_original_bytes":262145}}`)
	})
}
