package bulk

import (
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A journal whose records are mostly of the past is written anew when it is opened.
func TestJournalCompaction(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "job")
	job, err := Open(path, WithPlainKeys())
	require.NoError(t, err)
	s := &sender{map[string]int{}}
	_, err = Send(t.Context(), job, letters(20), s.send, oneByOne())
	require.NoError(t, err)
	open := Claim{Key: job.prefix + "_00000000000000000000000000000001", Fingerprint: "02", Token: "1", Lease: lease}
	_, err = job.Claim(t.Context(), open)
	require.NoError(t, err)
	before := rowsOf(t, job)
	prefix := job.prefix
	job, err = job.compacted(nil)
	require.NoError(t, err)
	defer job.Close()
	assert.Equal(t, before, rowsOf(t, job))
	assert.Equal(t, prefix, job.prefix)
	report, err := Send(t.Context(), job, letters(20), s.send, oneByOne())
	require.NoError(t, err)
	assert.Equal(t, 20, report.Known)
}

func rowsOf(t *testing.T, job *Job) (rows []JobRow) {
	t.Helper()
	for r, err := range job.Results() {
		require.NoError(t, err)
		rows = append(rows, r)
	}
	return rows
}

// grow makes the journal of a job so long that it is compacted when it is opened.
func grow(t *testing.T, job *Job) {
	t.Helper()
	withdrawn := make([]record, 0, 450_000)
	for range cap(withdrawn) {
		withdrawn = append(withdrawn, record{kind: kindReleased, row: rowID{1}, plainKey: "filler"})
	}
	require.NoError(t, job.applyAll(withdrawn))
	require.Greater(t, job.journal.end, int64(compactFrom))
}

// A compaction that fails leaves the journal as it was: its results can be read on a full
// disk, too.
func TestCompactionFails(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "job")
	job, err := Open(path)
	require.NoError(t, err)
	s := &sender{map[string]int{}}
	_, err = Send(t.Context(), job, letters(20), s.send, oneByOne())
	require.NoError(t, err)
	grow(t, job)
	before, length := rowsOf(t, job), job.journal.end
	require.NoError(t, job.Close())

	require.NoError(t, os.Mkdir(path+compactSuffix, 0o700)) // where the new file would be
	require.NoError(t, os.WriteFile(filepath.Join(path+compactSuffix, "x"), nil, 0o600))
	job, err = Open(path)
	require.NoError(t, err)
	assert.Equal(t, length, job.journal.end)
	assert.Equal(t, before, rowsOf(t, job))
	require.NoError(t, job.Close())

	require.NoError(t, os.RemoveAll(path+compactSuffix))
	job, err = Open(path)
	require.NoError(t, err)
	assert.Less(t, job.journal.end, length/10)
	assert.Equal(t, before, rowsOf(t, job))
	require.NoError(t, job.Close())
}

// BULK-3: nobody gets the file that a compaction is about to replace: what is written to
// it would be lost.
func TestCompactionKeepsOthersOut(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "job")
	var openers sync.WaitGroup
	var claimed atomic.Int64
	for range 4 {
		openers.Go(func() {
			for claimed.Load() < 100 {
				job, err := Open(path)
				if err == nil {
					n := claimed.Add(1)
					c := Claim{Key: job.keyOf("", rowID{2, byte(n >> 8), byte(n)}), Fingerprint: "02", Token: "1", Lease: lease}
					_, err = job.Claim(t.Context(), c)
					assert.NoError(t, err)
					job, err = job.compacted(nil)
				}
				if err != nil {
					assert.ErrorIs(t, err, ErrLocked)
					continue
				}
				assert.NoError(t, job.Close())
			}
		})
	}
	openers.Wait()
	job, err := Open(path)
	require.NoError(t, err)
	defer job.Close()
	assert.Len(t, job.open, int(claimed.Load()), "a row is lost")
}
