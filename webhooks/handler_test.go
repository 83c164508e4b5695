package webhooks_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/webhooks"
)

// newHandler returns a handler of testSecret on the real clock.
func newHandler(t testing.TB, opts ...webhooks.HandlerOption) http.Handler {
	t.Helper()
	v, err := webhooks.NewVerifier(testSecret)
	require.NoError(t, err)
	return webhooks.Handler(v, opts...)
}

// counter is a function of an event that counts, and does what it is told.
type counter struct {
	calls int
	do    func(ctx context.Context) error
}

func (c *counter) handle(ctx context.Context, _ *webhooks.Event) error {
	c.calls++
	if c.do == nil {
		return nil
	}
	return c.do(ctx)
}

// WHK-5, WHK-6: every reason to refuse has its status and reaches the hook, and
// nothing of it the sender.
func TestHandlerRejections(t *testing.T) {
	t.Parallel()
	now := time.Now()
	sign := func(body string, at time.Time) string { return webhooks.Sign(testSecret, []byte(body), at) }
	broken := delivery(sign(testBody, now), "")
	broken.ContentLength = -1
	broken.Body = io.NopCloser(io.MultiReader(strings.NewReader(testBody), iotest.ErrReader(errors.New("connection reset"))))
	for _, c := range []struct {
		name    string
		request *http.Request
		status  int
		want    error
	}{
		{"no signature", delivery("", testBody), http.StatusUnauthorized, webhooks.ErrNoSignature},
		{"malformed", delivery("hello", testBody), http.StatusUnauthorized, webhooks.ErrMalformed},
		{"older scheme", delivery(sum(t, testSecret, testBody), testBody), http.StatusUnauthorized, webhooks.ErrMalformed},
		{"mismatch", delivery(sign(testBody, now), testBody+" "), http.StatusUnauthorized, webhooks.ErrMismatch},
		{"too old", delivery(sign(testBody, now.Add(-time.Hour)), testBody), http.StatusUnauthorized, webhooks.ErrTooOld},
		{"too new", delivery(sign(testBody, now.Add(time.Hour)), testBody), http.StatusUnauthorized, webhooks.ErrTooNew},
		{"too large", delivery(sign(testBody, now), strings.Repeat(" ", 2000)), http.StatusRequestEntityTooLarge, webhooks.ErrBodyTooLarge},
		{"broken off", broken, http.StatusBadRequest, webhooks.ErrBodyUnreadable},
		{"not JSON", delivery(sign("hello", now), "hello"), http.StatusBadRequest, webhooks.ErrNotJSON},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var event counter
			var rejected []error
			v, err := webhooks.NewVerifier(testSecret, webhooks.WithMaxBody(1000))
			require.NoError(t, err)
			h := webhooks.Handler(v, webhooks.OnOther(event.handle), webhooks.OnReject(func(r *http.Request, err error) {
				assert.Same(t, c.request, r)
				rejected = append(rejected, err)
			}))
			w := httptest.NewRecorder()
			h.ServeHTTP(w, c.request)
			assert.Equal(t, c.status, w.Code)
			require.Len(t, rejected, 1)
			assert.Equal(t, []error{c.want}, matching(rejected[0]))
			assertSafe(t, rejected[0])
			assert.Equal(t, http.StatusText(c.status)+"\n", w.Body.String())
			w.Header().Del("Connection")
			assert.Equal(t, http.Header{"Content-Type": {"text/plain; charset=utf-8"}, "X-Content-Type-Options": {"nosniff"}}, w.Header())
			assert.Zero(t, event.calls)

			newHandler(t).ServeHTTP(httptest.NewRecorder(), delivery("", "")) // without a hook
		})
	}
}

func TestHandlerTakesOnlyPOST(t *testing.T) {
	t.Parallel()
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPut, http.MethodOptions, "post"} {
		r := delivery(webhooks.Sign(testSecret, []byte(testBody), time.Now()), testBody)
		r.Method = method
		w := httptest.NewRecorder()
		newHandler(t, webhooks.OnReject(func(*http.Request, error) { t.Error("nothing to verify") })).ServeHTTP(w, r)
		assert.Equal(t, http.StatusMethodNotAllowed, w.Code)
		assert.Equal(t, http.MethodPost, w.Header().Get("Allow"))
	}
}

// EVT-3: an event that was handled is not handled again; one that failed is.
func TestHandlerOnce(t *testing.T) {
	t.Parallel()
	event := counter{do: func(context.Context) error { return errors.New("no database") }}
	var failures []error
	h := newHandler(t, webhooks.OnOther(event.handle), webhooks.OnError(func(_ context.Context, e *webhooks.Event, err error) {
		assert.Equal(t, "evt_1", e.ID)
		failures = append(failures, err)
	}))
	for range 2 {
		w := deliver(h, testBody)
		assert.Equal(t, http.StatusInternalServerError, w.Code)
		assert.Equal(t, "Internal Server Error\n", w.Body.String())
	}
	assert.Equal(t, 2, event.calls)
	require.Len(t, failures, 2)
	require.EqualError(t, failures[0], "no database")

	event.do = nil
	for range 3 {
		w := deliver(h, testBody)
		assert.Equal(t, http.StatusOK, w.Code)
		assert.Empty(t, w.Body.String())
	}
	assert.Equal(t, 3, event.calls)
	assert.Equal(t, http.StatusOK, deliver(h, eventBody("evt_2", "message.sent")).Code)
	assert.Equal(t, 4, event.calls)
}

