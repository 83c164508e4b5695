package bulk_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/bulk"
	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/orbittest"
)

func TestOnceSendsOnce(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		first, err := w.once("a", "")
		require.NoError(t, err)
		assert.Equal(t, bulk.Sent, first.Outcome)
		assert.Equal(t, first.Response.ID, first.MessageID)

		again, err := w.once("a", "")
		require.NoError(t, err)
		assert.Equal(t, bulk.Known, again.Outcome)
		assert.Equal(t, first.MessageID, again.MessageID)
		assert.Nil(t, again.Response)

		require.Equal(t, 1, w.sent("a"))
		request := w.server.Requests("POST /messages/sms")[0]
		assert.Regexp(t, `^orbit_[0-9a-f]{32}$`, request.IdempotencyKey)
		assert.JSONEq(t, `{"to":"+15005550002","body":"Hello a","metadata":{"order":"a","orbit_key":"`+request.IdempotencyKey+`"}}`,
			string(request.Body), "the key goes beside the caller's own metadata")
	})
}

// A channel without metadata carries no key in its body.
func TestOnceWithoutMetadata(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		client := w.server.Client()
		res, err := bulk.Once(w.Context(), w.ledger, "a", messages.SendViberParams{To: "+15005550002", Body: "Hello"},
			client.Messages.SendViber, bulk.Options{})
		require.NoError(t, err)
		assert.Equal(t, bulk.Sent, res.Outcome)
		assert.NotContains(t, string(w.server.Requests("POST /messages/viber")[0].Body), "metadata")
	})
}

func TestOnceRefusesOtherParams(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		_, err := w.once("a", "")
		require.NoError(t, err)
		other := sms("a")
		other.Body = "Something else"
		_, err = bulk.Once(w.Context(), w.ledger, "a", other, w.server.Client().Messages.SendSMS, bulk.Options{})
		require.ErrorIs(t, err, bulk.ErrOtherParams)
		assert.Len(t, w.server.Requests("POST /messages/sms"), 1)
	})
}

func TestOnceBadInput(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		send := w.server.Client().Messages.SendSMS
		var invalid *orbit.ParamError
		_, err := bulk.Once(w.Context(), w.ledger, "", sms("a"), send, bulk.Options{})
		require.ErrorAs(t, err, &invalid)
		assert.Equal(t, "key", invalid.Field)
		_, err = bulk.Once(w.Context(), w.ledger, "a", sms("a"), send, bulk.Options{Prefix: "two words"})
		require.ErrorAs(t, err, &invalid)
		assert.Equal(t, "Options.Prefix", invalid.Field)
		_, err = bulk.Once(w.Context(), w.ledger, "a", map[string]any{"f": func() {}},
			func(context.Context, map[string]any, ...orbit.CallOption) (*messages.Message, error) { return nil, nil }, bulk.Options{})
		require.ErrorAs(t, err, &invalid)
		assert.Equal(t, "params", invalid.Field)
		assert.Empty(t, w.server.Requests())
	})
}

func TestOnceRejected(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		w.server.FailNext("POST /messages/sms", orbittest.Fault{Status: http.StatusUnprocessableEntity, Code: orbit.CodeInvalidPhoneNumber})
		res, err := w.once("a", "")
		require.NoError(t, err)
		assert.Equal(t, bulk.Rejected, res.Outcome)
		require.ErrorIs(t, res.Err, orbit.CodeInvalidPhoneNumber)

		res, err = w.once("a", "")
		require.NoError(t, err)
		assert.Equal(t, bulk.Rejected, res.Outcome, "the ledger remembers")
		require.ErrorIs(t, res.Err, orbit.CodeInvalidPhoneNumber)
		require.ErrorIs(t, res.Err, orbit.ErrInvalid)
		assert.Zero(t, w.sent("a"))
	})
}

// What the SDK rejects by itself can be mended in the program: the ledger forgets it.
func TestOnceInvalidParams(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		params := sms("a")
		params.To = "0171"
		send := w.server.Client().Messages.SendSMS
		res, err := bulk.Once(w.Context(), w.ledger, "a", params, send, bulk.Options{})
		require.NoError(t, err)
		assert.Equal(t, bulk.Rejected, res.Outcome)
		require.ErrorIs(t, res.Err, orbit.ErrInvalid)
		res, err = bulk.Once(w.Context(), w.ledger, "a", sms("a"), send, bulk.Options{})
		require.NoError(t, err)
		assert.Equal(t, bulk.Sent, res.Outcome)
	})
}

