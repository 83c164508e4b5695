package bulk_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/bulk"
	"github.com/devotel/orbit-go/messages"
)

// BULK-3: a second process is kept out, as long as the first is there.
func TestOpenLocks(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "job")
	job := open(t, path)
	_, err := bulk.Open(path)
	require.ErrorIs(t, err, bulk.ErrLocked)
	require.NoError(t, job.Close())
	open(t, path)
}

func TestOpenBadFiles(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "job")
	_, err := bulk.Open(filepath.Join(path, "missing", "job"))
	require.ErrorIs(t, err, os.ErrNotExist)

	require.NoError(t, os.WriteFile(path, []byte("To: +14155552671\nHello, this is no journal\n"), 0o600))
	var bad *bulk.JournalError
	_, err = bulk.Open(path)
	require.ErrorAs(t, err, &bad)
	assert.Zero(t, bad.Offset)
	assert.NotContains(t, err.Error(), "4155552671")

	require.NoError(t, os.WriteFile(path, []byte("orbit bulk journal\n\x07rest of the file"), 0o600))
	_, err = bulk.Open(path)
	require.ErrorAs(t, err, &bad)
	assert.Contains(t, err.Error(), "version 7")

	if runtime.GOOS != "windows" && os.Geteuid() != 0 {
		require.NoError(t, os.Chmod(filepath.Dir(path), 0o500))
		_, err = bulk.Open(filepath.Join(filepath.Dir(path), "other"))
		require.ErrorIs(t, err, os.ErrPermission)
		require.NoError(t, os.Chmod(filepath.Dir(path), 0o700))
	}
}

// What a compaction left behind when it was killed does not stay.
func TestOpenAfterACrashedCompaction(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "job")
	require.NoError(t, os.WriteFile(path+".compact", []byte("orbit bulk jour"), 0o600))
	open(t, path)
	assert.NoFileExists(t, path+".compact")
}

// The keys of a named campaign are the same in a second journal, should the first be
// lost; those of other journals differ. The journal of another campaign is refused.
func TestWithCampaign(t *testing.T) {
	t.Parallel()
	inCampaign(t, func(c *campaign) {
		send := func(path string, opts ...bulk.JobOption) {
			job := open(c, path, opts...)
			defer job.Close()
			_, err := bulk.Send(c.Context(), job, items(5), c.server.Client().Messages.SendSMS, bulk.SendOptions{})
			require.NoError(t, err)
		}
		send(c.path+"1", bulk.WithCampaign("spring"))
		send(c.path+"2", bulk.WithCampaign("spring"))
		c.requireOnceEach(5)

		var bad *bulk.JournalError
		_, err := bulk.Open(c.path+"1", bulk.WithCampaign("summer"))
		require.ErrorAs(t, err, &bad)
		assert.Contains(t, err.Error(), "belongs to another campaign")

		send(c.path + "1") // whoever does not name it opens it, too
		c.requireOnceEach(5)
		send(c.path+"3", bulk.WithCampaign("summer"))
		send(c.path + "4")
		assert.Len(t, c.server.Messages(), 15)
	})
}

// A key, or an ID of a server, that is too long for a journal does not damage it.
func TestJournalHoldsLongTexts(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "job")
	rows := func(yield func(string, string) bool) {
		_ = yield(strings.Repeat("k", 2<<20), "a") && yield("b", "b") && yield("c", "c")
	}
	long := func(context.Context, string, ...orbit.CallOption) (*messages.Message, error) {
		return &messages.Message{ID: strings.Repeat("i", 2<<20)}, nil
	}
	job := open(t, path, bulk.WithPlainKeys())
	report, err := bulk.Send(t.Context(), job, rows, long, bulk.SendOptions{})
	require.NoError(t, err)
	assert.Equal(t, 1, report.Rejected)
	assert.Equal(t, 2, report.Sent)
	require.NoError(t, job.Close())
	job = open(t, path)
	report, err = bulk.Send(t.Context(), job, rows, long, bulk.SendOptions{})
	require.NoError(t, err)
	assert.Equal(t, 2, report.Known)
}
