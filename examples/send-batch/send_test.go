package main

import (
	"context"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/bulk"
	"github.com/devotel/orbit-go/orbittest"
)

// RET-9: a run that is stopped half way and started again sends everything once. What
// was under way is sent again with its key.
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
			assert.GreaterOrEqual(t, first.count(bulk.Sent), n-8, "except for those whose responses were not read yet")
			assert.Positive(t, first.count(bulk.Unclear))
			assert.Equal(t, 28, first.count(bulk.Rejected))

			time.Sleep(time.Second) // the requests that were under way arrive
			b.transport = b.server
			second := b.start(t.Context())
			assert.Zero(t, second.code, second.stderr)
			second.requireInputKept(t, sample)
			b.requireOnceEach(sample)
			for i, r := range first.rows {
				if r.outcome == string(bulk.Sent) {
					assert.Equal(t, r, second.rows[i])
				}
			}
		})
	}
}

// The same, but the first run is not noticed for an hour: what was under way is looked
// for. Where the list cannot say, it is reported, and not sent again.
func TestStoppedAndRunAgainLate(t *testing.T) {
	t.Parallel()
	for _, shown := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, append(shows(shown), orbittest.WithoutLimits(), orbittest.WithLatency(100*time.Millisecond))...)
			ctx, cancel := context.WithCancel(t.Context())
			b.transport = after(60, b.server, cancel)
			first := b.start(ctx)
			unclear := first.count(bulk.Unclear)
			require.Positive(t, unclear)

			time.Sleep(time.Hour)
			b.transport = b.server
			second := b.start(t.Context())
			assert.Zero(t, second.count(""))
			if shown {
				assert.Zero(t, second.code, second.stderr)
				assert.Positive(t, second.count(bulk.Found))
			} else {
				assert.Equal(t, 1, second.code)
				assert.Equal(t, unclear, second.count(bulk.Unclear))
			}
			b.requireOnceEach(sample)
		})
	}
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
		assert.Equal(t, 100, first.count(bulk.Sent))
		assert.Zero(t, first.count(bulk.Unclear), "a refused request is not unclear")

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

// ERR-6: when no attempt gets a response, nobody knows; the row is unclear in this run and
// in every further one, and never sent again in silence.
func TestUnclearRowIsNotSentAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		in := []string{"-in", b.write("in.csv", people), "-text", "Hello {name}", "-concurrency", "1"}
		b.transport = roundTrip(func(r *http.Request) (*http.Response, error) {
			lost := false
			if r.Method == http.MethodPost {
				body, err := r.GetBody()
				require.NoError(t, err)
				data, err := io.ReadAll(body)
				require.NoError(t, err)
				lost = strings.Contains(string(data), "Ada")
			}
			resp, err := b.server.RoundTrip(r)
			if lost {
				_ = resp.Body.Close()
				return nil, io.ErrUnexpectedEOF
			}
			return resp, err
		})
		first := b.start(t.Context(), in...)
		assert.Equal(t, 1, first.code)
		assert.Equal(t, "unclear", first.rows[0].outcome)
		assert.Contains(t, first.rows[0].err, "may have been sent")
		b.requireOnceEach(b.path("in.csv"))

		sends := len(b.server.Requests(sendRoute))
		for _, pause := range []time.Duration{0, time.Hour} {
			time.Sleep(pause)
			second := b.start(t.Context(), in...)
			assert.Equal(t, 1, second.code)
			assert.Equal(t, first.rows, second.rows)
			assert.Len(t, b.server.Requests(sendRoute), sends)
		}
	})
}

// A journal was lost and the text changed. Orbit knows the keys, and says that they belong
// to other requests: the messages may have been sent.
func TestKeyOfAnotherText(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		in := b.write("in.csv", people)
		require.Zero(t, b.start(t.Context(), "-in", in, "-text", "Hello {name}").code)
		require.NoError(t, os.Remove(b.path(journalName)))
		for range 2 {
			o := b.start(t.Context(), "-in", in, "-text", "Good morning {name}")
			assert.Equal(t, 1, o.code)
			assert.Equal(t, 3, o.count(bulk.Unclear))
			b.requireOnceEach(in)
			time.Sleep(time.Hour)
		}
	})
}

// With the journal, another text is for nobody who got the first one.
func TestAnotherText(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		in := b.write("in.csv", people)
		require.Zero(t, b.start(t.Context(), "-in", in, "-text", "Hello {name}").code)
		o := b.start(t.Context(), "-in", in, "-text", "Good morning {name}")
		assert.Equal(t, 3, o.count(bulk.Rejected))
		assert.Equal(t, string(bulk.ErrOtherParams), o.rows[0].err)
		b.requireOnceEach(in)
	})
}

