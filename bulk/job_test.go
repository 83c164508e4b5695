package bulk_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/bulk"
	"github.com/devotel/orbit-go/bulk/ledgertest"
	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/orbittest"
)

// BULK-5: a journal is a ledger like any other.
func TestJobIsALedger(t *testing.T) {
	t.Parallel()
	ledgertest.Run(t, ledgertest.Setup{
		New: func(t *testing.T) bulk.Ledger {
			return open(t, filepath.Join(t.TempDir(), "job"))
		},
		Wait:   time.Sleep,
		Around: synctest.Test,
	})
}

func open(t testing.TB, path string, opts ...bulk.JobOption) *bulk.Job {
	t.Helper()
	job, err := bulk.Open(path, opts...)
	require.NoError(t, err)
	t.Cleanup(func() { _ = job.Close() })
	return job
}

// campaign is a job over several runs.
type campaign struct {
	*world

	path string
}

func inCampaign(t *testing.T, f func(c *campaign), opts ...orbittest.Option) {
	t.Helper()
	inWorld(t, func(w *world) {
		f(&campaign{world: w, path: filepath.Join(w.TempDir(), "job")})
	}, opts...)
}

// items are n rows.
func items(n int) iter.Seq2[string, messages.SendSMSParams] {
	return func(yield func(string, messages.SendSMSParams) bool) {
		for i := range n {
			key := fmt.Sprintf("row-%d", i)
			if !yield(key, sms(key)) {
				return
			}
		}
	}
}

// send runs the job once, over a network.
func (c *campaign) send(n int, network http.RoundTripper, change ...func(*bulk.SendOptions)) (bulk.Report, error) {
	c.Helper()
	return c.sendItems(items(n), network, change...)
}

func (c *campaign) sendItems(rows iter.Seq2[string, messages.SendSMSParams], network http.RoundTripper, change ...func(*bulk.SendOptions)) (bulk.Report, error) {
	c.Helper()
	job, err := bulk.Open(c.path)
	require.NoError(c, err)
	defer job.Close()
	client, err := orbit.NewClient(orbittest.DefaultAPIKey, orbit.WithHTTPClient(&http.Client{Transport: network}))
	require.NoError(c, err)
	opts := bulk.SendOptions{Find: bulk.InMessages(client), Concurrency: 8}
	for _, f := range change {
		f(&opts)
	}
	return bulk.Send(c.Context(), job, rows, client.Messages.SendSMS, opts)
}

// requireOnceEach proves that each of the rows was sent, and once.
func (c *campaign) requireOnceEach(n int) {
	c.Helper()
	sent := map[string]int{}
	for _, m := range c.server.Messages() {
		sent[m.Body]++
	}
	for i := range n {
		require.Equal(c, 1, sent[fmt.Sprintf("Hello row-%d", i)], i)
	}
	require.Len(c, sent, n)
}

func TestSendAndSendAgain(t *testing.T) {
	t.Parallel()
	inCampaign(t, func(c *campaign) {
		report, err := c.send(50, c.server)
		require.NoError(t, err)
		assert.Equal(t, 50, report.Sent)
		c.requireOnceEach(50)
		report, err = c.send(60, c.server)
		require.NoError(t, err)
		assert.Equal(t, 50, report.Known)
		assert.Equal(t, 10, report.Sent)
		c.requireOnceEach(60)
	}, orbittest.WithoutLimits())
}

// BULK-3: a bad row fails alone.
func TestSendRejectsARow(t *testing.T) {
	t.Parallel()
	inCampaign(t, func(c *campaign) {
		rows := func(yield func(string, messages.SendSMSParams) bool) {
			for key, p := range items(10) {
				switch key {
				case "row-3":
					p.To = "0171"
				case "row-4":
					key = ""
				}
				if !yield(key, p) {
					return
				}
			}
		}
		got := map[string]bulk.RowResult{}
		report, err := c.sendItems(rows, c.server, func(o *bulk.SendOptions) {
			o.Concurrency = 1
			o.OnResult = func(key string, r bulk.RowResult) { got[key] = r }
		})
		require.NoError(t, err)
		assert.Equal(t, 8, report.Sent)
		assert.Equal(t, 2, report.Rejected)
		require.ErrorIs(t, got["row-3"].Err, orbit.ErrInvalid)
		require.ErrorIs(t, got[""].Err, orbit.ErrInvalid)
		assert.NotEmpty(t, got["row-5"].MessageID)
	})
}

