package bulk

import (
	"context"
	"time"
)

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
	now := j.now()
	if j.closed {
		return Entry{}, nil, ErrClosed
	}
	s, settled, err := j.settledAs(id)
	row := j.open[id]
	switch {
	case err != nil:
		return Entry{}, nil, err
	case settled != nil && s.fingerprint != fingerprint, row != nil && row.fingerprint != fingerprint:
		return Entry{State: Different}, nil, nil
	case settled != nil:
		return Entry{State: Settled, Settlement: s.settlement()}, nil, nil
	case row.running(now) && row.token != c.Token:
		return Entry{State: Running, Left: row.ends.Sub(now)}, nil, nil
	case c.Renew && (row == nil || row.token != c.Token):
		return Entry{State: Running}, nil, nil
	case row != nil && !c.Renew:
		row.token, row.ends = c.Token, now.Add(c.Lease)
		return Entry{State: Granted, Earlier: true, Age: row.age(now)}, nil, nil
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
	r.settled, r.plainKey = j.now(), j.names[id]
	old, settled, err := j.settledAs(id)
	row := j.open[id]
	mine := row != nil && row.token == c.Token
	if mine {
		r.intended = row.intended
	}
	j.mu.Unlock()
	switch {
	case err != nil:
		return err
	case s.Outcome == Sent && s.MessageID != "":
		if settled != nil && old.settlement().Outcome == Sent {
			return nil
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
	if err := j.apply(offset, r); err != nil {
		return err
	}
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
	now := j.now()
	known := make(map[string]KnownRow, len(messageIDs))
	for _, id := range messageIDs {
		r, ok, err := j.message(id)
		if err != nil {
			return nil, err
		}
		if ok && !r.intended.IsZero() {
			known[id] = KnownRow{Key: j.keyOf(r.prefix, r.row), Intended: now.Sub(r.intended), Settled: now.Sub(r.settled)}
		}
	}
	return known, nil
}

// message finds the record of a message.
func (j *Job) message(id string) (r record, ok bool, err error) {
	for e := range j.byID.find(hashID(j.seed, id)) {
		if r, err := j.journal.read(e.offset); err != nil || r.id == id {
			return r, err == nil, err
		}
	}
	return record{}, false, nil
}
