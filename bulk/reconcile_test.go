package bulk_test

import (
	"context"
	"iter"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/bulk"
	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/orbittest"
)

// listOf is a list that is made when it is asked for.
type listOf func(yield func(bulk.Row, error) bool)

func (l listOf) Rows(context.Context) iter.Seq2[bulk.Row, error] {
	return iter.Seq2[bulk.Row, error](l)
}

// A Reconcile that begins before a Send, and ends in the middle of it, leaves the rows to
// it that it has under way: it neither settles nor withdraws them.
func TestReconcileDuringSend(t *testing.T) {
	t.Parallel()
	inCampaign(t, func(c *campaign) {
		c.interrupt(40, 10, false)
		time.Sleep(time.Hour)
		job := open(c, c.path)
		client := c.server.Client()
		began := make(chan struct{})
		list := listOf(func(yield func(bulk.Row, error) bool) {
			close(began)
			time.Sleep(90 * time.Second) // within which the rows are sent again
			for row, err := range bulk.InMessages(client).Rows(c.Context()) {
				if !yield(row, err) {
					return
				}
			}
		})
		reconciled := make(chan error)
		go func() {
			_, err := bulk.Reconcile(c.Context(), job, list)
			reconciled <- err
		}()
		<-began
		report, err := bulk.Send(c.Context(), job, items(40), client.Messages.SendSMS, bulk.SendOptions{Find: bulk.InMessages(client)})
		require.NoError(t, err)
		assert.Zero(t, report.Unclear)
		require.NoError(t, <-reconciled)
		c.requireOnceEach(40)

		sum, err := bulk.Reconcile(c.Context(), job, bulk.InMessages(client))
		require.NoError(t, err)
		assert.Equal(t, 40, sum.Messages)
		assert.Zero(t, sum.Unclear)
	}, orbittest.WithoutLimits(), showAll())
}

// Rows that are settled in another way while somebody reads the results are not missing.
func TestResultsDuringReconcile(t *testing.T) {
	t.Parallel()
	inCampaign(t, func(c *campaign) {
		job := open(c, c.path)
		client := c.server.Client()
		_, err := bulk.Send(c.Context(), job, items(5), client.Messages.SendSMS, bulk.SendOptions{})
		require.NoError(t, err)
		for _, status := range []messages.Status{messages.StatusDelivered, messages.StatusFailed} { // each row has one record, and then two
			time.Sleep(time.Minute)
			n := 0
			for _, err := range job.Results() {
				require.NoError(t, err)
				if n++; n == 1 {
					for _, m := range c.server.Messages() {
						c.server.SetMessageStatus(m.ID, status)
					}
					_, err := bulk.Reconcile(c.Context(), job, bulk.InMessages(client))
					require.NoError(t, err)
				}
			}
			assert.Equal(t, 5, n)
		}
	}, orbittest.WithoutLimits(), showAll())
}
