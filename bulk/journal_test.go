package bulk

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/api"
)

// sender is a send that counts how often each row was accepted.
type sender struct{ accepted map[string]int }

func (s *sender) send(_ context.Context, key string, _ ...api.CallOption) (*struct{ ID string }, error) {
	s.accepted[key]++
	return &struct{ ID string }{fmt.Sprint("msg_", key, s.accepted[key])}, nil
}

func letters(n int) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for i := range n {
			if key := string(rune('a' + i)); !yield(key, key) {
				return
			}
		}
	}
}

func oneByOne() SendOptions { return SendOptions{Concurrency: 1} }

// smallJournal is the journal of a job of three rows.
func smallJournal(t *testing.T) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "job")
	job, err := Open(path)
	require.NoError(t, err)
	s := &sender{map[string]int{}}
	_, err = Send(t.Context(), job, letters(3), s.send, oneByOne())
	require.NoError(t, err)
	require.NoError(t, job.Close())
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return data
}

// BULK-3: a journal that was cut at any byte opens, knows what stood before the cut,
// and can be written to.
func TestJournalCutAtEveryByte(t *testing.T) {
	t.Parallel()
	data := smallJournal(t)
	path := filepath.Join(t.TempDir(), "job")
	settled := 0
	for n := range len(data) + 1 {
		require.NoError(t, os.WriteFile(path, data[:n], 0o600))
		job, err := Open(path)
		require.NoError(t, err, "cut at byte %d", n)
		require.GreaterOrEqual(t, job.settled.n, settled)
		settled = job.settled.n
		c := Claim{Key: "test_00000000000000000000000000000001", Fingerprint: "02", Token: "1", Lease: lease}
		_, err = job.Claim(t.Context(), c)
		require.NoError(t, err)
		require.NoError(t, job.Settle(t.Context(), c, Settlement{Outcome: Sent, MessageID: "msg_new"}))
		require.NoError(t, job.Close())
		again, err := Open(path)
		require.NoError(t, err, "written to after a cut at byte %d", n)
		require.Equal(t, settled+1, again.settled.n)
		require.NoError(t, again.Close())
	}
	assert.Equal(t, 3, settled)
}

// BULK-3: a changed byte is refused with its place, or is in the last frame, which
// counts as torn.
func TestJournalDamage(t *testing.T) {
	t.Parallel()
	data := smallJournal(t)
	path := filepath.Join(t.TempDir(), "job")
	refused := 0
	for n := range data {
		changed := append([]byte{}, data...)
		changed[n] ^= 0x20
		require.NoError(t, os.WriteFile(path, changed, 0o600))
		job, err := Open(path)
		var bad *JournalError
		if errors.As(err, &bad) {
			refused++
			require.LessOrEqual(t, bad.Offset, int64(n))
			require.Equal(t, path, bad.Path)
			continue
		}
		require.NoError(t, err, "byte %d", n)
		inID := n >= len(journalMagic)+1 && n < headerSize
		require.True(t, inID || job.settled.n == 2, "byte %d changed, and the journal says %d rows", n, job.settled.n)
		require.NoError(t, job.Close())
	}
	assert.Greater(t, refused, len(data)/2)
}

// disk is a file that fails after a number of written bytes, in the middle of a write.
type disk struct {
	file

	left int
	err  error
}

func (d *disk) WriteAt(p []byte, at int64) (int, error) {
	if len(p) > d.left {
		n, _ := d.file.WriteAt(p[:d.left], at)
		d.left = 0
		return n, d.err
	}
	d.left -= len(p)
	return d.file.WriteAt(p, at)
}

// BULK-1, BULK-3: a disk that is full, or a process that dies, at any byte that is
// written stops the job before the next send, and the next run sends the rest once.
func TestJournalWriteFailsAtEveryByte(t *testing.T) {
	t.Parallel()
	for left := range len(smallJournal(t)) {
		path := filepath.Join(t.TempDir(), "job")
		job, err := Open(path)
		require.NoError(t, err)
		job.journal.file = &disk{job.file, left, syscall.ENOSPC}
		s := &sender{map[string]int{}}
		_, err = Send(t.Context(), job, letters(3), s.send, oneByOne())
		require.ErrorIs(t, err, syscall.ENOSPC)
		require.NoError(t, job.Close())
		before := len(s.accepted)
		job, err = Open(path)
		require.NoError(t, err)
		assert.GreaterOrEqual(t, job.settled.n+len(job.open), before, "a row was sent without an intent")
		// The fake accepts everything: rows whose result was lost are sent again under
		// their key, at once, as they would be within 55 s.
		report, err := Send(t.Context(), job, letters(3), s.send, oneByOne())
		require.NoError(t, err)
		assert.Equal(t, 3, report.Sent+report.Known)
		for key, n := range s.accepted {
			assert.LessOrEqual(t, n, 2, key)
		}
		require.NoError(t, job.Close())
	}
}

// Whatever stands in a file, reading it ends, with records or an error, and takes no
// more memory than the file.
func FuzzJournal(f *testing.F) {
	f.Add([]byte{})
	f.Add(journalHeader([]byte("12345678")))
	var body []byte
	for k := kindIntent; k <= lastKind; k++ {
		body = appendRecord(body, &record{kind: k, keyed: true, fingerprint: 7, intended: time.UnixMilli(1), settled: time.UnixMilli(2), id: "msg_1", code: "X"})
	}
	f.Add(appendFrame(journalHeader([]byte("12345678")), body))
	f.Add(appendFrame(appendFrame(journalHeader([]byte("12345678")), body), body))
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "job")
		require.NoError(t, os.WriteFile(path, data, 0o600))
		job, err := Open(path)
		if err != nil {
			var bad *JournalError
			require.ErrorAs(t, err, &bad)
			return
		}
		defer job.Close()
		for _, err := range job.Results() {
			require.NoError(t, err)
		}
	})
}

func TestRecordRoundTrip(t *testing.T) {
	t.Parallel()
	want := record{
		kind: kindStatus, keyed: true, row: rowID{1, 2, 3}, fingerprint: 1 << 63, intended: time.UnixMilli(1_700_000_000_001),
		settled: time.UnixMilli(1_700_000_000_002), statusCode: 422, id: "msg_1", status: "failed", code: "X", plainKey: "row-1", prefix: "p",
	}
	data := appendRecord(nil, &want)
	got, n := decodeRecord(data)
	assert.Equal(t, len(data), n)
	assert.Equal(t, want, got)
	for cut := range data {
		_, n := decodeRecord(data[:cut])
		assert.LessOrEqual(t, n, 0)
	}
}
