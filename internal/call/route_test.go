package call_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
)

// RET-7, HTTP-3: an operation that takes long has a longer limit an attempt than
// the others; the caller's own counts, and a longer one of the client.
func TestPatient(t *testing.T) {
	t.Parallel()
	timeout := func(d time.Duration) api.CallOption {
		return option(func(s *api.CallSettings) { s.AttemptTimeout = d })
	}
	clients := func(d time.Duration) func(*call.Config) {
		return func(c *call.Config) { c.Defaults.AttemptTimeout = d }
	}
	act := func() *call.Route { return call.Post("Things.Act", "/things").Once() }
	for _, test := range []struct {
		name   string
		route  *call.Route
		client time.Duration
		opts   []api.CallOption
		want   time.Duration
	}{
		{"ordinary", act(), 10 * time.Second, nil, 10 * time.Second},
		{"patient", act().Patient(5 * time.Minute), 10 * time.Second, nil, 5 * time.Minute},
		{"the client is more patient", act().Patient(5 * time.Minute), time.Hour, nil, time.Hour},
		{"the caller is less", act().Patient(5 * time.Minute), 10 * time.Second, []api.CallOption{timeout(time.Second)}, time.Second},
		{"the caller is more", act().Patient(5 * time.Minute), 10 * time.Second, []api.CallOption{timeout(time.Hour)}, time.Hour},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := play(hangs)
				started := time.Now()
				_, err := call.Do[thing, thingWire](t.Context(), s.client(clients(test.client)), test.route, nil, test.opts)
				require.Error(t, err)
				assert.True(t, failure(t, err).Timeout)
				assert.Equal(t, test.want, time.Since(started))
			})
		})
	}
}
