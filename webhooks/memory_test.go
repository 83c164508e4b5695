package webhooks_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/webhooks"
)

const lease = time.Minute

func claimOf(id, token string) webhooks.Claim {
	return webhooks.Claim{EventID: id, Token: token, Lease: lease}
}

// requireClaim claims an event under the token "<id>-token".
func requireClaim(t *testing.T, s webhooks.Store, id string, want webhooks.ClaimState) {
	t.Helper()
	got, err := s.Claim(t.Context(), claimOf(id, id+"-token"))
	require.NoError(t, err)
	require.Equal(t, want, got)
}

func requireSettle(t *testing.T, s webhooks.Store, id string, outcome webhooks.Outcome) {
	t.Helper()
	require.NoError(t, s.Settle(t.Context(), claimOf(id, id+"-token"), outcome))
}

// WHK-8: an event is one claim's until it is settled, free again when released,
// and done for good when done.
func TestMemoryStore(t *testing.T) {
	t.Parallel()
	s := webhooks.NewMemoryStore(0, 0)
	requireClaim(t, s, "a", webhooks.ClaimGranted)
	requireClaim(t, s, "a", webhooks.ClaimRunning)
	requireClaim(t, s, "b", webhooks.ClaimGranted)
	requireSettle(t, s, "a", webhooks.Released)
	requireClaim(t, s, "a", webhooks.ClaimGranted)
	requireSettle(t, s, "a", webhooks.Done)
	requireClaim(t, s, "a", webhooks.ClaimDone)
	requireSettle(t, s, "a", webhooks.Released)
	requireClaim(t, s, "a", webhooks.ClaimDone)
	requireClaim(t, s, "b", webhooks.ClaimRunning)
	requireSettle(t, s, "unknown", webhooks.Released)
	requireClaim(t, s, "unknown", webhooks.ClaimGranted)
}

// WHK-8: a lease ends, so that who never settles keeps no event; and who settles
// too late can neither free the event of the next, nor lose what was done.
func TestMemoryStoreLease(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := webhooks.NewMemoryStore(0, 0)
		requireClaim(t, s, "a", webhooks.ClaimGranted)
		time.Sleep(lease - 1)
		requireClaim(t, s, "a", webhooks.ClaimRunning)
		time.Sleep(1)
		state, err := s.Claim(t.Context(), claimOf("a", "next"))
		require.NoError(t, err)
		require.Equal(t, webhooks.ClaimGranted, state)

		requireSettle(t, s, "a", webhooks.Released)
		requireClaim(t, s, "a", webhooks.ClaimRunning)
		requireSettle(t, s, "a", webhooks.Done)
		requireClaim(t, s, "a", webhooks.ClaimDone)
		require.NoError(t, s.Settle(t.Context(), claimOf("a", "next"), webhooks.Released))
		requireClaim(t, s, "a", webhooks.ClaimDone)
	})
}

// A long lease in front does not keep a short one behind it alive.
func TestMemoryStoreLeasesOfDifferentLength(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := webhooks.NewMemoryStore(0, 0)
		_, err := s.Claim(t.Context(), webhooks.Claim{EventID: "long", Token: "1", Lease: time.Hour})
		require.NoError(t, err)
		requireClaim(t, s, "short", webhooks.ClaimGranted)
		time.Sleep(lease)
		_, err = s.Claim(t.Context(), webhooks.Claim{EventID: "short", Token: "2", Lease: 2 * time.Hour})
		require.NoError(t, err)
		requireClaim(t, s, "long", webhooks.ClaimRunning)
		time.Sleep(time.Hour)
		requireClaim(t, s, "long", webhooks.ClaimGranted)
		requireClaim(t, s, "short", webhooks.ClaimRunning)
	})
}

func TestMemoryStoreForgetsByAge(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := webhooks.NewMemoryStore(0, time.Hour)
		requireClaim(t, s, "a", webhooks.ClaimGranted)
		time.Sleep(lease / 2)
		requireSettle(t, s, "a", webhooks.Done)
		time.Sleep(time.Hour - 1)
		requireClaim(t, s, "a", webhooks.ClaimDone)
		time.Sleep(1)
		requireClaim(t, s, "a", webhooks.ClaimGranted)
	})
}

// The retries of Orbit are over after 1 + 5 + 30 minutes and 2 + 8 + 24 hours.
func TestMemoryStoreOutlastsRetries(t *testing.T) {
	t.Parallel()
	assert.Greater(t, webhooks.DefaultMaxAge, 36*time.Minute+34*time.Hour)
}

// WHK-8: what was done longest ago goes first, and what is running never.
func TestMemoryStoreForgetsByCount(t *testing.T) {
	t.Parallel()
	s := webhooks.NewMemoryStore(3, time.Hour)
	for _, id := range []string{"running", "first", "second"} {
		requireClaim(t, s, id, webhooks.ClaimGranted)
	}
	requireSettle(t, s, "first", webhooks.Done)
	requireSettle(t, s, "second", webhooks.Done)
	requireClaim(t, s, "third", webhooks.ClaimGranted)
	requireClaim(t, s, "second", webhooks.ClaimDone)
	requireClaim(t, s, "first", webhooks.ClaimGranted)

	_, err := s.Claim(t.Context(), claimOf("fourth", "x"))
	require.ErrorIs(t, err, webhooks.ErrStoreFull)
	for _, id := range []string{"running", "third", "first"} {
		requireClaim(t, s, id, webhooks.ClaimRunning)
	}
	requireSettle(t, s, "third", webhooks.Done)
	requireClaim(t, s, "fourth", webhooks.ClaimGranted)
}

// When leases end, there is room again; and an event that is settled after it was
// forgotten is marked, if there is room.
func TestMemoryStoreFullOfEndedLeases(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := webhooks.NewMemoryStore(2, time.Hour)
		requireClaim(t, s, "a", webhooks.ClaimGranted)
		requireClaim(t, s, "b", webhooks.ClaimGranted)
		time.Sleep(lease)
		requireClaim(t, s, "c", webhooks.ClaimGranted)
		requireSettle(t, s, "a", webhooks.Done)
		requireClaim(t, s, "a", webhooks.ClaimDone)
		requireClaim(t, s, "d", webhooks.ClaimGranted)
		require.ErrorIs(t, s.Settle(t.Context(), claimOf("b", "b-token"), webhooks.Done), webhooks.ErrStoreFull)
	})
}

// The bound holds whatever happens, and the claim of an event is given once.
func TestMemoryStoreConcurrently(t *testing.T) {
	t.Parallel()
	s := webhooks.NewMemoryStore(50, time.Hour)
	var wg sync.WaitGroup
	var granted [40]int
	for i := range granted {
		var mu sync.Mutex
		for range 25 {
			wg.Go(func() {
				id := fmt.Sprint("evt_", i)
				state, err := s.Claim(context.Background(), claimOf(id, id+"-token"))
				assert.NoError(t, err)
				if state == webhooks.ClaimGranted {
					mu.Lock()
					granted[i]++
					mu.Unlock()
					assert.NoError(t, s.Settle(context.Background(), claimOf(id, id+"-token"), webhooks.Done))
				}
			})
		}
	}
	wg.Wait()
	for i, n := range granted {
		assert.Equal(t, 1, n, "event %d", i)
	}
}
