package main

import (
	"context"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/orbittest"
)

// RET-9: a run that is stopped half way and started again sends everything once.
// What was under way is repeated with its key.
func TestStoppedAndRunAgain(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 60, 120, 171} {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, orbittest.WithoutLimits(), orbittest.WithLatency(100*time.Millisecond))
			ctx, cancel := context.WithCancel(t.Context())
			b.transport = after(n, b.server, cancel)
			first := b.start(ctx)
			assert.Equal(t, 1, first.code)
			assert.Contains(t, first.stderr, "send-batch: ")
			first.requireInputKept(t, sample)
			assert.GreaterOrEqual(t, first.count(statusSent), n-8, "but for those whose answers were not read yet")
			assert.Positive(t, first.count(statusUnclear))
			assert.Equal(t, 28, first.count(statusFailed))

			time.Sleep(time.Second) // the requests that were under way come to their end
			b.transport = b.server
			second := b.start(t.Context())
			assert.Zero(t, second.code, second.stderr)
			second.requireInputKept(t, sample)
			b.requireOnceEach(sample)
			for i, r := range first.rows {
				if r.status == string(statusSent) {
					assert.Equal(t, r, second.rows[i])
				}
			}
		})
	}
}

// The same, but the first run is not noticed for an hour: what was under way may
// have been sent, is reported, and not sent again.
func TestStoppedAndRunAgainLate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, orbittest.WithoutLimits(), orbittest.WithLatency(100*time.Millisecond))
		ctx, cancel := context.WithCancel(t.Context())
		b.transport = after(60, b.server, cancel)
		first := b.start(ctx)
		unclear := first.count(statusUnclear)
		require.Positive(t, unclear)

		time.Sleep(time.Hour)
		b.transport = b.server
		second := b.start(t.Context())
		assert.Equal(t, 1, second.code)
		assert.Equal(t, unclear, second.count(statusUnclear))
		assert.Zero(t, second.count(statusNotSent))
		b.requireOnceEach(sample)
	})
}

// An interrupt ends the program at once, also while it waits for a limit.
func TestStoppedInAWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		started := time.Now()
		first := b.start(ctx)
		assert.Equal(t, 1, first.code)
		assert.LessOrEqual(t, time.Since(started), 5*time.Second)
		assert.Equal(t, 100, first.count(statusSent))
		assert.Zero(t, first.count(statusUnclear), "a refused request is not unclear")

		second := b.start(t.Context())
		assert.Zero(t, second.code, second.stderr)
		b.requireOnceEach(sample)
	})
}

// RET-9: the connection breaks after Orbit accepted the message. The SDK repeats
// it with its key.
func TestBrokenAnswerIsRepeated(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, orbittest.WithoutLimits())
		b.server.FailNext(sendRoute, orbittest.ResetAfter(), orbittest.Pass(), orbittest.Truncated(), orbittest.Unavailable(), orbittest.ResetBefore())
		o := b.start(t.Context())
		assert.Zero(t, o.code, o.stderr)
		b.requireOnceEach(sample)
	})
}

// ERR-6: when no repeat gets an answer, nobody knows; the row is unclear in this
// run and in every further one, until it is asked for.
func TestUnclearAnswerIsNotSentAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		in := []string{"-in", b.write("in.csv", people), "-text", "Hello {name}", "-concurrency", "1"}
		b.server.FailNext(sendRoute, orbittest.ResetAfter(), orbittest.ResetAfter(), orbittest.ResetAfter())
		first := b.start(t.Context(), in...)
		assert.Equal(t, 1, first.code)
		assert.Equal(t, "unclear", first.rows[0].status)
		assert.Contains(t, first.rows[0].err, "it may have been accepted")
		b.requireOnceEach(b.path("in.csv"))

		requests := len(b.server.Requests())
		for _, pause := range []time.Duration{0, time.Hour} {
			time.Sleep(pause)
			second := b.start(t.Context(), in...)
			assert.Equal(t, 1, second.code)
			assert.Equal(t, first.rows, second.rows)
			assert.Len(t, b.server.Requests(), requests)
		}

		third := b.start(t.Context(), append(in, "-resend-unclear")...)
		assert.Zero(t, third.code, third.stderr)
		assert.Equal(t, map[string]int{"+14155550100": 2, "+447700900101": 1, "+14155550102": 1}, b.stored(), "as the flag says")
		assert.Contains(t, third.stdout, "3 sent (2 in earlier runs)")
	})
}

