package bulk

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"hash/maphash"
	"os"
	"sync"
	"time"
)

// Job is a campaign on one machine: a journal file that remembers what became of each
// row, so that [Send] goes on where it was interrupted, by whatever. It holds no text,
// no phone number and, unless told otherwise, no key: rows are known by hashes.
//
// A Job is a [Ledger] and a [Catalog]. It keeps 50 to 100 bytes of memory and about 150
// bytes of file for each row.
type Job struct {
	path    string
	plain   bool
	journal *journal
	file    *os.File
	clock   clock

	mu      sync.Mutex
	closed  bool
	settled map[rowID]slot
	open    map[rowID]*openRow
	latest  time.Time        // the latest intent of a row that was sent
	byID    map[uint64]int64 // offsets by a hash of the message ID; nil until needed
	seed    maphash.Seed
	prefix  string           // of the keys: the journal's ID
	names   map[rowID]string // plain keys of the rows that are being sent
}

// slot is a row that is settled: the offset of the record that says how.
type slot struct {
	fingerprint uint64
	offset      int64
}

// openRow is a row whose intent is recorded and whose result is not.
type openRow struct {
	fingerprint uint64
	intended    time.Time
	prefix      string    // of the key, where it is not the journal's own
	keyed       bool      // its message carries the key
	token       string    // of the claim that has it, "" for none
	ends        time.Time // of its lease
	intender    string    // the token of the claim that recorded the intent
	unclear     bool      // a claim has ended without a result
	distrusted  bool      // the clock was set back since
}

// running reports whether a claim has the row.
func (r *openRow) running(now time.Time) bool {
	return r != nil && r.token != "" && now.Before(r.ends)
}

// clock tells the time, monotonic within the process.
type clock struct{ began, wall time.Time }

func (c clock) now() time.Time { return c.wall.Add(time.Since(c.began)) }

// JobOption changes a Job while [Open] makes it.
type JobOption func(*Job)

// WithPlainKeys stores the keys of the rows beside their hashes, so that results name
// them. Keys may be personal data: phone numbers are.
func WithPlainKeys() JobOption { return func(j *Job) { j.plain = true } }

var (
	_ Ledger  = (*Job)(nil)
	_ Catalog = (*Job)(nil)
)

// Open opens the journal of a job, or begins one. It locks the file until Close: a
// second process gets [ErrLocked]. A journal whose last write was cut off is usable; one
// that is damaged elsewhere, or written by a newer version, is refused with a
// [*JournalError].
func Open(path string, opts ...JobOption) (*Job, error) {
	for compacted := false; ; compacted = true {
		f, size, err := openFile(path)
		if err != nil {
			return nil, err
		}
		now := time.Now()
		j := &Job{
			path: path, file: f, clock: clock{now, now.Round(0)}, seed: maphash.MakeSeed(),
			settled: map[rowID]slot{}, open: map[rowID]*openRow{}, names: map[rowID]string{},
		}
		for _, o := range opts {
			o(j)
		}
		live, err := j.load(f, size)
		if err != nil {
			return nil, errors.Join(err, f.Close())
		}
		if compacted || size < compactFrom || live*2 > size {
			return j, nil
		}
		if err := j.compact(); err != nil {
			return nil, err
		}
	}
}

// load reads the journal and returns how many of its bytes are still needed.
func (j *Job) load(f file, size int64) (live int64, err error) {
	id, err := readHeader(f, j.path)
	if err != nil {
		return 0, err
	}
	if id == nil {
		id, size = newJournalID(), 0
		if err := f.Truncate(0); err != nil {
			return 0, err
		}
	}
	j.prefix = defaultPrefix + "-" + hex.EncodeToString(id)
	j.journal = &journal{file: f, id: id}
	if size == 0 {
		return 0, nil
	}
	var latest time.Time
	end, err := readJournal(f, size, j.path, func(offset int64, r record) {
		for _, at := range []time.Time{r.intended, r.settled} {
			if at.After(latest) {
				latest = at
			}
		}
		j.apply(offset, &r)
	})
	if err != nil {
		return 0, err
	}
	back := j.clock.wall.Before(latest)
	for _, row := range j.open {
		row.token, row.distrusted = "", back
	}
	j.journal.end = end
	if end < size { // what was cut off is never read again
		err = f.Truncate(end)
	}
	return int64(len(j.settled)+len(j.open)) * recordSize, err
}

