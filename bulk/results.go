package bulk

import (
	"encoding/csv"
	"io"
	"iter"
	"strconv"
	"time"

	"github.com/devotel/orbit-go/api"
)

// JobRow is a row as the journal has it.
type JobRow struct {
	// Key is the row's own key with [WithPlainKeys], else the hash of it that Orbit
	// knows.
	Key string
	// Outcome says whether the row was sent: Sent, Found, Rejected or Unclear.
	Outcome Outcome
	// MessageID is the ID that Orbit gave, with Sent and Found.
	MessageID string
	// StatusCode is the HTTP status of the rejection, with Rejected.
	StatusCode int
	// Code is Orbit's code for the rejection, or for the failure of a message.
	Code api.Code
	// Status is the message's status as [Reconcile] last saw it, empty before.
	Status api.MessageStatus
	// At is when the row was settled, or when its intent was recorded, by this
	// machine's clock.
	At time.Time
}

// Results ranges over the rows of the job, the settled ones in the order in which they
// were settled, then those that are unclear. A row whose send is under way is unclear.
func (j *Job) Results() iter.Seq2[JobRow, error] {
	return func(yield func(JobRow, error) bool) {
		end, open, err := j.snapshot()
		if err != nil {
			yield(JobRow{}, err)
			return
		}
		names := map[rowID]string{}
		changed := map[rowID]bool{} // rows that are settled in another way meanwhile
		going := true
		_, err = readJournal(j.file, end, j.path, func(offset int64, r record) {
			switch {
			case !going:
			case r.final():
				current, later := j.isCurrent(r.row, offset, end)
				if current || later && !changed[r.row] {
					if later {
						changed[r.row] = true
					}
					going = yield(j.row(&r), nil)
				}
			case r.plainKey != "":
				if _, ok := open[r.row]; ok {
					names[r.row] = r.plainKey
				}
			}
		})
		if err != nil && going {
			yield(JobRow{}, err)
			return
		}
		for row, intended := range open {
			r := record{kind: kindUnclear, row: row, intended: intended, plainKey: names[row]}
			if going = going && yield(j.row(&r), nil); !going {
				return
			}
		}
	}
}

// snapshot returns how much of the journal is durable, and the rows that are open.
func (j *Job) snapshot() (end int64, open map[rowID]time.Time, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.closed {
		return 0, nil, ErrClosed
	}
	j.journal.writing.Lock()
	defer j.journal.writing.Unlock()
	open = make(map[rowID]time.Time, len(j.open))
	for row, o := range j.open {
		open[row] = o.intended
	}
	return j.journal.end, open, nil
}

// isCurrent reports whether the record at an offset settles its row. later means that one
// does which was written behind the end.
func (j *Job) isCurrent(row rowID, offset, end int64) (current, later bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.settled.has(row.hash(), offset) {
		return true, false
	}
	_, at, err := j.settledAs(row)
	return false, err == nil && at != nil && at.offset >= end
}

func (j *Job) row(r *record) JobRow {
	row := JobRow{
		Key: r.plainKey, Outcome: Unclear, MessageID: r.id, StatusCode: r.statusCode,
		Code: api.Code(r.code), Status: api.MessageStatus(r.status), At: r.settled,
	}
	if row.Key == "" {
		row.Key = j.keyOf(r.prefix, r.row)
	}
	if r.final() {
		row.Outcome = r.settlement().Outcome
	} else {
		row.At = r.intended
	}
	return row
}

// Join ranges over the items of a job, each with what became of it, under its own key.
// The outcome is Rejected where the SDK or the job would reject the item, and "" where
// it was not sent yet. An error ends it.
func Join[P any](job *Job, items iter.Seq2[string, P]) iter.Seq2[JobRow, error] {
	return func(yield func(JobRow, error) bool) {
		for key, params := range items {
			row, err := job.lookUp(key, params)
			row.Key = key
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

// lookUp returns what the journal has of an item.
func (j *Job) lookUp(key string, params any) (JobRow, error) {
	t, err := identify(j.prefix, key, params)
	if err != nil {
		return JobRow{Outcome: Rejected}, nil //nolint:nilerr // which is the outcome
	}
	_, id := splitKey(t.key)
	fingerprint := shorten(t.fingerprint)
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.closed {
		return JobRow{}, ErrClosed
	}
	s, settled, err := j.settledAs(id)
	open := j.open[id]
	switch {
	case err != nil:
		return JobRow{}, err
	case settled != nil && s.fingerprint != fingerprint, open != nil && open.fingerprint != fingerprint:
		return JobRow{Outcome: Rejected}, nil
	case settled != nil:
		return j.row(&s), nil
	case open != nil:
		return j.row(&record{kind: kindUnclear, intended: open.intended}), nil
	}
	return JobRow{}, nil
}

func csvHeader() []string {
	return []string{"key", "outcome", "message_id", "status", "status_code", "code", "at"}
}

// WriteCSV writes rows, such as those of [Job.Results], with a header: key, outcome,
// message_id, status, status_code, code and at.
func WriteCSV(w io.Writer, rows iter.Seq2[JobRow, error]) error {
	out := csv.NewWriter(w)
	if err := out.Write(csvHeader()); err != nil {
		return err
	}
	for r, err := range rows {
		if err != nil {
			return err
		}
		status, at := "", ""
		if r.StatusCode != 0 {
			status = strconv.Itoa(r.StatusCode)
		}
		if !r.At.IsZero() {
			at = r.At.UTC().Format(time.RFC3339)
		}
		err := out.Write([]string{
			r.Key, string(r.Outcome), r.MessageID, string(r.Status), status, string(r.Code), at,
		})
		if err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
