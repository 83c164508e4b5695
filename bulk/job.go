package bulk

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"crypto/sha256"
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
// A Job is a [Ledger] and a [Catalog]. It keeps about 30 bytes of memory for each row,
// twice that once it has looked for rows in a list, and about 160 bytes of file.
type Job struct {
	path    string
	plain   bool
	named   []byte // the ID that the campaign's name gives, nil for a random one
	journal *journal
	file    *os.File
	clock   clock

	mu      sync.Mutex
	closed  bool
	settled index // by the rows' hashes
	open    map[rowID]*openRow
	latest  time.Time // the latest intent of a row that was sent
	byID    *index    // by hashes of the message IDs; nil until needed
	seed    maphash.Seed
	prefix  string           // of the keys: the journal's ID
	names   map[rowID]string // plain keys of the rows that are being sent
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
	distrusted  bool      // the clock was set back since
}

// running reports whether a claim has the row.
func (r *openRow) running(now time.Time) bool {
	return r != nil && r.token != "" && now.Before(r.ends)
}

// age is how long ago the intent was recorded, negative if nobody knows.
func (r *openRow) age(now time.Time) time.Duration {
	if r.distrusted {
		return -1
	}
	return now.Sub(r.intended)
}

// JobOption changes a Job while [Open] makes it.
type JobOption func(*Job)

// WithPlainKeys stores the keys of the rows beside their hashes, so that results name
// them. Keys may be personal data: phone numbers are.
func WithPlainKeys() JobOption { return func(j *Job) { j.plain = true } }

// WithCampaign names the campaign. The idempotency keys then follow from this name and
// the rows' keys alone: should the journal be lost, Orbit still recognizes what was sent
// in the last minute. The journal of another campaign is refused. Without it the keys of
// two journals always differ.
func WithCampaign(name string) JobOption {
	return func(j *Job) {
		sum := sha256.Sum256([]byte(name))
		j.named = sum[:journalIDSize]
	}
}

var (
	_ Ledger  = (*Job)(nil)
	_ Catalog = (*Job)(nil)
)

// Open opens the journal of a job, or begins one. It locks the file until Close: a
// second process gets [ErrLocked]. A journal whose last write was cut off is usable; one
// that is damaged elsewhere, or written by a newer version, is refused with a
// [*JournalError].
func Open(path string, opts ...JobOption) (*Job, error) {
	j, live, err := openJob(path, opts)
	if err != nil || j.journal.end < compactFrom || live*2 > j.journal.end {
		return j, err
	}
	return j.compacted(opts)
}

// openJob opens a journal as it is, and returns how many of its bytes are still needed.
func openJob(path string, opts []JobOption) (j *Job, live int64, err error) {
	f, size, err := openFile(path)
	if err != nil {
		return nil, 0, err
	}
	j = &Job{
		path: path, file: f, clock: newClock(), seed: maphash.MakeSeed(),
		open: map[rowID]*openRow{}, names: map[rowID]string{},
	}
	for _, o := range opts {
		o(j)
	}
	if live, err = j.load(f, size); err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	_ = os.Remove(path + compactSuffix) // what a crash left behind; whoever has the lock may
	return j, live, nil
}

// load reads the journal and returns how many of its bytes are still needed.
func (j *Job) load(f file, size int64) (live int64, err error) {
	id, err := readHeader(f, j.path)
	if err != nil {
		return 0, err
	}
	if id != nil && j.named != nil && !bytes.Equal(id, j.named) {
		return 0, &JournalError{Path: j.path, Offset: int64(headerSize - journalIDSize), Reason: "the journal belongs to another campaign"}
	}
	if id == nil {
		id, size = j.named, 0
		if id == nil {
			id = newJournalID()
		}
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
	var applied error
	end, err := readJournal(f, size, j.path, func(offset int64, r record) {
		for _, at := range []time.Time{r.intended, r.settled} {
			if at.After(latest) {
				latest = at
			}
		}
		applied = errors.Join(applied, j.apply(offset, &r))
	})
	if err = errors.Join(err, applied); err != nil {
		return 0, err
	}
	back := j.clock.reach(latest)
	for _, row := range j.open {
		row.token, row.distrusted = "", back
	}
	j.journal.end = end
	if end < size { // what was cut off is never read again
		err = f.Truncate(end)
	}
	return int64(j.settled.n+len(j.open)) * recordSize, err
}

// apply makes a record part of the state.
func (j *Job) apply(offset int64, r *record) error {
	row := j.open[r.row]
	switch {
	case r.final():
		return j.applyFinal(offset, r)
	case r.kind == kindReleased:
		delete(j.open, r.row)
	case r.kind == kindUnclear:
	case row == nil:
		j.open[r.row] = &openRow{fingerprint: r.fingerprint, intended: r.intended, keyed: r.keyed, prefix: r.prefix}
	default:
		row.intended, row.distrusted = r.intended, false
	}
	return nil
}

// applyFinal makes a record the one that settles its row.
func (j *Job) applyFinal(offset int64, r *record) error {
	old, at, err := j.settledAs(r.row)
	if err != nil || at != nil && at.offset > offset {
		return err
	}
	var before int64 // the record of the same message
	if at == nil {
		j.settled.add(r.row.hash(), offset)
	} else {
		if old.id == r.id {
			before = at.offset
		}
		at.offset = offset
	}
	delete(j.open, r.row)
	if r.id != "" && r.intended.After(j.latest) {
		j.latest = r.intended
	}
	if j.byID != nil && r.id != "" {
		j.byID.move(hashID(j.seed, r.id), before, offset)
	}
	return nil
}

// settledAs finds the record that settles a row, and its entry, nil where there is none.
func (j *Job) settledAs(id rowID) (record, *entry, error) {
	for e := range j.settled.find(id.hash()) {
		if r, err := j.journal.read(e.offset); err != nil || r.row == id {
			return r, e, err
		}
	}
	return record{}, nil, nil
}

// Close releases the file. A Send that is still running ends with ErrClosed.
func (j *Job) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.closed {
		return nil
	}
	j.closed = true
	j.journal.stop(ErrClosed)
	j.journal.writing.Lock() // what is being written becomes durable
	defer j.journal.writing.Unlock()
	return errors.Join(unlock(j.file), j.file.Close())
}

// now reads the job's clock. Rows that were open when it jumped have no known age.
func (j *Job) now() time.Time {
	if j.clock.follow() {
		for _, row := range j.open {
			row.distrusted = true
		}
	}
	return j.clock.now()
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

func hashID(seed maphash.Seed, id string) uint64 { return maphash.String(seed, id) }

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
	byID := &index{}
	_, err := readJournal(j.file, j.journal.end, j.path, func(offset int64, r record) {
		if r.id != "" && j.settled.has(r.row.hash(), offset) {
			byID.add(hashID(j.seed, r.id), offset)
		}
	})
	if err == nil {
		j.byID = byID
	}
	return err
}