// apply makes a record part of the state.
func (j *Job) apply(offset int64, r *record) {
	row := j.open[r.row]
	switch {
	case r.final():
		if old, ok := j.settled[r.row]; ok && old.offset > offset {
			return
		}
		delete(j.open, r.row)
		j.settled[r.row] = slot{r.fingerprint, offset}
		if r.id != "" && r.intended.After(j.latest) {
			j.latest = r.intended
		}
		if j.byID != nil && r.id != "" {
			j.byID[hashID(j.seed, r.id)] = offset
		}
	case r.kind == kindReleased:
		delete(j.open, r.row)
	case r.kind == kindUnclear:
		if row != nil {
			row.unclear = true
		}
	case row == nil:
		j.open[r.row] = &openRow{fingerprint: r.fingerprint, intended: r.intended, keyed: r.keyed, prefix: r.prefix}
	default:
		row.intended, row.distrusted = r.intended, false
	}
}

// Close releases the file. A Send that is still running ends with ErrClosed.
func (j *Job) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.closed {
		return nil
	}
	j.closed = true
	j.journal.mu.Lock()
	j.journal.err = ErrClosed
	j.journal.mu.Unlock()
	return j.file.Close()
}

// Claim asks for a row.
func (j *Job) Claim(_ context.Context, c Claim) (Entry, error) {
	entry, r, err := j.grant(c)
	if r == nil || err != nil {
		return entry, err
	}
	if _, err := j.journal.append(r); err != nil {
		return Entry{}, err
	}
	return entry, nil
}

// grant decides on a claim. It returns the intent to record, if there is one.
func (j *Job) grant(c Claim) (Entry, *record, error) {
	prefix, id := splitKey(c.Key)
	fingerprint := shorten(c.Fingerprint)
	j.mu.Lock()
	defer j.mu.Unlock()
	now := j.clock.now()
	s, settled := j.settled[id]
	row := j.open[id]
	switch {
	case j.closed:
		return Entry{}, nil, ErrClosed
	case settled && s.fingerprint != fingerprint, row != nil && row.fingerprint != fingerprint:
		return Entry{State: Different}, nil, nil
	case settled:
		r, err := j.journal.read(s.offset)
		return Entry{State: Settled, Settlement: r.settlement()}, nil, err
	case row.running(now) && row.token != c.Token:
		return Entry{State: Running, Left: row.ends.Sub(now)}, nil, nil
	case c.Renew && (row == nil || row.token != c.Token):
		return Entry{State: Running}, nil, nil
	case row != nil && !c.Renew:
		row.token, row.ends = c.Token, now.Add(c.Lease)
		age := now.Sub(row.intended)
		if row.distrusted {
			age = -1
		}
		return Entry{State: Granted, Earlier: true, Age: age}, nil, nil
	}
	row = &openRow{fingerprint: fingerprint, intended: now.Truncate(time.Millisecond), keyed: c.Keyed, prefix: j.foreign(prefix), token: c.Token, ends: now.Add(c.Lease), intender: c.Token}
	j.open[id] = row
	return Entry{State: Granted}, &record{
		kind: kindIntent, row: id, fingerprint: fingerprint, intended: row.intended, keyed: c.Keyed, plainKey: j.names[id], prefix: j.foreign(prefix),
	}, nil
}

// Settle ends a claim.
func (j *Job) Settle(_ context.Context, c Claim, s Settlement) error {
	prefix, id := splitKey(c.Key)
	r := &record{row: id, fingerprint: shorten(c.Fingerprint), prefix: j.foreign(prefix), id: s.MessageID, statusCode: s.StatusCode, code: s.Code}
	j.mu.Lock()
	r.settled, r.plainKey = j.clock.now(), j.names[id]
	old, settled := j.settled[id]
	row := j.open[id]
	mine := row != nil && row.token == c.Token
	if mine {
		r.intended = row.intended
	}
	j.mu.Unlock()
	switch {
	case s.Outcome == Sent && s.MessageID != "":
		if settled {
			if before, err := j.journal.read(old.offset); err != nil || before.settlement().Outcome == Sent {
				return err
			}
		}
		r.kind = kindSent
	case !mine:
		return ErrStale
	case s.Outcome == Found:
		r.kind = kindFound
	case s.Outcome == Rejected:
		r.kind = kindRejected
	case s.Outcome == Later && row.intender == c.Token:
		r.kind = kindReleased
	case s.Outcome == Later:
		j.giveBack(row)
		return nil
	default:
		r.kind = kindUnclear
	}
	offset, err := j.journal.append(r)
	if err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.apply(offset, r)
	if r.kind == kindUnclear {
		row.token = ""
	}
	return nil
}

func (j *Job) giveBack(row *openRow) {
	j.mu.Lock()
	defer j.mu.Unlock()
	row.token = ""
}

// Known returns the rows of the messages that the job knows.
func (j *Job) Known(_ context.Context, messageIDs []string) (map[string]KnownRow, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.indexIDs(); err != nil {
		return nil, err
	}
	now := j.clock.now()
	known := make(map[string]KnownRow, len(messageIDs))
	for _, id := range messageIDs {
		offset, ok := j.byID[hashID(j.seed, id)]
		if !ok {
			continue
		}
		r, err := j.journal.read(offset)
		if err != nil {
			return nil, err
		}
		if r.id == id && !r.intended.IsZero() {
			known[id] = KnownRow{Key: j.keyOf(r.prefix, r.row), Intended: now.Sub(r.intended), Settled: now.Sub(r.settled)}
		}
	}
	return known, nil
}

