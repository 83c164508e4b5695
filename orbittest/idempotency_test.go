package orbittest_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/orbittest"
)

const aKey = "Idempotency-Key"

// RET-1
func TestRepetitionGetsTheFirstAnswer(t *testing.T) {
	s := orbittest.New(t)
	first := sendSMS(t, s, aKey, "order-01")
	again := sendSMS(t, s, aKey, "order-01")
	assert.Equal(t, first.status, again.status)
	assert.Equal(t, first.raw, again.raw)
	assert.NotEqual(t, first.header.Get("X-Request-Id"), again.header.Get("X-Request-Id"), "it is another request")
	require.Len(t, s.Messages(), 1)
	assert.Equal(t, "order-01", s.Messages()[0].IdempotencyKey)

	requests := s.Requests()
	assert.Equal(t, []int{1, 2}, []int{requests[0].Attempt, requests[1].Attempt})
	assert.Equal(t, []bool{false, true}, []bool{requests[0].Replayed, requests[1].Replayed})
	assert.Equal(t, []bool{true, false}, []bool{requests[0].Stored, requests[1].Stored})
}

func TestKeyIsOfOneRequest(t *testing.T) {
	s := orbittest.New(t)
	sendSMS(t, s, aKey, "key-0001")

	for name, a := range map[string]answer{
		"another key":     sendSMS(t, s, aKey, "key-other"),
		"another API key": sendSMS(t, s, aKey, "key-0001", "X-API-Key", "dv_test_sk_other"),
		"another route":   do(t, s, "POST", "/messages/viber", anSMS, aKey, "key-0001"),
	} {
		assert.Less(t, a.status, 300, name)
	}
	assert.Len(t, s.Messages(), 4)

	a := do(t, s, "POST", "/messages/sms", `{"to":"+15005550002","body":"Other"}`, aKey, "key-0001")
	assert.Equal(t, 409, a.status)
	assert.Equal(t, "IDEMPOTENCY_CONFLICT", a.code())

	one, two := s.AddMessage(telegram()), s.AddMessage(telegram())
	assert.Equal(t, 204, do(t, s, "DELETE", "/messages/"+one.ID, "", aKey, "key-del-1").status)
	assert.Equal(t, 204, do(t, s, "DELETE", "/messages/"+one.ID, "", aKey, "key-del-1").status, "not 404")
	assert.Equal(t, 409, do(t, s, "DELETE", "/messages/"+two.ID, "", aKey, "key-del-1").status, "another path")
}

func telegram() orbittest.Message {
	return orbittest.Message{Channel: "telegram", Direction: "outbound", To: []string{"42"}, Body: "Hi"}
}

func TestReadsHaveNoKeys(t *testing.T) {
	s := orbittest.New(t)
	do(t, s, "GET", "/messages", "", aKey, "key-0001")
	sendSMS(t, s)
	assert.Len(t, do(t, s, "GET", "/messages", "", aKey, "key-0001").ids(), 1, "as it is now")
}

func TestRefusalsAreNotRemembered(t *testing.T) {
	s := orbittest.New(t, orbittest.WithLimit("*", 2, time.Hour))
	assert.Equal(t, 422, do(t, s, "POST", "/messages/sms", `{}`, aKey, "key-0001").status)
	s.FailNext("*", orbittest.Unavailable())
	assert.Equal(t, 503, sendSMS(t, s, aKey, "key-0001").status)
	assert.Equal(t, 429, sendSMS(t, s, aKey, "key-0001").status)
	assert.Equal(t, 202, sendSMS(t, orbittest.New(t), aKey, "key-0001").status)
	assert.Empty(t, s.Messages())
}

func TestIdempotencyWindow(t *testing.T) {
	for name, test := range map[string]struct {
		opts   []orbittest.Option
		window time.Duration
	}{
		"default": {nil, 60 * time.Second},
		"longer":  {[]orbittest.Option{orbittest.WithIdempotencyWindow(24 * time.Hour)}, 24 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := orbittest.New(t, test.opts...)
				sendSMS(t, s, aKey, "key-0001")
				time.Sleep(test.window - time.Nanosecond)
				sendSMS(t, s, aKey, "key-0001")
				assert.Len(t, s.Messages(), 1)
				time.Sleep(time.Nanosecond)
				sendSMS(t, s, aKey, "key-0001")
				assert.Len(t, s.Messages(), 2, "forgotten")
				sendSMS(t, s, aKey, "key-0001")
				assert.Len(t, s.Messages(), 2, "remembered anew")
			})
		})
	}
}

func TestIgnoreIdempotencyKeys(t *testing.T) {
	s := orbittest.New(t, orbittest.IgnoreIdempotencyKeys())
	sendSMS(t, s, aKey, "key-0001")
	sendSMS(t, s, aKey, "key-0001")
	assert.Len(t, s.Messages(), 2)
	assert.Equal(t, 2, s.Requests()[1].Attempt, "attempts are counted all the same")
}

// RET-3
func TestRepetitionDuringTheFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := orbittest.New(t)
		s.FailNext("*", orbittest.Slow(10*time.Second))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := s.RoundTrip(newRequest(t, "POST", "/messages/sms", anSMS, aKey, "key-0001").WithContext(ctx))
		require.ErrorIs(t, err, context.DeadlineExceeded)

		a := sendSMS(t, s, aKey, "key-0001")
		assert.Equal(t, 409, a.status, "the first one is still at work")
		assert.Equal(t, "IDEMPOTENCY_CONFLICT", a.code())

		time.Sleep(9 * time.Second)
		a = sendSMS(t, s, aKey, "key-0001")
		assert.Equal(t, 202, a.status)
		require.Len(t, s.Messages(), 1)
		assert.Equal(t, s.Messages()[0].ID, a.id())
	})
}

// RET-1, CON-1
func TestConcurrentRepetitionsStoreOnce(t *testing.T) {
	s := orbittest.New(t)
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			a, err := try(t, s, newRequest(t, "POST", "/messages/sms", anSMS, aKey, "key-0001"))
			assert.NoError(t, err)
			assert.Equal(t, 202, a.status)
		})
	}
	wg.Wait()
	assert.Len(t, s.Messages(), 1)
}
