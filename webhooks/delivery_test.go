package webhooks_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/webhooks"
)

// effects counts what became of each event. Its functions fail now and then, in
// all the ways there are, and never before they have taken their time.
type effects struct {
	mu     sync.Mutex
	random *rand.Rand
	done   map[string]int
	failed int
}

func (e *effects) handle(ctx context.Context, event *webhooks.Event, data *webhooks.MessageData) error {
	time.Sleep(e.duration())
	e.mu.Lock()
	defer e.mu.Unlock()
	switch e.random.IntN(6) {
	case 0:
		e.failed++
		return errors.New("failed")
	case 1:
		e.failed++
		panic("failed")
	case 2:
		e.failed++
		return context.DeadlineExceeded
	}
	e.done[event.ID]++
	return ctx.Err()
}

func (e *effects) duration() time.Duration {
	e.mu.Lock()
	defer e.mu.Unlock()
	return time.Duration(e.random.IntN(24_000)) * time.Millisecond
}

func (e *effects) of(id string) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.done[id]
}

// WHK-8, EVT-3: 100 events, each delivered ten times at once and in no order, and
// again as Orbit does until it gets a 2xx: each has its effect exactly once, and
// no 2xx came before it.
func TestDeliveriesAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const events, copies = 100, 10
		all := &effects{random: rand.New(rand.NewPCG(1, 2)), done: map[string]int{}}
		h := newHandler(t, webhooks.On(webhooks.MessageDelivered, all.handle))
		var statuses sync.Map
		var wg sync.WaitGroup
		for _, n := range all.random.Perm(events * copies) {
			wg.Go(func() {
				id := fmt.Sprint("evt_", n%events)
				wait := time.Minute
				for {
					status := deliver(h, eventBody(id, "message.delivered")).Code
					statuses.Store(status, true)
					if status == http.StatusOK {
						assert.Equal(t, 1, all.of(id), "a 2xx means that it was handled")
						return
					}
					time.Sleep(wait)
					wait *= 2
				}
			})
		}
		wg.Wait()
		require.Len(t, all.done, events)
		for id, n := range all.done {
			assert.Equal(t, 1, n, id)
		}
		assert.Greater(t, all.failed, events/3)
		for _, status := range []int{http.StatusOK, http.StatusInternalServerError, http.StatusServiceUnavailable} {
			_, seen := statuses.Load(status)
			assert.True(t, seen, status)
		}
	})
}