// What would meet every row pauses the job; it goes on when it is run again.
func TestSendPauses(t *testing.T) {
	t.Parallel()
	inCampaign(t, func(c *campaign) {
		refuse := func(r *http.Request) (*http.Response, error) {
			return failed(r, http.StatusPaymentRequired)
		}
		report, err := c.send(100, roundTrip(refuse))
		require.ErrorIs(t, err, bulk.ErrPaused)
		require.ErrorIs(t, err, orbit.ErrNoBalance)
		assert.Zero(t, report.Sent)
		assert.Zero(t, report.Rejected)
		report, err = c.send(100, c.server)
		require.NoError(t, err)
		assert.Equal(t, 100, report.Sent)
		c.requireOnceEach(100)
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// An outage that lasts longer than the patience pauses the job.
func TestSendOutage(t *testing.T) {
	t.Parallel()
	inCampaign(t, func(c *campaign) {
		down := time.Now().Add(20 * time.Minute)
		network := roundTrip(func(r *http.Request) (*http.Response, error) {
			if time.Now().Before(down) {
				return failed(r, http.StatusServiceUnavailable)
			}
			return c.server.RoundTrip(r)
		})
		_, err := c.send(20, network, func(o *bulk.SendOptions) { o.Patience = 5 * time.Minute })
		require.ErrorIs(t, err, bulk.ErrPaused)
		require.ErrorIs(t, err, orbit.ErrServer)
		time.Sleep(time.Until(down))
		_, err = c.send(30, network)
		require.NoError(t, err)
		c.requireOnceEach(30)
	}, showAll())
}

// A context that ends stops the job cleanly: what was sent is known afterwards.
func TestSendStops(t *testing.T) {
	t.Parallel()
	inCampaign(t, func(c *campaign) {
		ctx, cancel := context.WithTimeout(c.Context(), 5*time.Second)
		defer cancel()
		job := open(c, c.path)
		client := c.server.Client()
		report, err := bulk.Send(ctx, job, items(1000), client.Messages.SendSMS, bulk.SendOptions{Rate: 10, Concurrency: 4})
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.InDelta(t, 50, report.Sent, 2)
		require.NoError(t, job.Close())
		report, err = c.send(100, c.server)
		require.NoError(t, err)
		assert.InDelta(t, 50, report.Known, 2)
		c.requireOnceEach(100)
	}, orbittest.WithoutLimits())
}

// Items that end too early are an error, and no row is lost.
func TestSendItemsFail(t *testing.T) {
	t.Parallel()
	inCampaign(t, func(c *campaign) {
		broken := errors.New("the file is cut off")
		report, err := c.send(10, c.server, func(o *bulk.SendOptions) { o.ItemsErr = func() error { return broken } })
		require.ErrorIs(t, err, broken)
		assert.Equal(t, 10, report.Sent)
	})
}

// BULK-2: under a limit a job sends as fast as the limit allows.
func TestSendUnderALimit(t *testing.T) {
	t.Parallel()
	inCampaign(t, func(c *campaign) {
		start := time.Now()
		report, err := c.send(500, c.server, func(o *bulk.SendOptions) { o.Concurrency = 0 })
		require.NoError(t, err)
		assert.Equal(t, 500, report.Sent)
		assert.LessOrEqual(t, time.Since(start), 4*time.Minute+2*time.Second, "five windows, the first of them at once")
	}, orbittest.WithLimit("POST /messages/sms", 100, time.Minute))
}

// The journal holds no text and no number, and no key unless it was asked for.
func TestJournalHoldsNothingPersonal(t *testing.T) {
	t.Parallel()
	for _, plain := range []bool{false, true} {
		inCampaign(t, func(c *campaign) {
			var opts []bulk.JobOption
			if plain {
				opts = append(opts, bulk.WithPlainKeys())
			}
			job := open(c, c.path, opts...)
			_, err := bulk.Send(c.Context(), job, items(5), c.server.Client().Messages.SendSMS, bulk.SendOptions{})
			require.NoError(t, err)
			data, err := os.ReadFile(c.path)
			require.NoError(t, err)
			assert.NotContains(t, string(data), "5005550002")
			assert.NotContains(t, string(data), "Hello")
			assert.Equal(t, plain, strings.Contains(string(data), "row-3"))
			var keys []string
			for r, err := range job.Results() {
				require.NoError(t, err)
				assert.Equal(t, bulk.Sent, r.Outcome)
				keys = append(keys, r.Key)
			}
			assert.Len(t, keys, 5)
			assert.Equal(t, plain, strings.HasPrefix(keys[0], "row-"))
		})
	}
}

func TestReconcile(t *testing.T) {
	t.Parallel()
	inCampaign(t, func(c *campaign) {
		job := open(c, c.path)
		client := c.server.Client()
		_, err := bulk.Send(c.Context(), job, items(30), client.Messages.SendSMS, bulk.SendOptions{})
		require.NoError(t, err)
		time.Sleep(time.Minute)
		c.server.SetMessageStatus(c.server.Messages()[0].ID, messages.StatusFailed)
		sum, err := bulk.Reconcile(c.Context(), job, bulk.InMessages(client))
		require.NoError(t, err)
		assert.Equal(t, 30, sum.Messages)
		assert.Equal(t, 29, sum.ByStatus[messages.StatusDelivered])
		assert.Equal(t, 1, sum.ByStatus[messages.StatusFailed])

		require.NoError(t, job.Close())
		job = open(c, c.path)
		var out bytes.Buffer
		require.NoError(t, bulk.WriteCSV(&out, job.Results()))
		assert.Equal(t, 29, strings.Count(out.String(), ",delivered,"))
		assert.Equal(t, 31, strings.Count(out.String(), "\n"))
		n := 0
		for row, err := range bulk.Join(job, items(40)) {
			require.NoError(t, err)
			if n < 30 {
				assert.Equal(t, bulk.Sent, row.Outcome, row.Key)
				assert.NotEmpty(t, row.MessageID)
			} else {
				assert.Empty(t, row.Outcome)
			}
			n++
		}
		report, err := bulk.Send(c.Context(), job, items(31), client.Messages.SendSMS, bulk.SendOptions{})
		require.NoError(t, err)
		assert.Equal(t, 30, report.Known)
	}, orbittest.WithoutLimits(), showAll())
}

func TestProgressLine(t *testing.T) {
	t.Parallel()
	inCampaign(t, func(c *campaign) {
		var out bytes.Buffer
		_, err := c.send(5, slow{c.server, time.Second}, func(o *bulk.SendOptions) {
			o.Concurrency, o.Progress = 1, bulk.ProgressLine(&out)
		})
		require.NoError(t, err)
		lines := strings.Split(out.String(), "\r")
		assert.Greater(t, len(lines), 2)
		assert.Equal(t, "5 sent, 0 known, 0 found, 0 rejected, 0 unclear, 1/s, 5s   \n", lines[len(lines)-1])
	}, orbittest.WithoutLimits())
}
