package bulk

import (
	"context"
	"errors"
	"time"

	"github.com/devotel/orbit-go/api"
)

// Summary is what [Reconcile] learned from the list.
type Summary struct {
	// Messages is the number of messages of the job that the list shows.
	Messages int
	// ByStatus counts them by status. A status that the list does not show is "".
	ByStatus map[api.MessageStatus]int
	// ByCode counts those that failed by error code, where the list shows it.
	ByCode map[api.Code]int
	// Found is the number of unclear rows that were found.
	Found int
	// Absent is the number of unclear rows that are proved absent: the next Send sends
	// them.
	Absent int
	// Unclear is the number of rows that stay unclear.
	Unclear int
}

// reconcileBatch is how many items of the list are dealt with at once.
const reconcileBatch = 1000

// Reconcile goes through the whole list once. It stores the status of each message of
// the job, and settles the rows that are unclear: they are found, or proved absent, or
// stay unclear. Rows that a Send of the job has under way meanwhile are left to it.
func Reconcile(ctx context.Context, job *Job, find Finder) (Summary, error) {
	sum := Summary{ByStatus: map[api.MessageStatus]int{}, ByCode: map[api.Code]int{}}
	s := job.searchOpen()
	batch := make([]Row, 0, reconcileBatch)
	flush := func() error {
		if !s.closed {
			if err := s.see(ctx, batch); err != nil {
				return err
			}
		}
		err := job.note(batch, s, &sum)
		batch = batch[:0]
		return err
	}
	for row, err := range find.Rows(ctx) {
		if err != nil {
			return sum, err
		}
		if batch = append(batch, row); len(batch) == reconcileBatch {
			if err := flush(); err != nil {
				return sum, err
			}
		}
	}
	if err := flush(); err != nil {
		return sum, err
	}
	s.closed = true
	return sum, job.settleOpen(s, &sum)
}

// searchOpen begins a search for all rows that are unclear.
func (j *Job) searchOpen() *search {
	j.mu.Lock()
	defer j.mu.Unlock()
	s := newSearch(nil, j)
	now := j.now()
	for id, row := range j.open {
		if !row.running(now) {
			s.want(j.keyOf(row.prefix, id), row.age(now))
		}
	}
	return s
}

// note stores what the list says of the job's messages.
func (j *Job) note(rows []Row, s *search, sum *Summary) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.indexIDs(); err != nil {
		return err
	}
	var changed []record
	for _, row := range rows {
		r, mine, err := j.noted(row, s)
		if err != nil {
			return err
		}
		if !mine {
			continue
		}
		sum.Messages++
		sum.ByStatus[row.Status]++
		if row.ErrorCode != "" {
			sum.ByCode[row.ErrorCode]++
		}
		if r.kind == kindFound {
			sum.Found++
		}
		if r.kind != 0 {
			changed = append(changed, r)
		}
	}
	return j.applyAll(changed)
}

// noted returns the record that an item of the list adds, of kind 0 if it adds none,
// and whether the item is one of the job's.
func (j *Job) noted(row Row, s *search) (r record, mine bool, err error) {
	_, id := splitKey(row.Key)
	open := j.open[id]
	if _, wanted := s.wanted[row.Key]; wanted && s.found[row.Key] == "" && open != nil && !open.running(j.now()) {
		s.found[row.Key] = row.MessageID
		return record{
			kind: kindFound, row: id, fingerprint: open.fingerprint, intended: open.intended, settled: j.now(), id: row.MessageID, prefix: open.prefix,
			status: string(row.Status), code: string(row.ErrorCode),
		}, true, nil
	}
	old, ok, err := j.message(row.MessageID)
	if err != nil || !ok {
		return record{}, false, err
	}
	if old.status == string(row.Status) && old.code == string(row.ErrorCode) {
		return record{}, true, nil
	}
	if old.kind == kindSent {
		old.kind = kindStatus
	}
	old.status, old.code = string(row.Status), string(row.ErrorCode)
	return old, true, nil
}

// settleOpen withdraws the intents of rows that are proved absent.
func (j *Job) settleOpen(s *search, sum *Summary) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	now := j.now()
	var absent []record
	for id, row := range j.open {
		before := now.Sub(row.intended) > time.Since(s.began) // the search, which may have lasted
		if before && !row.running(now) && s.absent(j.keyOf(row.prefix, id), row.keyed) {
			absent = append(absent, record{kind: kindReleased, row: id, fingerprint: row.fingerprint})
		}
	}
	sum.Absent = len(absent)
	sum.Unclear = len(j.open) - len(absent)
	return j.applyAll(absent)
}

// applyAll makes records durable and part of the state.
func (j *Job) applyAll(records []record) error {
	if j.closed {
		return ErrClosed
	}
	offsets, err := j.journal.appendAll(records)
	if err != nil {
		return errors.Join(ErrPaused, err)
	}
	for i := range records {
		err = errors.Join(err, j.apply(offsets[i], &records[i]))
	}
	return err
}
