package bulk

import (
	"fmt"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// More unclear rows than are held in memory are looked for in several passes: all are
// found, and what is in memory stays bounded.
func TestSendManyUnclearRows(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		job, err := Open(filepath.Join(t.TempDir(), "job"))
		require.NoError(t, err)
		defer job.Close()
		const n = maxAside + 500
		keys := func(yield func(string, string) bool) {
			for i := range n {
				if key := fmt.Sprint("row-", i); !yield(key, key) {
					return
				}
			}
		}
		var intents []record
		var shown list
		for key := range keys {
			id, err := identify(job.prefix, key, key)
			require.NoError(t, err)
			_, row := splitKey(id.key)
			intents = append(intents, record{kind: kindIntent, row: row, fingerprint: shorten(id.fingerprint), intended: job.now()})
			shown = append(shown, Row{MessageID: "msg_" + key, Key: id.key})
		}
		require.NoError(t, job.applyAll(intents))
		time.Sleep(time.Hour)

		most := 0
		var r *runner
		items := func(yield func(task, error) bool) {
			for key := range keys {
				id, err := identify(job.prefix, key, key)
				most = max(most, r.waiting())
				if !yield(task{key: key, row: id}, err) {
					return
				}
			}
		}
		r = newRunner(job, SendOptions{Find: shown, Concurrency: 4})
		report, err := r.run(t.Context(), items)
		require.NoError(t, err)
		assert.Equal(t, n, report.Found)
		assert.Equal(t, maxAside, most)
	})
}

// Rows that were late catch up, so that late timers cost nothing of the rate; rows that
// were not there when it was their turn do not come in a burst afterwards.
func TestPacer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPacer(1000)
		began := time.Now()
		for range 5000 {
			require.NoError(t, p.wait(t.Context()))
			time.Sleep(700 * time.Microsecond) // whatever else takes time
			if time.Since(began)%(20*time.Millisecond) < time.Millisecond {
				time.Sleep(4 * time.Millisecond)
			}
		}
		assert.InDelta(t, 5, time.Since(began).Seconds(), 0.05)

		time.Sleep(time.Minute)
		began = time.Now()
		for range 1000 {
			require.NoError(t, p.wait(t.Context()))
		}
		assert.Greater(t, time.Since(began), 900*time.Millisecond)
	})
}
