package bulk_test

import (
	"context"
	"flag"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/bulk"
	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/orbittest"
)

var (
	histories   = flag.Int("histories", 400, "random histories of crashes")
	historySeed = flag.Uint64("history", 0, "the one seed to run, for a history that failed")
)

// BULK-1, BULK-4, BULK-5: whatever crashes wherever, whenever it is run again, and
// whatever the list shows: no row is sent twice, none is reported as sent that is
// not, and none is lost where the list shows all fields.
func TestRandomHistories(t *testing.T) {
	t.Parallel()
	if *historySeed != 0 {
		runHistory(t, *historySeed)
		return
	}
	n := *histories
	if testing.Short() {
		n /= 10
	}
	for seed := range uint64(n) {
		if runHistory(t, seed+1); t.Failed() {
			return
		}
	}
}

func runHistory(t *testing.T, seed uint64) {
	t.Helper()
	defer func() {
		if t.Failed() {
			t.Logf("run it again with -run TestRandomHistories -history %d", seed)
		}
	}()
	random := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // a test that can be repeated
	inWorld(t, func(w *world) {
		h := &history{
			world: w, random: random,
			lag:    pick(random, 0, 0, 5*time.Second, 50*time.Second, 2*time.Minute),
			keys:   random.IntN(2) == 0,
			others: random.IntN(3) == 0,
		}
		for range 3 + random.IntN(12) {
			h.step()
		}
		h.finish()
	}, showAll())
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

// history is a random series of runs.
type history struct {
	*world

	random *rand.Rand
	lag    time.Duration // of the list
	keys   bool          // the list shows metadata
	others bool          // other programs send, too
	canary int
}

var rows = []string{"a", "b", "c"}

func (h *history) step() {
	if h.others && h.random.IntN(4) == 0 {
		h.other()
	}
	var runs sync.WaitGroup
	for range 1 + h.random.IntN(2) {
		key := pick(h.random, rows...)
		crash := pick(h.random, "", "", beforeClaim, afterClaim, beforeSend, afterSend, beforeSettle)
		delay := pick(h.random, 0, 0, time.Second, 20*time.Second)
		faults := &brokenNetwork{random: rand.New(rand.NewPCG(h.random.Uint64(), 2)), server: h.server} //nolint:gosec // as above
		runs.Go(func() {
			time.Sleep(delay)
			h.check(key, crash, faults)
		})
	}
	runs.Wait()
	time.Sleep(pick(h.random, 0, time.Second, 20*time.Second, 50*time.Second, 70*time.Second, 5*time.Minute))
}

// check runs a row once and compares what it claims with what the server has.
func (h *history) check(key, crash string, network http.RoundTripper) bulk.Outcome {
	p := &process{world: h.world, crash: crash, network: network}
	res, err := bulk.Once(h.Context(), p, key, sms(key), p.client().Messages.SendSMS, bulk.Options{Find: h, MaxWait: -1})
	sent := h.sent(key)
	assert.LessOrEqual(h, sent, 1, "the row was sent twice")
	if err != nil {
		assert.ErrorIs(h, err, errCrash)
		return ""
	}
	switch res.Outcome {
	case bulk.Sent, bulk.Known, bulk.Found:
		assert.Equal(h, 1, sent, res.Outcome)
	case bulk.Rejected:
		assert.Zero(h, sent)
	case bulk.Later, bulk.Unclear:
	default:
		assert.Fail(h, "no outcome")
	}
	return res.Outcome
}

// finish runs every row until it is settled, with other rows in between.
func (h *history) finish() {
	for _, key := range rows {
		var outcome bulk.Outcome
		for range 30 {
			outcome = h.check(key, "", h.server)
			if outcome != bulk.Later && (outcome != bulk.Unclear || !h.keys) {
				break
			}
			time.Sleep(30 * time.Second)
			h.canary++
			assert.Equal(h, bulk.Sent, h.check(fmt.Sprint("canary ", h.canary), "", h.server))
		}
		if outcome == bulk.Unclear {
			assert.False(h, h.keys, "unclear, though the list shows everything")
			continue // what other runs and programs sent cannot be told apart
		}
		assert.Equal(h, 1, h.sent(key), outcome)
	}
}

// Rows is the list as far as this history shows it.
func (h *history) Rows(ctx context.Context) iter.Seq2[bulk.Row, error] {
	client, err := orbit.NewClient(orbittest.DefaultAPIKey, orbit.WithHTTPClient(h.server.HTTPClient()))
	require.NoError(h, err)
	return func(yield func(bulk.Row, error) bool) {
		for m, err := range client.Messages.All(ctx, messages.ListParams{}) {
			if err == nil && time.Since(m.CreatedAt) < h.lag {
				continue
			}
			row := bulk.Row{MessageID: m.ID}
			if h.keys && err == nil {
				row.Key, _ = m.Metadata[bulk.MetadataField].(string)
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// brokenNetwork fails a third of the requests that send.
type brokenNetwork struct {
	random *rand.Rand
	server *orbittest.Server
}

func (b *brokenNetwork) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodPost { // on its way for a while
		select {
		case <-time.After(pick(b.random, 0, 0, 0, 25*time.Second)):
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	if r.Method != http.MethodPost || b.random.IntN(3) > 0 {
		return b.server.RoundTrip(r)
	}
	switch b.random.IntN(4) {
	case 0: // it arrives late, but before a key that protected it when it left is forgotten
		late := r.Clone(context.WithoutCancel(r.Context()))
		late.Body, _ = r.GetBody()
		time.AfterFunc(pick(b.random, time.Second, 4*time.Second), func() {
			if resp, err := b.server.RoundTrip(late); err == nil {
				_ = resp.Body.Close()
			}
		})
		return nil, io.ErrUnexpectedEOF
	case 1: // it does not arrive
		return failed(r, pick(b.random, http.StatusServiceUnavailable, http.StatusTooManyRequests, 0))
	}
	resp, err := b.server.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	_ = resp.Body.Close()
	return failed(r, pick(b.random, http.StatusServiceUnavailable, http.StatusOK, 0))
}

// failed is a response without a body, or a broken connection for status 0.
func failed(r *http.Request, status int) (*http.Response, error) {
	if status == 0 {
		return nil, io.ErrUnexpectedEOF
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
}
