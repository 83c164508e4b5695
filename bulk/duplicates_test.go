package bulk_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/messages"
)

// BULK-3: a key that comes again with other params is refused; with the same it is
// known.
func TestSendDuplicateKeys(t *testing.T) {
	t.Parallel()
	inCampaign(t, func(c *campaign) {
		rows := func(yield func(string, messages.SendSMSParams) bool) {
			same, other := sms("a"), sms("other")
			for _, row := range []struct {
				key    string
				params messages.SendSMSParams
			}{{"a", same}, {"a", same}, {"a", other}, {"b", other}} {
				if !yield(row.key, row.params) {
					return
				}
			}
		}
		report, err := c.sendItems(rows, slow{c.server, time.Second})
		require.NoError(t, err)
		assert.Equal(t, 2, report.Sent)
		assert.Equal(t, 1, report.Known)
		assert.Equal(t, 1, report.Rejected)
	})
}

// A key that comes several times while nobody knows whether its row was sent is looked
// for, and sent, once.
func TestSendDuplicatesOfAnUnclearRow(t *testing.T) {
	t.Parallel()
	for name, arrives := range map[string]bool{"arrived": true, "did not": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inCampaign(t, func(c *campaign) {
				down := time.Now().Add(100 * time.Second)
				network := roundTrip(func(r *http.Request) (*http.Response, error) {
					if r.Method == http.MethodGet || time.Now().After(down) {
						return c.server.RoundTrip(r)
					}
					if arrives {
						resp, err := c.server.RoundTrip(r)
						require.NoError(t, err)
						_ = resp.Body.Close()
					}
					return nil, errors.New("the connection is gone")
				})
				rows := func(yield func(string, messages.SendSMSParams) bool) {
					for _, key := range []string{"row-0", "row-0", "row-1", "row-0", "row-2", "row-0", "row-3"} {
						if !yield(key, sms(key)) {
							return
						}
						time.Sleep(30 * time.Second)
					}
				}
				report, err := c.sendItems(rows, network)
				require.NoError(t, err)
				assert.Equal(t, 4, report.Sent+report.Found)
				assert.Equal(t, 3, report.Known)
				c.requireOnceEach(4)
			}, showAll())
		})
	}
}

// The same in a run that finds the row unclear, long after.
func TestSendDuplicatesOfALateRow(t *testing.T) {
	t.Parallel()
	for name, arrives := range map[string]bool{"arrived": true, "did not": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inCampaign(t, func(c *campaign) {
				c.interrupt(1, 1, arrives)
				time.Sleep(time.Hour)
				rows := func(yield func(string, messages.SendSMSParams) bool) {
					for _, key := range []string{"row-0", "row-0", "row-1", "row-0"} {
						if !yield(key, sms(key)) {
							return
						}
					}
				}
				report, err := c.sendItems(rows, c.server)
				require.NoError(t, err)
				assert.Equal(t, 2, report.Sent+report.Found)
				assert.Equal(t, 2, report.Known)
				c.requireOnceEach(2)
			}, showAll())
		})
	}
}