// A journal was lost and the text changed. Orbit knows the keys, and says that
// they belong to other requests: the messages may have been sent.
func TestKeyOfAnotherText(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		in := b.write("in.csv", people)
		require.Zero(t, b.start(t.Context(), "-in", in, "-text", "Hello {name}").code)
		require.NoError(t, os.Remove(b.path("journal")))
		for range 2 {
			o := b.start(t.Context(), "-in", in, "-text", "Good morning {name}")
			assert.Equal(t, 1, o.code)
			assert.Equal(t, 3, o.count(statusUnclear))
			b.requireOnceEach(in)
			time.Sleep(time.Hour)
		}
	})
}

// Within the window in which Orbit remembers the key, an intent without a result
// is sent again; it is not behind it, nor when the clock has been set back.
func TestOldIntent(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		age    time.Duration
		args   []string
		status status
	}{
		"just now":            {age: 0, status: statusSent},
		"in the window":       {age: protection - time.Second, status: statusSent},
		"end of the window":   {age: protection, status: statusUnclear},
		"behind the window":   {age: time.Minute, status: statusUnclear},
		"from the future":     {age: -time.Second, status: statusUnclear},
		"behind it, but sure": {age: time.Minute, args: []string{"-resend-unclear"}, status: statusSent},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t)
				b.write("journal", intent("+14155550100", time.Now().Add(-test.age)))
				o := b.start(t.Context(), append(test.args, "-in", b.write("in.csv", people), "-text", "Hello {name}")...)
				assert.Equal(t, string(test.status), o.rows[0].status)
				assert.Equal(t, 2, o.count(statusSent)-b.stored()["+14155550100"])
				if test.status == statusUnclear {
					assert.Equal(t, 1, o.code)
					assert.Equal(t, "an earlier run ended while it was being sent", o.rows[0].err)
					assert.Zero(t, b.stored()["+14155550100"])
				}
			})
		})
	}
}

// A repeat makes no request behind the window, whatever the server asks for, and
// leaves the journal as it was.
func TestRepeatEndsWithItsProtection(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]orbittest.Fault{
		"told to wait for longer": orbittest.RateLimited(30 * time.Second),
		"no answer":               orbittest.Slow(time.Hour),
		"no connection":           orbittest.Refused(),
		"key in use":              {Status: http.StatusConflict},
		"key not valid":           {Status: http.StatusUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, orbittest.AllowUnusedFaults())
				b.server.FailNext(sendRoute, fault, fault, fault)
				before := intent("+14155550100", time.Now().Add(-40*time.Second))
				b.write("journal", before)
				in := b.write("in.csv", "name,phone\nAda,+14155550100\n")
				started := time.Now()
				o := b.start(t.Context(), "-in", in, "-text", "Hello {name}")
				assert.Equal(t, 1, o.code)
				assert.Equal(t, "unclear", o.rows[0].status)
				assert.Equal(t, before, b.read("journal"))
				assert.LessOrEqual(t, time.Since(started), protection-40*time.Second)
			})
		})
	}
}

