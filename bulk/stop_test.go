package bulk_test

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/bulk"
	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/orbittest"
)

// A run that ends in any of its phases leaves a job behind that can go on at once, in the
// same process: in the sends, in the wait for what may still arrive, in the search.
func TestSendStopsAndGoesOn(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		age     time.Duration // of the rows that an earlier run left open
		latency time.Duration
		stops   time.Duration
	}{
		"before anything":   {age: time.Hour},
		"in the first send": {age: time.Hour, latency: time.Second, stops: 500 * time.Millisecond},
		"in the sends":      {age: 20 * time.Second, latency: time.Second, stops: 5500 * time.Millisecond},
		"in the wait":       {age: 56 * time.Second, stops: 5 * time.Second},
		"in the search":     {age: time.Hour, stops: 30 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inCampaign(t, func(c *campaign) {
				c.interrupt(40, 3, true)
				time.Sleep(test.age)
				job := open(c, c.path)
				run := func(limit, list time.Duration) (bulk.Report, error) {
					ctx, cancel := context.WithTimeout(c.Context(), limit)
					defer cancel()
					client, err := orbit.NewClient(orbittest.DefaultAPIKey, orbit.WithHTTPClient(&http.Client{Transport: slow{c.server, test.latency}}))
					require.NoError(t, err)
					return bulk.Send(ctx, job, items(40), client.Messages.SendSMS,
						bulk.SendOptions{Find: slowFinder{bulk.InMessages(client), list}, Concurrency: 4})
				}
				_, err := run(test.stops, time.Minute)
				require.ErrorIs(t, err, context.DeadlineExceeded)
				report, err := run(time.Hour, 0)
				require.NoError(t, err)
				assert.Zero(t, report.Unclear)
				c.requireOnceEach(40)
			}, orbittest.WithoutLimits(), showAll())
		})
	}
}

// slowFinder is a list that takes a while.
type slowFinder struct {
	bulk.Finder

	time time.Duration
}

func (f slowFinder) Rows(ctx context.Context) iter.Seq2[bulk.Row, error] {
	return func(yield func(bulk.Row, error) bool) {
		select {
		case <-time.After(f.time):
		case <-ctx.Done():
			yield(bulk.Row{}, ctx.Err())
			return
		}
		f.Finder.Rows(ctx)(yield)
	}
}

// Close ends a run: nothing more is sent, and what was under way is a matter of the next.
func TestCloseDuringSend(t *testing.T) {
	t.Parallel()
	inCampaign(t, func(c *campaign) {
		job := open(c, c.path)
		client, err := orbit.NewClient(orbittest.DefaultAPIKey, orbit.WithHTTPClient(&http.Client{Transport: slow{c.server, time.Second}}))
		require.NoError(t, err)
		ended := make(chan error)
		go func() {
			_, err := bulk.Send(c.Context(), job, items(40), client.Messages.SendSMS, bulk.SendOptions{Concurrency: 4})
			ended <- err
		}()
		time.Sleep(2500 * time.Millisecond)
		synctest.Wait()
		sent := len(c.server.Messages())
		require.NoError(t, job.Close())
		require.ErrorIs(t, <-ended, bulk.ErrClosed)
		require.Positive(t, sent)
		assert.LessOrEqual(t, len(c.server.Messages()), sent+4, "no more than was under way")
		for row, err := range bulk.Join(job, items(1)) {
			require.ErrorIs(t, err, bulk.ErrClosed, "not: %q", row.Outcome)
		}
		_, err = c.send(40, c.server)
		require.NoError(t, err)
		c.requireOnceEach(40)
	}, orbittest.WithoutLimits())
}

// The last row is reported like any other when nobody knows whether it was sent.
func TestSendLastRowUnclear(t *testing.T) {
	t.Parallel()
	for name, find := range map[string]bool{"with a list": true, "without": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inCampaign(t, func(c *campaign) {
				network := roundTrip(func(r *http.Request) (*http.Response, error) {
					if r.Method == http.MethodPost && len(c.server.Requests("POST /messages/sms")) >= 4 {
						return nil, errors.New("the connection is gone")
					}
					return c.server.RoundTrip(r)
				})
				var reported []string
				report, err := c.send(5, network, func(o *bulk.SendOptions) {
					o.Concurrency = 1
					o.OnResult = func(key string, r bulk.RowResult) {
						if r.Outcome == bulk.Unclear {
							reported = append(reported, key)
						}
					}
					if !find {
						o.Find = nil
					}
				})
				require.NoError(t, err)
				assert.Equal(t, 4, report.Sent)
				assert.Equal(t, 1, report.Unclear)
				assert.Equal(t, []string{"row-4"}, reported)
			}, showAll())
		})
	}
}

// Where every row becomes unclear, the job pauses long before the last.
func TestSendPausesWhereAllIsUnclear(t *testing.T) {
	t.Parallel()
	inCampaign(t, func(c *campaign) {
		job := open(c, c.path)
		garbage := func(context.Context, messages.SendSMSParams, ...orbit.CallOption) (*messages.Message, error) {
			return &messages.Message{}, nil // no ID
		}
		report, err := bulk.Send(c.Context(), job, items(5000), garbage, bulk.SendOptions{})
		require.ErrorIs(t, err, bulk.ErrPaused)
		assert.Greater(t, report.Unclear, 1000)
		assert.Less(t, report.Unclear, 2000)
	})
}
