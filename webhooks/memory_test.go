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
	requireClaim(t, s, "a", webhooks.ClaimStateGranted)
	requireClaim(t, s, "a", webhooks.ClaimStateRunning)
	requireClaim(t, s, "b", webhooks.ClaimStateGranted)
	requireSettle(t, s, "a", webhooks.OutcomeReleased)
	requireClaim(t, s, "a", webhooks.ClaimStateGranted)
	requireSettle(t, s, "a", webhooks.OutcomeDone)
	requireClaim(t, s, "a", webhooks.ClaimStateDone)
	requireSettle(t, s, "a", webhooks.OutcomeReleased)
	requireClaim(t, s, "a", webhooks.ClaimStateDone)
	requireClaim(t, s, "b", webhooks.ClaimStateRunning)
	requireSettle(t, s, "unknown", webhooks.OutcomeReleased)
	requireClaim(t, s, "unknown", webhooks.ClaimStateGranted)
}

// WHK-8: a lease ends, so that who never settles keeps no event; and who settles
// too late can neither free the event of the next, nor lose what was done.
func TestMemoryStoreLease(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := webhooks.NewMemoryStore(0, 0)
		requireClaim(t, s, "a", webhooks.ClaimStateGranted)
		time.Sleep(lease - 1)
		requireClaim(t, s, "a", webhooks.ClaimStateRunning)
		time.Sleep(1)
		state, err := s.Claim(t.Context(), claimOf("a", "next"))
		require.NoError(t, err)
		require.Equal(t, webhooks.ClaimStateGranted, state)

		requireSettle(t, s, "a", webhooks.OutcomeReleased)
		requireClaim(t, s, "a", webhooks.ClaimStateRunning)
		requireSettle(t, s, "a", webhooks.OutcomeDone)
		requireClaim(t, s, "a", webhooks.ClaimStateDone)
		require.NoError(t, s.Settle(t.Context(), claimOf("a", "next"), webhooks.OutcomeReleased))
		requireClaim(t, s, "a", webhooks.ClaimStateDone)
	})
}

// A long lease in front does not keep a short one behind it alive.
func TestMemoryStoreLeasesOfDifferentLength(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := webhooks.NewMemoryStore(0, 0)
		_, err := s.Claim(t.Context(), webhooks.Claim{EventID: "long", Token: "1", Lease: time.Hour})
		require.NoError(t, err)
		requireClaim(t, s, "short", webhooks.ClaimStateGranted)
		time.Sleep(lease)
		_, err = s.Claim(t.Context(), webhooks.Claim{EventID: "short", Token: "2", Lease: 2 * time.Hour})
		require.NoError(t, err)
		requireClaim(t, s, "long", webhooks.ClaimStateRunning)
		time.Sleep(time.Hour)
		requireClaim(t, s, "long", webhooks.ClaimStateGranted)
		requireClaim(t, s, "short", webhooks.ClaimStateRunning)
	})
}

func TestMemoryStoreForgetsByAge(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := webhooks.NewMemoryStore(0, time.Hour)
		requireClaim(t, s, "a", webhooks.ClaimStateGranted)
		time.Sleep(lease / 2)
		requireSettle(t, s, "a", webhooks.OutcomeDone)
		time.Sleep(time.Hour - 1)
		requireClaim(t, s, "a", webhooks.ClaimStateDone)
		time.Sleep(1)
		requireClaim(t, s, "a", webhooks.ClaimStateGranted)
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
		requireClaim(t, s, id, webhooks.ClaimStateGranted)
	}
	requireSettle(t, s, "first", webhooks.OutcomeDone)
	requireSettle(t, s, "second", webhooks.OutcomeDone)
	requireClaim(t, s, "third", webhooks.ClaimStateGranted)
	requireClaim(t, s, "second", webhooks.ClaimStateDone)
	requireClaim(t, s, "first", webhooks.ClaimStateGranted)

	_, err := s.Claim(t.Context(), claimOf("fourth", "x"))
	require.ErrorIs(t, err, webhooks.ErrStoreFull)
	for _, id := range []string{"running", "third", "first"} {
		requireClaim(t, s, id, webhooks.ClaimStateRunning)
	}
	requireSettle(t, s, "third", webhooks.OutcomeDone)
	requireClaim(t, s, "fourth", webhooks.ClaimStateGranted)
}

// When leases end, there is room again; and an event that is settled after it was
// forgotten is marked, if there is room.
func TestMemoryStoreFullOfEndedLeases(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := webhooks.NewMemoryStore(2, time.Hour)
		requireClaim(t, s, "a", webhooks.ClaimStateGranted)
		requireClaim(t, s, "b", webhooks.ClaimStateGranted)
		time.Sleep(lease)
		requireClaim(t, s, "c", webhooks.ClaimStateGranted)
		requireSettle(t, s, "a", webhooks.OutcomeDone)
		requireClaim(t, s, "a", webhooks.ClaimStateDone)
		requireClaim(t, s, "d", webhooks.ClaimStateGranted)
		require.ErrorIs(t, s.Settle(t.Context(), claimOf("b", "b-token"), webhooks.OutcomeDone), webhooks.ErrStoreFull)
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
				if state == webhooks.ClaimStateGranted {
					mu.Lock()
					granted[i]++
					mu.Unlock()
					assert.NoError(t, s.Settle(context.Background(), claimOf(id, id+"-token"), webhooks.OutcomeDone))
				}
			})
		}
	}
	wg.Wait()
	for i, n := range granted {
		assert.Equal(t, 1, n, "event %d", i)
	}
}
