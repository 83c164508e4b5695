package orbit_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/orbittest"
	"github.com/devotel/orbit-go/webhooks"
)

// TestMaxWait proves that WithMaxWait bounds the wait that a server asks for, in
// both directions, and that 0 never waits.
func TestMaxWait(t *testing.T) { // LIM-1, CTX-3
	t.Parallel()
	for name, c := range map[string]struct {
		asked time.Duration
		opts  []orbit.CallOption
		waits bool
	}{
		"default, shorter": {60 * time.Second, nil, true},
		"default, longer":  {90 * time.Second, nil, false},
		"as long":          {90 * time.Second, []orbit.CallOption{orbit.WithMaxWait(90 * time.Second)}, true},
		"shorter":          {30 * time.Second, []orbit.CallOption{orbit.WithMaxWait(29 * time.Second)}, false},
		"never":            {time.Second, []orbit.CallOption{orbit.WithMaxWait(0)}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server := orbittest.New(t)
				server.FailNext("POST /messages/sms", orbittest.RateLimited(c.asked))
				began := time.Now()
				_, err := server.Client().Messages.SendSMS(t.Context(), messages.SendSMSParams{To: "+15005550002", Body: "Hello"}, c.opts...)
				if c.waits {
					require.NoError(t, err)
					assert.GreaterOrEqual(t, time.Since(began), c.asked)
					return
				}
				require.ErrorIs(t, err, orbit.ErrRateLimited)
				var refused *orbit.Error
				require.ErrorAs(t, err, &refused)
				assert.Equal(t, began.Add(c.asked), refused.RetryAt)
				assert.Zero(t, time.Since(began))
			})
		})
	}
}

// TestOptionsOfNothing proves that options that were not made change nothing, as
// left by a condition that did not hold.
func TestOptionsOfNothing(t *testing.T) {
	t.Parallel()
	server := orbittest.New(t, nil)
	client := server.Client(nil, orbit.WithDefaults(orbit.CallOption{}))
	for _, o := range []orbit.CallOption{{}, api.NewCallOption(nil)} {
		_, err := client.Messages.SendSMS(t.Context(), messages.SendSMSParams{To: "+15005550002", Body: "Hello"}, o)
		require.NoError(t, err)
		_, err = orbit.CollectAll(client.Messages.All(t.Context(), messages.ListParams{}, o))
		require.NoError(t, err)
	}
	verifier, err := webhooks.NewVerifier("whsec_1", nil)
	require.NoError(t, err)
	assert.NotNil(t, webhooks.Handler(verifier, nil))
}
