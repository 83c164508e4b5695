package orbit_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/agents"
	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/numbers"
	"github.com/devotel/orbit-go/orbittest"
	"github.com/devotel/orbit-go/verify"
	"github.com/devotel/orbit-go/voice"
	"github.com/devotel/orbit-go/webhooks"
)

// CON-1: 200 goroutines mix all services on one client, and each answer belongs
// to its request.
func TestAllServicesShareAClient(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := orbittest.New(t, orbittest.WithoutLimits(), orbittest.WithFullResponses()).Client()
		ctx := t.Context()
		var wg sync.WaitGroup
		for i := range 200 {
			wg.Go(func() {
				name, number := fmt.Sprintf("number %d", i), fmt.Sprintf("+1415555%04d", i)
				var want, got string
				var err error
				switch i % 7 {
				case 0:
					var v *messages.Message
					if v, err = c.Messages.SendSMS(ctx, messages.SendSMSParams{To: number, Body: name}); err == nil {
						want, got = number, v.To.String()
					}
				case 1:
					var v *voice.Call
					if v, err = c.Voice.Calls.Create(ctx, voice.CreateCallParams{To: number}); err == nil {
						want, got = number, v.To
					}
				case 2:
					var v *agents.Agent
					if v, err = c.Agents.Create(ctx, agents.CreateParams{Name: name}); err == nil {
						want, got = name, v.Name
					}
				case 3:
					_, err = c.Flows.Get(ctx, name)
					want, err = "404", expect404(err)
					got = "404"
				case 4:
					var v *numbers.Lookup
					if v, err = c.Numbers.Lookup(ctx, number, numbers.LookupParams{}); err == nil {
						want, got = number, v.PhoneNumber
					}
				case 5:
					var v *verify.Verification
					if v, err = c.Verify.Send(ctx, verify.SendParams{To: number, Channel: verify.ChannelSMS}); err == nil {
						want, got = number, v.To
					}
				case 6:
					url := fmt.Sprintf("https://shop.example/%d", i)
					var v *webhooks.Webhook
					if v, err = c.Webhooks.Create(ctx, webhooks.CreateParams{URL: url, Events: []webhooks.EventType{webhooks.AllEvents}}); err == nil {
						want, got = url, v.URL
					}
				}
				assert.NoError(t, err)
				assert.Equal(t, want, got)
			})
		}
		wg.Wait()
	})
}

// expect404 turns the error that is expected into none.
func expect404(err error) error {
	if errors.Is(err, orbit.ErrNotFound) {
		return nil
	}
	return fmt.Errorf("want a 404, got %w", err)
}