// WHK-8: the store is asked only after the signature was checked, so nobody
// without the secret can make an event count as handled.
func TestHandlerVerifiesBeforeItClaims(t *testing.T) {
	t.Parallel()
	var store scriptedStore
	h := newHandler(t, webhooks.WithStore(&store))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, delivery(webhooks.Sign(otherSecret, []byte(testBody), time.Now()), testBody))
	assert.Equal(t, http.StatusUnauthorized, w.Code)
	assert.Empty(t, store.claims)
}

// An event without an ID has nothing to be recognised by: it is handled, not
// taken for another one.
func TestHandlerWithoutEventID(t *testing.T) {
	t.Parallel()
	var event counter
	h := newHandler(t, webhooks.OnOther(event.handle))
	for range 2 {
		assert.Equal(t, http.StatusOK, deliver(h, `{"type":"message.sent"}`).Code)
		assert.Equal(t, http.StatusOK, deliver(h, `{"type":"message.read"}`).Code)
	}
	assert.Equal(t, 4, event.calls)
}

// The context of an event ends in time for an answer, counted from the arrival of
// the request, and with the request.
func TestHandlerDeadline(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		opts []webhooks.HandlerOption
		want time.Duration
	}{
		{nil, 25 * time.Second},
		{[]webhooks.HandlerOption{webhooks.WithTimeout(3 * time.Second)}, 3 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			started := time.Now()
			event := counter{do: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }}
			var failure error
			h := newHandler(t, append(c.opts, webhooks.OnOther(event.handle),
				webhooks.OnError(func(_ context.Context, _ *webhooks.Event, err error) { failure = err }))...)
			w := deliver(h, testBody)
			assert.Equal(t, http.StatusInternalServerError, w.Code)
			assert.Equal(t, c.want, time.Since(started))
			require.ErrorIs(t, failure, context.DeadlineExceeded)

			event.do = nil
			assert.Equal(t, http.StatusOK, deliver(h, testBody).Code, "the failed claim was released at once")
		})
	}
}

func TestHandlerEndsWithTheRequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, hangUp := context.WithCancel(t.Context())
		event := counter{do: func(ctx context.Context) error { hangUp(); <-ctx.Done(); return ctx.Err() }}
		h := newHandler(t, webhooks.OnOther(event.handle))
		started := time.Now()
		r := delivery(webhooks.Sign(testSecret, []byte(testBody), time.Now()), testBody).WithContext(ctx)
		h.ServeHTTP(httptest.NewRecorder(), r)
		assert.Zero(t, time.Since(started))
		event.do = nil
		assert.Equal(t, http.StatusOK, deliver(h, testBody).Code, "settled although the context had ended")
	})
}

// WHK-8: a second delivery during the first gets no 2xx before the first has
// succeeded, and one after a failure is handled.
func TestHandlerSecondDuringFirst(t *testing.T) {
	t.Parallel()
	for _, result := range []error{nil, errors.New("failed")} {
		synctest.Test(t, func(t *testing.T) {
			event := counter{do: func(context.Context) error { time.Sleep(10 * time.Second); return result }}
			h := newHandler(t, webhooks.OnOther(event.handle))
			first := make(chan int)
			go func() { first <- deliver(h, testBody).Code }()
			for range 3 {
				time.Sleep(3 * time.Second)
				w := deliver(h, testBody)
				assert.Equal(t, http.StatusServiceUnavailable, w.Code)
				after, err := strconv.Atoi(w.Header().Get("Retry-After"))
				require.NoError(t, err)
				assert.Equal(t, 26, after, "the first has ended by then")
				assert.Equal(t, "Service Unavailable\n", w.Body.String())
			}
			want := http.StatusOK
			if result != nil {
				want = http.StatusInternalServerError
			}
			assert.Equal(t, want, <-first)
			assert.Equal(t, 1, event.calls)

			event.do = nil
			assert.Equal(t, http.StatusOK, deliver(h, testBody).Code)
			assert.Equal(t, http.StatusOK, deliver(h, testBody).Code)
			if result == nil {
				assert.Equal(t, 1, event.calls)
			} else {
				assert.Equal(t, 2, event.calls)
			}
		})
	}
}

// WHK-8: an event whose process crashed is free before Orbit's first retry, a
// minute later.
func TestHandlerAfterACrash(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store := webhooks.NewMemoryStore(0, 0)
		var event counter
		crashed := newHandler(t, webhooks.WithStore(neverSettles{store}), webhooks.OnOther(event.handle))
		restarted := newHandler(t, webhooks.WithStore(store), webhooks.OnOther(event.handle))
		deliver(crashed, testBody)
		assert.Equal(t, http.StatusServiceUnavailable, deliver(restarted, testBody).Code)
		time.Sleep(time.Minute)
		assert.Equal(t, http.StatusOK, deliver(restarted, testBody).Code)
		assert.Equal(t, 2, event.calls)
	})
}

