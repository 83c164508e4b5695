package main

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// reopened is what a journal of the given lines knows.
func reopened(t *testing.T, content string) (map[string]past, string, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "journal")
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	j, known, err := openJournal(path)
	if err == nil {
		require.NoError(t, j.close())
	}
	left, readErr := os.ReadFile(path)
	require.NoError(t, readErr)
	return known, string(left), err
}

func TestJournalLines(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "journal")
		j, known, err := openJournal(path)
		require.NoError(t, err)
		assert.Empty(t, known)
		require.NoError(t, j.intend("a"))
		require.NoError(t, j.settle("a", result{Status: statusSent, MessageID: "msg_1", RequestID: "req_1"}))
		require.NoError(t, j.intend("b"))
		require.NoError(t, j.settle("b", result{Status: statusNotSent, Error: "no connection"}))
		require.NoError(t, j.intend("c"))
		require.NoError(t, j.close())

		data, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.Equal(t, `{"event":"intent","key":"a","time":"2000-01-01T00:00:00Z"}
{"event":"result","key":"a","time":"2000-01-01T00:00:00Z","status":"sent","message_id":"msg_1","request_id":"req_1"}
{"event":"intent","key":"b","time":"2000-01-01T00:00:00Z"}
{"event":"result","key":"b","time":"2000-01-01T00:00:00Z","status":"not_sent","error":"no connection"}
{"event":"intent","key":"c","time":"2000-01-01T00:00:00Z"}
`, string(data))

		now := time.Now().UTC()
		_, known, err = openJournal(path)
		require.NoError(t, err)
		assert.Equal(t, map[string]past{
			"a": {result: result{Status: statusSent, MessageID: "msg_1", RequestID: "req_1"}, intent: now},
			"c": {intent: now},
		}, known, "what was not sent is as if it had never been tried")
	})
}

// A kill in the middle of a write leaves a part of a line, which is removed.
func TestTornLine(t *testing.T) {
	t.Parallel()
	whole := intent("+14155550100", time.Unix(0, 0))
	for length := range len(whole) {
		known, left, err := reopened(t, whole+whole[:length])
		require.NoError(t, err)
		require.Len(t, known, 1)
		require.Equal(t, whole, left)
	}
}

// A file that is no journal, or that is damaged, is refused and left as it is.
func TestForeignJournal(t *testing.T) {
	t.Parallel()
	whole := intent("+14155550100", time.Unix(0, 0))
	for content, want := range map[string]string{
		"name,phone\nAda,+14155550100":                "line 1 is not of a journal",
		"one line without an end":                     "the last line is none of a journal",
		whole + "\n" + whole:                          "line 2 is not of a journal",
		whole[1:]:                                     "line 1 is not of a journal",
		whole + "{}\n":                                "line 2 names no key",
		whole + `{"event":"cancel","key":"a"}` + "\n": "line 2 is of a journal that this program does not know",
		whole + `{"event":"result","key":"a"}` + "\n": "line 2 is of a journal that this program does not know",
	} {
		_, left, err := reopened(t, content)
		require.ErrorContains(t, err, want, content)
		assert.Equal(t, content, left)
	}
}

// flaky is a disk whose second write fails, and whose third would not.
type flaky struct{ writes int }

func (f *flaky) Write(p []byte) (int, error) {
	if f.writes++; f.writes == 2 {
		return len(p) / 2, crash
	}
	return len(p), nil
}
func (f *flaky) Sync() error  { return nil }
func (f *flaky) Close() error { return nil }

// Behind a write that failed nothing is written, since it would follow half a
// line.
func TestBrokenJournalStaysBroken(t *testing.T) {
	t.Parallel()
	disk := &flaky{}
	j := &journal{file: disk}
	require.NoError(t, j.intend("a"))
	require.ErrorIs(t, j.intend("b"), crash)
	require.ErrorIs(t, j.intend("c"), crash)
	assert.Equal(t, 2, disk.writes)
}

// unsynced is a disk that does not get its data down.
type unsynced struct{ flaky }

func (*unsynced) Sync() error { return errors.New("no space left") }

func TestIntentIsOnDisk(t *testing.T) {
	t.Parallel()
	require.EqualError(t, (&journal{file: &unsynced{}}).intend("a"), "no space left")
}
