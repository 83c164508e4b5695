package bulk_test

import (
	"errors"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/bulk"
	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/orbittest"
)

// A panic in a function of the caller's comes out of Send on the caller's goroutine, when
// nothing is under way any more. The next run goes on.
func TestSendPanics(t *testing.T) {
	t.Parallel()
	broken := errors.New("a bug")
	panicking := func() { panic(broken) }
	for name, change := range map[string]func(*bulk.SendOptions){
		"OnResult":                    func(o *bulk.SendOptions) { o.OnResult = func(string, bulk.RowResult) { panicking() } },
		"OnResult ends its goroutine": func(o *bulk.SendOptions) { o.OnResult = func(string, bulk.RowResult) { runtime.Goexit() } },
		"Progress, now and then":      func(o *bulk.SendOptions) { o.Progress = func(p bulk.Progress) { panicking() } },
		"Progress, at the end":        func(o *bulk.SendOptions) { o.Progress = func(p bulk.Progress) { panicIf(p.Ended, broken) } },
		"OnResult, of the row held back": func(o *bulk.SendOptions) {
			o.OnResult = func(key string, _ bulk.RowResult) { panicIf(key == "row-19", broken) }
		},
		"ItemsErr": func(o *bulk.SendOptions) { o.ItemsErr = func() error { panic(broken) } },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inCampaign(t, func(c *campaign) {
				func() {
					defer func() {
						value := recover()
						err, ok := value.(error)
						require.True(t, ok, "%v", value)
						if name != "OnResult ends its goroutine" {
							assert.ErrorIs(t, err, broken)
						}
					}()
					_, _ = c.send(20, slow{c.server, time.Second}, change)
				}()
				_, err := c.send(20, c.server)
				require.NoError(t, err)
				c.requireOnceEach(20)
			}, orbittest.WithoutLimits())
		})
	}
}

func panicIf(now bool, err error) {
	if now {
		panic(err)
	}
}

// The same for the items: the pool ends before the panic goes on.
func TestSendItemsPanic(t *testing.T) {
	t.Parallel()
	inCampaign(t, func(c *campaign) {
		rows := func(yield func(string, messages.SendSMSParams) bool) {
			for key, p := range items(10) {
				if !yield(key, p) {
					return
				}
			}
			panic("the items are broken")
		}
		require.PanicsWithValue(t, "the items are broken", func() { _, _ = c.sendItems(rows, slow{c.server, time.Second}) })
		_, err := c.send(20, c.server)
		require.NoError(t, err)
		c.requireOnceEach(20)
	}, orbittest.WithoutLimits())
}