// neverSettles is the store as it looks to the others after a crash.
type neverSettles struct{ webhooks.Store }

func (neverSettles) Settle(context.Context, webhooks.Claim, webhooks.Outcome) error { return nil }

// scriptedStore is a store that says what it is told.
type scriptedStore struct {
	state                 webhooks.ClaimState
	claimErr, settleErr   error
	claims                []webhooks.Claim
	settled               []webhooks.Outcome
	settledWithinDeadline time.Duration
}

func (s *scriptedStore) Claim(_ context.Context, c webhooks.Claim) (webhooks.ClaimState, error) {
	s.claims = append(s.claims, c)
	return s.state, s.claimErr
}

func (s *scriptedStore) Settle(ctx context.Context, c webhooks.Claim, outcome webhooks.Outcome) error {
	s.claims = append(s.claims, c)
	s.settled = append(s.settled, outcome)
	if deadline, ok := ctx.Deadline(); ok && ctx.Err() == nil {
		s.settledWithinDeadline = time.Until(deadline)
	}
	return s.settleErr
}

// A store that fails never makes an event count as handled that was not, nor the
// reverse.
func TestHandlerWithFailingStore(t *testing.T) {
	t.Parallel()
	down := errors.New("store is down")
	for _, c := range []struct {
		name    string
		store   scriptedStore
		result  error
		status  int
		calls   int
		settled []webhooks.Outcome
		errors  []string
	}{
		{"claim fails", scriptedStore{claimErr: down}, nil, 503, 0, nil, []string{"webhooks: claiming the event: store is down"}},
		{"no known answer", scriptedStore{state: "?"}, nil, 503, 0, nil, nil},
		{"no answer", scriptedStore{}, nil, 503, 0, nil, nil},
		{"running", scriptedStore{state: webhooks.ClaimStateRunning}, nil, 503, 0, nil, nil},
		{"done", scriptedStore{state: webhooks.ClaimStateDone}, nil, 200, 0, nil, nil},
		{"granted", scriptedStore{state: webhooks.ClaimStateGranted}, nil, 200, 1, []webhooks.Outcome{webhooks.OutcomeDone}, nil},
		{"granted, failed", scriptedStore{state: webhooks.ClaimStateGranted}, errors.New("no"), 500, 1, []webhooks.Outcome{webhooks.OutcomeReleased}, []string{"no"}},
		{"settling fails", scriptedStore{state: webhooks.ClaimStateGranted, settleErr: down}, nil, 200, 1, []webhooks.Outcome{webhooks.OutcomeDone},
			[]string{"webhooks: settling the event as done: store is down"}},
		{"both fail", scriptedStore{state: webhooks.ClaimStateGranted, settleErr: down}, errors.New("no"), 500, 1, []webhooks.Outcome{webhooks.OutcomeReleased},
			[]string{"no", "webhooks: settling the event as released: store is down"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			event := counter{do: func(context.Context) error { return c.result }}
			var failures []string
			h := newHandler(t, webhooks.WithStore(&c.store), webhooks.OnOther(event.handle), webhooks.OnError(func(_ context.Context, _ *webhooks.Event, err error) {
				failures = append(failures, err.Error())
			}))
			w := deliver(h, testBody)
			assert.Equal(t, c.status, w.Code)
			assert.Equal(t, c.status == 503, w.Header().Get("Retry-After") != "")
			assert.Equal(t, c.calls, event.calls)
			assert.Equal(t, c.settled, c.store.settled)
			assert.Equal(t, c.errors, failures)
			assert.Equal(t, webhooks.Claim{EventID: "evt_1", Token: c.store.claims[0].Token, Lease: 45 * time.Second}, c.store.claims[0])
			assert.NotEmpty(t, c.store.claims[0].Token)
			if len(c.settled) > 0 {
				assert.Equal(t, c.store.claims[0], c.store.claims[1])
				assert.Positive(t, c.store.settledWithinDeadline)
			}
		})
	}
}

// The time for the function, and for settling, is within Orbit's 30 seconds.
func TestHandlerSettlesInTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store := scriptedStore{state: webhooks.ClaimStateGranted}
		event := counter{do: func(ctx context.Context) error { <-ctx.Done(); return nil }}
		assert.Equal(t, http.StatusOK, deliver(newHandler(t, webhooks.WithStore(&store), webhooks.OnOther(event.handle)), testBody).Code)
		assert.Positive(t, store.settledWithinDeadline, "the event's context has ended, the one to settle with has not")
		assert.Less(t, webhooks.DefaultTimeout+store.settledWithinDeadline, 30*time.Second)
	})
}

// Two attempts never have the same token.
func TestHandlerTokens(t *testing.T) {
	t.Parallel()
	store := scriptedStore{state: webhooks.ClaimStateRunning}
	h := newHandler(t, webhooks.WithStore(&store))
	seen := map[string]bool{}
	for range 100 {
		deliver(h, testBody)
	}
	for _, c := range store.claims {
		seen[c.Token] = true
	}
	assert.Len(t, seen, 100)
}