// A key that Orbit refuses, or an empty wallet, is no fault of the row.
func TestOnceBlocked(t *testing.T) {
	t.Parallel()
	for code, status := range map[orbit.Code]int{
		orbit.CodeInvalidAPIKey: http.StatusUnauthorized, orbit.CodeBalanceTooLow: http.StatusPaymentRequired,
		orbit.CodeInsufficientPermissions: http.StatusForbidden,
	} {
		inWorld(t, func(w *world) {
			w.server.FailNext("POST /messages/sms", orbittest.Fault{Status: status, Code: code})
			res, err := w.once("a", "")
			require.NoError(t, err)
			assert.Equal(t, bulk.Later, res.Outcome)
			assert.Zero(t, res.RetryAt)
			require.ErrorIs(t, res.Err, code)
			res, err = w.once("a", "")
			require.NoError(t, err)
			assert.Equal(t, bulk.Sent, res.Outcome)
		})
	}
}

// BULK-5: a limit is waited out without a claim, within MaxWait; else the row comes
// back Later, with a time.
func TestOnceWaits(t *testing.T) {
	t.Parallel()
	for _, wait := range []time.Duration{-1, 0} {
		inWorld(t, func(w *world) {
			_, err := w.once("a", "")
			require.NoError(t, err)
			start := time.Now()
			client := w.server.Client(orbit.WithDefaults(orbit.WithMaxWait(0)))
			res, err := bulk.Once(w.Context(), w.ledger, "b", sms("b"), client.Messages.SendSMS, bulk.Options{MaxWait: wait})
			require.NoError(t, err)
			if wait < 0 {
				assert.Equal(t, bulk.Later, res.Outcome)
				assert.WithinRange(t, res.RetryAt, start.Add(30*time.Second), start.Add(62*time.Second))
				assert.Zero(t, w.sent("b"))
				return
			}
			assert.Equal(t, bulk.Sent, res.Outcome)
			assert.GreaterOrEqual(t, time.Since(start), 30*time.Second)
		}, orbittest.WithLimit("POST /messages/sms", 1, time.Minute))
	}
}

// A rerun while the key protects sends again under the same key.
func TestOnceRetriesUnderTheSameKey(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		w.server.FailNext("POST /messages/sms", orbittest.ResetAfter())
		res, err := w.once("a", "")
		require.NoError(t, err)
		assert.Equal(t, bulk.Sent, res.Outcome)
		assert.Equal(t, 1, w.sent("a"))
		requests := w.server.Requests("POST /messages/sms")
		require.Len(t, requests, 2)
		assert.Equal(t, requests[0].IdempotencyKey, requests[1].IdempotencyKey)
	})
}

// A retry that is rejected says nothing of the attempt before it.
func TestOnceRejectedRetry(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		w.server.FailNext("POST /messages/sms", orbittest.ResetAfter(),
			orbittest.Fault{Status: http.StatusUnprocessableEntity, Code: orbit.CodeInvalidPhoneNumber})
		res, err := w.once("a", "", func(o *bulk.Options) { o.Find = nil })
		require.NoError(t, err)
		assert.Equal(t, bulk.Unclear, res.Outcome)
		require.ErrorIs(t, res.Err, bulk.ErrUnclear)
		require.ErrorIs(t, res.Err, orbit.CodeInvalidPhoneNumber)
		assert.Equal(t, 1, w.sent("a"))
	})
}

// BULK-5: while one run has the row, another learns when to come back.
func TestOnceConcurrentClaim(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		_, err := w.once("a", afterClaim)
		require.ErrorIs(t, err, errCrash)
		res, err := w.once("a", "")
		require.NoError(t, err)
		assert.Equal(t, bulk.Later, res.Outcome)
		assert.InDelta(t, 65*time.Second, time.Until(res.RetryAt), float64(time.Second))
		assert.Zero(t, w.sent("a"))
	})
}

// late is how long after a crash a queue runs the job again.
const late = 70 * time.Second

// A message that went out before the crash is found.
func TestOnceFindsWhatWasSent(t *testing.T) {
	t.Parallel()
	for _, place := range []string{afterSend, beforeSettle} {
		inWorld(t, func(w *world) {
			_, err := w.once("a", place)
			require.Error(t, err)
			time.Sleep(late)
			res, err := w.once("a", "")
			require.NoError(t, err)
			assert.Equal(t, bulk.Found, res.Outcome)
			assert.Equal(t, w.server.Messages()[0].ID, res.MessageID)
			assert.Equal(t, 1, w.sent("a"))
		}, showAll())
	}
}

// BULK-4: absence is proved by a canary that shows its key.
func TestOnceProvesAbsenceByKey(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		w.other()
		_, err := w.once("a", beforeSend)
		require.Error(t, err)
		time.Sleep(late)
		w.other()
		res, err := w.once("a", "")
		require.NoError(t, err)
		assert.Equal(t, bulk.Later, res.Outcome, "no canary yet")
		assert.Zero(t, w.sent("a"))

		_, err = w.once("canary", "")
		require.NoError(t, err)
		w.other()
		res, err = w.once("a", "")
		require.NoError(t, err)
		assert.Equal(t, bulk.Sent, res.Outcome)
		assert.Equal(t, 1, w.sent("a"))
	}, showAll())
}