// Within the window in which Orbit remembers the key, a row that was under way is sent
// again at once. Behind it nothing is sent before somebody has looked for it.
func TestOldIntent(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		age    time.Duration
		others bool // somebody else sends, and the list shows no keys
		looks  bool
		want   bulk.Outcome
	}{
		"just now":          {age: 0, want: bulk.Sent},
		"in the window":     {age: protection - time.Second, want: bulk.Sent},
		"end of the window": {age: protection, looks: true, want: bulk.Sent},
		"behind the window": {age: time.Minute, looks: true, want: bulk.Sent},
		"nobody can say":    {age: time.Minute, others: true, looks: true, want: bulk.Unclear},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, shows(!test.others)...)
				in := []string{"-in", b.write("in.csv", people), "-text", "Hello {name}", "-concurrency", "1"}
				b.startUntilDead(b.diesAt(1, false), in...)
				if test.others {
					b.sendSomethingElse()
				}
				time.Sleep(test.age)
				o := b.start(t.Context(), in...)
				assert.Equal(t, string(test.want), o.rows[0].outcome)
				assert.Equal(t, test.looks, len(b.server.Requests("GET /messages")) > 0)
				requireHonest(t, b, o)
				if test.want == bulk.Unclear {
					assert.Equal(t, string(bulk.ErrUnclear), o.rows[0].err)
					assert.Zero(t, b.stored()["+14155550100"])
				}
			})
		})
	}
}

// protection is for how long after the intent the key surely protects.
const protection = 55 * time.Second

// Sends that follow an interrupted one end with its window, whatever the server asks for.
// Nothing is sent behind it before somebody has looked.
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
				in := []string{"-in", b.write("in.csv", "name,phone\nAda,+14155550100\n"), "-text", "Hello {name}"}
				intended := time.Now()
				b.startUntilDead(b.diesAt(1, true), in...)
				time.Sleep(40 * time.Second)
				for range 60 {
					b.server.FailNext(sendRoute, fault)
				}
				for range 3 { // and further runs
					o := b.start(t.Context(), in...)
					assert.Equal(t, 1, o.code)
					assert.Equal(t, "unclear", o.rows[0].outcome)
					time.Sleep(time.Minute)
				}
				for _, r := range b.server.Requests(sendRoute) {
					assert.Less(t, r.Time.Sub(intended), protection)
				}
				b.requireOnceEach(b.path("in.csv"))
			})
		})
	}
}

// A send that follows an interrupted one does not begin a new window: the first may be
// older.
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
		require.Equal(t, 1, stopped().count(bulk.Unclear))
		time.Sleep(30 * time.Second)
		require.Equal(t, 1, stopped().count(bulk.Unclear))
		require.Len(t, b.server.Requests(sendRoute), 2)

		time.Sleep(30 * time.Second)
		require.Equal(t, 1, b.start(t.Context(), args...).count(bulk.Unclear))
		assert.Len(t, b.server.Requests(sendRoute), 2)
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
		assert.Equal(t, "rejected", first.rows[0].outcome)
		assert.Contains(t, first.rows[0].err, "422 INVALID_PHONE_NUMBER")
		assert.NotContains(t, first.rows[0].err, "4155550100")
		assert.Equal(t, 2, first.count(bulk.Sent))

		requests := len(b.server.Requests())
		second := b.start(t.Context(), in...)
		assert.Zero(t, second.code)
		assert.Equal(t, first.rows, second.rows)
		assert.Len(t, b.server.Requests(), requests)
	})
}

// What would meet every row is held against none: the job stops, and the next run sends
// them.
func TestNotTheRowsFault(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]orbittest.Fault{
		"not permitted":   {Status: http.StatusForbidden},
		"told to go away": orbittest.RateLimited(time.Hour),
		"redirected":      {Status: http.StatusFound, Header: http.Header{"Location": {"https://elsewhere.test/"}}},
		"no balance":      {Status: http.StatusPaymentRequired},
		"key not valid":   {Status: http.StatusUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t)
				in := []string{"-in", b.write("in.csv", people), "-text", "Hello {name}", "-concurrency", "1"}
				b.server.FailNext(sendRoute, fault)
				first := b.start(t.Context(), in...)
				assert.Equal(t, 1, first.code)
				assert.Empty(t, first.rows[0].outcome)
				assert.Zero(t, first.count(bulk.Rejected))
				assert.Contains(t, first.stderr, "send-batch: bulk: the job is paused: orbit: Messages.SendSMS")

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
		assert.NotContains(t, first.stderr+first.stdout+b.read("results.csv")+b.journal(), "canary")
		assert.LessOrEqual(t, len(b.server.Requests()), 4)
		assert.Equal(t, 172, first.count(""))

		b.apiKey = orbittest.DefaultAPIKey
		second := b.start(t.Context())
		assert.Zero(t, second.code, second.stderr)
		b.requireOnceEach(sample)
	})
}
