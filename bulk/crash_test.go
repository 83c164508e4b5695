package bulk_test

import (
	"context"
	"net/http"
	"os"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/bulk"
	"github.com/devotel/orbit-go/orbittest"
)

// dying is a network on which the process ends at some request, before or after it
// arrives.
type dying struct {
	server *orbittest.Server
	left   atomic.Int64
	after  bool
}

func (d *dying) RoundTrip(r *http.Request) (*http.Response, error) {
	left := d.left.Add(-1)
	if left < 0 || left == 0 && !d.after {
		<-r.Context().Done() // nothing happens any more in a process that is dead
		return nil, r.Context().Err()
	}
	resp, err := d.server.RoundTrip(r)
	if left == 0 {
		_ = resp.Body.Close()
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	return resp, err
}

// copyOf copies a journal as it is at this moment: what a crash leaves behind.
func copyOf(t testing.TB, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(to, data, 0o600))
}

// BULK-1: a job that dies at some request goes on with each row once, whether it is
// run again at once or late.
func TestSendAfterACrash(t *testing.T) {
	t.Parallel()
	for _, pause := range []time.Duration{time.Second, 70 * time.Second, time.Hour} {
		for _, after := range []bool{false, true} {
			for dies := int64(1); dies < 40; dies += 5 {
				inCampaign(t, func(c *campaign) {
					c.interrupt(40, dies, after)
					time.Sleep(pause)
					report, err := c.send(50, c.server)
					require.NoError(t, err)
					assert.Zero(t, report.Unclear)
					c.requireOnceEach(50)
				}, orbittest.WithoutLimits(), showAll())
			}
		}
	}
}

// interrupt runs the job over n rows until the process dies at some request, before or
// after it arrives.
func (c *campaign) interrupt(n int, dies int64, arrives bool) {
	c.Helper()
	network := &dying{server: c.server, after: arrives}
	network.left.Store(dies)
	ctx, cancel := context.WithCancel(c.Context())
	job, err := bulk.Open(c.path)
	require.NoError(c, err)
	client, err := orbit.NewClient(orbittest.DefaultAPIKey, orbit.WithHTTPClient(&http.Client{Transport: network}))
	require.NoError(c, err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = bulk.Send(ctx, job, items(n), client.Messages.SendSMS, bulk.SendOptions{Concurrency: 4})
	}()
	synctest.Wait()
	copyOf(c, c.path, c.path+".crash")
	cancel()
	<-done
	require.NoError(c, job.Close())
	require.NoError(c, os.Rename(c.path+".crash", c.path))
}
