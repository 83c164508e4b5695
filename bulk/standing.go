package bulk

import "time"

// peek says how a row stands without claiming it: Settled; Different; Granted, if it
// must be looked for; or "", if it can be sent.
func (j *Job) peek(t identity) State {
	_, id := splitKey(t.key)
	fingerprint := shorten(t.fingerprint)
	j.mu.Lock()
	defer j.mu.Unlock()
	now := j.now()
	s, settled, err := j.settledAs(id)
	row := j.open[id]
	switch {
	case err != nil:
		return "" // the claim reports it
	case settled != nil && s.fingerprint != fingerprint, row != nil && row.fingerprint != fingerprint:
		return Different
	case settled != nil:
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
	return !j.latest.IsZero() && j.now().Sub(j.latest) < age-lease
}

// untilLate is how long it takes until none of the rows can be accepted any more.
func (j *Job) untilLate(rows []task) (wait time.Duration) {
	j.mu.Lock()
	defer j.mu.Unlock()
	now := j.now()
	for _, t := range rows {
		_, id := splitKey(t.row.key)
		if row := j.open[id]; row != nil && !row.distrusted {
			wait = max(wait, lease+time.Millisecond-now.Sub(row.intended)) // records are to the millisecond
		}
	}
	return wait
}