// peek says how a row stands without claiming it: Settled; Different; Granted, if it
// must be looked for; or "", if it can be sent.
func (j *Job) peek(t identity) State {
	_, id := splitKey(t.key)
	fingerprint := shorten(t.fingerprint)
	j.mu.Lock()
	defer j.mu.Unlock()
	now := j.clock.now()
	s, settled := j.settled[id]
	row := j.open[id]
	switch {
	case settled && s.fingerprint != fingerprint, row != nil && row.fingerprint != fingerprint:
		return Different
	case settled:
		return Settled
	case row == nil:
		return ""
	case row.distrusted, now.Sub(row.intended) >= protection:
		return Granted
	}
	return ""
}

// isOpen reports whether an intent to send the row is recorded, without a result.
func (j *Job) isOpen(t identity) bool {
	_, id := splitKey(t.key)
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.open[id] != nil
}

// hasCanary reports whether a row was sent after one whose intent is that old can have
// been accepted.
func (j *Job) hasCanary(age time.Duration) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return !j.latest.IsZero() && j.clock.now().Sub(j.latest) < age-lease
}

// untilLate is how long it takes until none of the rows can be accepted any more.
func (j *Job) untilLate(rows []task) (wait time.Duration) {
	j.mu.Lock()
	defer j.mu.Unlock()
	now := j.clock.now()
	for _, t := range rows {
		_, id := splitKey(t.row.key)
		if row := j.open[id]; row != nil && !row.distrusted {
			wait = max(wait, lease-now.Sub(row.intended))
		}
	}
	return wait
}

// name stores a row's own key with what is written of it, if that was asked for.
func (j *Job) name(t identity, key string) {
	if !j.plain {
		return
	}
	_, id := splitKey(t.key)
	j.mu.Lock()
	defer j.mu.Unlock()
	j.names[id] = key
}

// forget drops the name of a row that is settled.
func (j *Job) forget(t identity) {
	if !j.plain {
		return
	}
	_, id := splitKey(t.key)
	j.mu.Lock()
	defer j.mu.Unlock()
	delete(j.names, id)
}

// keyOf is the key of a row as Orbit knows it.
func (j *Job) keyOf(prefix string, row rowID) string {
	return cmp.Or(prefix, j.prefix) + "_" + hex.EncodeToString(row[:])
}

// foreign is a prefix as records have it: empty if it is the journal's own.
func (j *Job) foreign(prefix string) string {
	if prefix == j.prefix {
		return ""
	}
	return prefix
}

func newJournalID() []byte {
	id := make([]byte, journalIDSize)
	_, _ = rand.Read(id) // never fails
	return id
}

// indexIDs reads the journal once more, for the IDs of all messages.
func (j *Job) indexIDs() error {
	if j.byID != nil {
		return nil
	}
	j.journal.writing.Lock() // nothing is being written
	defer j.journal.writing.Unlock()
	byID := make(map[uint64]int64, len(j.settled))
	_, err := readJournal(j.file, j.journal.end, j.path, func(offset int64, r record) {
		if r.final() && r.id != "" {
			byID[hashID(j.seed, r.id)] = offset
		}
	})
	if err == nil {
		j.byID = byID
	}
	return err
}

// Sizes that decide on the compaction of a journal.
const (
	compactFrom = 16 << 20
	recordSize  = 90
)

func hashID(seed maphash.Seed, id string) uint64 { return maphash.String(seed, id) }

// compact writes the records that still count to a new file, which takes the place of
// the journal. It closes the job.
func (j *Job) compact() (err error) {
	name := j.path + ".compact"
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600) //nolint:gosec // beside the user's own path
	if err != nil {
		return errors.Join(err, j.file.Close())
	}
	to := &journal{file: f, id: j.journal.id}
	var body []byte
	flush := func() {
		if err == nil && len(body) > 0 {
			_, err = to.writeFrame(body)
			body = body[:0]
		}
	}
	_, readErr := readJournal(j.file, j.journal.end, j.path, func(offset int64, r record) {
		open := j.open[r.row]
		if j.settled[r.row].offset == offset || open != nil && (r.kind == kindUnclear || r.intended.Equal(open.intended)) {
			if body = appendRecord(body, &r); len(body) > maxFrame/2 {
				flush()
			}
		}
	})
	flush()
	err = errors.Join(err, readErr, f.Close(), j.file.Close())
	if err == nil {
		err = os.Rename(name, j.path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(name))
	}
	return syncFolder(j.path)
}
