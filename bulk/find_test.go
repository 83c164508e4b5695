package bulk_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/bulk"
	"github.com/devotel/orbit-go/orbittest"
)

// BULK-4: a list in another order than that of time proves nothing, although its first
// page shows a canary and something old behind it.
func TestSearchInAnotherOrder(t *testing.T) {
	t.Parallel()
	inCampaign(t, func(c *campaign) {
		client := c.server.Client()
		_, err := c.send(300, c.server)
		require.NoError(t, err)
		time.Sleep(time.Hour)
		c.interrupt(303, 2, true) // one row is settled, one arrived
		time.Sleep(time.Hour)
		require.Len(t, c.server.Messages(), 302)
		job := open(c, c.path)
		shuffled := listOf(func(yield func(bulk.Row, error) bool) {
			var rows []bulk.Row
			for row, err := range bulk.InMessages(client).Rows(c.Context()) {
				require.NoError(t, err)
				rows = append(rows, row)
			}
			canary, other, arrived, old := rows[0], rows[1], rows[2:4], rows[4:]
			for _, row := range slices.Concat([]bulk.Row{canary, old[0], other}, old[1:], arrived) {
				if !yield(row, nil) {
					return
				}
			}
		})
		report, err := bulk.Send(c.Context(), job, items(304), client.Messages.SendSMS, bulk.SendOptions{Find: shuffled})
		require.NoError(t, err)
		assert.Equal(t, 1, report.Unclear)
		assert.Len(t, c.server.Messages(), 304)
	}, orbittest.WithoutLimits(), showAll())
}