// A repeat does not begin a new window: the send before it may be older.
func TestRepeatDoesNotRenewItsProtection(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		args := []string{"-in", b.write("in.csv", "name,phone\nAda,+14155550100\n"), "-text", "Hello {name}"}
		stopped := func() outcome { // in the middle of the request
			b.server.FailNext(sendRoute, orbittest.Slow(5*time.Second))
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			return b.start(ctx, args...)
		}
		require.Equal(t, 1, stopped().count(statusUnclear))
		time.Sleep(30 * time.Second)
		require.Equal(t, 1, stopped().count(statusUnclear))
		require.Len(t, b.server.Requests(), 2)

		time.Sleep(30 * time.Second)
		require.Equal(t, 1, b.start(t.Context(), args...).count(statusUnclear))
		assert.Len(t, b.server.Requests(), 2)
		assert.Len(t, b.server.Messages(), 1)
	})
}

// What Orbit refuses because of the row has failed for good and stops nothing.
func TestRefusedRow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		in := []string{"-in", b.write("in.csv", people), "-text", "Hello {name}", "-concurrency", "1"}
		b.server.FailNext(sendRoute, orbittest.Fault{Status: 422, Code: orbit.CodeInvalidPhoneNumber, Message: "+14155550100 is not in use."})
		first := b.start(t.Context(), in...)
		assert.Zero(t, first.code)
		assert.Equal(t, "failed", first.rows[0].status)
		assert.Contains(t, first.rows[0].err, "422 INVALID_PHONE_NUMBER")
		assert.NotContains(t, first.rows[0].err, "4155550100")
		assert.NotEmpty(t, first.rows[0].request)
		assert.Equal(t, 2, first.count(statusSent))

		requests := len(b.server.Requests())
		second := b.start(t.Context(), in...)
		assert.Zero(t, second.code)
		assert.Equal(t, first.rows, second.rows)
		assert.Len(t, b.server.Requests(), requests)
	})
}

// What has nothing to do with the row is not held against it: the next run sends
// it.
func TestNotTheRowsFault(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault orbittest.Fault
		sent  int  // of the other two rows
		stops bool // the job
	}{
		"not permitted":   {orbittest.Fault{Status: http.StatusForbidden}, 2, false},
		"told to go away": {orbittest.RateLimited(time.Hour), 0, false}, // so are the others, without a request
		"redirected":      {orbittest.Fault{Status: http.StatusFound, Header: http.Header{"Location": {"https://elsewhere.test/"}}}, 2, false},
		"no balance":      {orbittest.Fault{Status: http.StatusPaymentRequired}, 0, true},
		"key not valid":   {orbittest.Fault{Status: http.StatusUnauthorized}, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t)
				in := []string{"-in", b.write("in.csv", people), "-text", "Hello {name}", "-concurrency", "1"}
				b.server.FailNext(sendRoute, test.fault)
				first := b.start(t.Context(), in...)
				assert.Equal(t, 1, first.code)
				assert.Equal(t, "not_sent", first.rows[0].status)
				assert.Equal(t, test.sent, first.count(statusSent))
				assert.Equal(t, test.stops, strings.Contains(first.stderr, "send-batch: orbit: Messages.SendSMS"), "only what ends the job is printed")

				time.Sleep(time.Hour)
				second := b.start(t.Context(), in...)
				assert.Zero(t, second.code, second.stderr)
				b.requireOnceEach(b.path("in.csv"))
			})
		})
	}
}

// A key that is not valid is not tried with every row.
func TestWrongKeyStopsTheJob(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, orbittest.WithoutLimits(), orbittest.WithAPIKeys(orbittest.DefaultAPIKey))
		b.apiKey = "dv_test_sk_canary"
		first := b.start(t.Context(), "-concurrency", "4")
		assert.Equal(t, 1, first.code)
		assert.Contains(t, first.stderr, "INVALID_API_KEY")
		assert.NotContains(t, first.stderr+first.stdout+b.read("results.csv")+b.read("journal"), "canary")
		assert.LessOrEqual(t, len(b.server.Requests()), 4)
		assert.Equal(t, 172, first.count(statusNotSent))

		b.apiKey = orbittest.DefaultAPIKey
		second := b.start(t.Context())
		assert.Zero(t, second.code, second.stderr)
		b.requireOnceEach(sample)
	})
}