// BULK-4: where lists show no keys, absence is proved by exclusion, and only there.
func TestOnceProvesAbsenceByExclusion(t *testing.T) {
	t.Parallel()
	for _, others := range []bool{false, true} {
		inWorld(t, func(w *world) {
			_, err := w.once("before", "")
			require.NoError(t, err)
			time.Sleep(time.Second)
			_, err = w.once("a", beforeSend)
			require.Error(t, err)
			if others {
				w.other()
			}
			time.Sleep(late)
			_, err = w.once("canary", "")
			require.NoError(t, err)
			res, err := w.once("a", "", asPrinted)
			require.NoError(t, err)
			if !others {
				assert.Equal(t, bulk.Sent, res.Outcome)
				assert.Equal(t, 1, w.sent("a"))
				return
			}
			assert.Equal(t, bulk.Unclear, res.Outcome)
			require.ErrorIs(t, res.Err, bulk.ErrUnclear)
			assert.Zero(t, w.sent("a"))
		})
	}
}

// A list that lags behind does not show the canary, and proves nothing.
func TestOnceListLagsBehind(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		before, err := w.once("before", "")
		require.NoError(t, err)
		time.Sleep(time.Second)
		_, err = w.once("a", afterSend)
		require.Error(t, err)
		time.Sleep(late)
		_, err = w.once("canary", "")
		require.NoError(t, err)
		old := lagging{[]bulk.Row{{MessageID: before.MessageID, Key: before.Response.Metadata[bulk.MetadataField].(string)}}}
		res, err := w.once("a", "", func(o *bulk.Options) { o.Find = old })
		require.NoError(t, err)
		assert.Equal(t, bulk.Later, res.Outcome)
		time.Sleep(10 * time.Minute)
		res, err = w.once("a", "", func(o *bulk.Options) { o.Find = old })
		require.NoError(t, err)
		assert.Equal(t, bulk.Unclear, res.Outcome)
		assert.Equal(t, 1, w.sent("a"))
		res, err = w.once("a", "")
		require.NoError(t, err)
		assert.Equal(t, bulk.Found, res.Outcome, "a better list settles it")
	}, showAll())
}

// A canary that was sent before the row can have been accepted proves nothing.
func TestOnceCanaryIsTooOld(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		list := &history{world: w, lag: 50 * time.Second, keys: true}
		run := func(key, crash string, network http.RoundTripper) bulk.Outcome {
			p := &process{world: w, crash: crash, network: network}
			res, _ := bulk.Once(w.Context(), p, key, sms(key), p.client().Messages.SendSMS, bulk.Options{Find: list, MaxWait: -1})
			return res.Outcome
		}
		run("before", "", w.server)
		time.Sleep(time.Second)
		go run("a", afterSend, slow{w.server, 25 * time.Second})
		time.Sleep(5 * time.Second)
		run("canary", "", w.server)
		time.Sleep(61 * time.Second)
		require.Equal(t, 1, w.sent("a"))
		assert.Equal(t, bulk.Later, run("a", "", w.server))
		assert.Equal(t, 1, w.sent("a"))
		time.Sleep(10 * time.Second)
		assert.Equal(t, bulk.Found, run("a", "", w.server))
	}, showAll())
}

// slow is a network on which each request is under way for a while.
type slow struct {
	server *orbittest.Server
	time   time.Duration
}

func (s slow) RoundTrip(r *http.Request) (*http.Response, error) {
	time.Sleep(s.time)
	return s.server.RoundTrip(r)
}

// Without a place to look, a late rerun is unclear and sends nothing.
func TestOnceWithoutFind(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		_, err := w.once("a", afterSend)
		require.Error(t, err)
		time.Sleep(late)
		res, err := w.once("a", "", func(o *bulk.Options) { o.Find = nil })
		require.NoError(t, err)
		assert.Equal(t, bulk.Unclear, res.Outcome)
		require.ErrorIs(t, res.Err, bulk.ErrUnclear)
		assert.Equal(t, 1, w.sent("a"))
	})
}

// A context that ends gives the row back at once if nothing was sent.
func TestOnceContextEnds(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		ctx, cancel := context.WithCancel(w.Context())
		cancel()
		res, err := bulk.Once(ctx, w.ledger, "a", sms("a"), w.server.Client().Messages.SendSMS, bulk.Options{})
		require.ErrorIs(t, err, context.Canceled)
		assert.Equal(t, bulk.Later, res.Outcome)
		res, err = w.once("a", "")
		require.NoError(t, err)
		assert.Equal(t, bulk.Sent, res.Outcome)
	})
}
