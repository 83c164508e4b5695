package bulk

import (
	"errors"
	"os"
	"runtime"
)

const (
	// compactFrom is the size from which on a journal is compacted that consists mostly
	// of records that no longer count.
	compactFrom = 16 << 20
	// recordSize is about what a record takes that counts.
	recordSize = 90
	// compactSuffix names the file that a compaction writes.
	compactSuffix = ".compact"
)

// compacted returns the job over a journal without the records that no longer count, or
// over the same journal where that cannot be made.
func (j *Job) compacted(opts []JobOption) (*Job, error) {
	name := j.path + compactSuffix
	if err := j.writeCompact(name); err != nil { // a full disk, for example: the results can still be read
		_ = os.Remove(name)
		return j, nil //nolint:nilerr // the journal is as good as before
	}
	// Whoever waits for the lock must find the new file behind it. Windows neither
	// renames over an open file, nor lets anybody open one in a way that would allow it.
	if runtime.GOOS == "windows" {
		if err := j.Close(); err != nil {
			return nil, err
		}
	}
	_ = os.Rename(name, j.path) // if that fails, the old one is opened again
	if err := j.Close(); err != nil {
		return nil, err
	}
	j, _, err := openJob(j.path, opts)
	return j, err
}

// writeCompact writes the records that count to a file.
func (j *Job) writeCompact(name string) error {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600) //nolint:gosec // beside the user's own path
	if err != nil {
		return err
	}
	to := &journal{file: f, id: j.journal.id}
	var body []byte
	flush := func() {
		if err == nil {
			_, err = to.writeFrame(body)
			body = body[:0]
		}
	}
	_, readErr := readJournal(j.file, j.journal.end, j.path, func(offset int64, r record) {
		if !j.counts(offset, &r) {
			return
		}
		if body = appendRecord(body, &r); len(body) > maxFrame/2 {
			flush()
		}
	})
	flush() // also an empty frame: the header comes with the first
	return errors.Join(err, readErr, f.Close())
}

// counts reports whether the record at an offset is still needed.
func (j *Job) counts(offset int64, r *record) bool {
	open := j.open[r.row]
	return j.settled.has(r.row.hash(), offset) || open != nil && (r.kind == kindUnclear || r.intended.Equal(open.intended))
}
