package main

import "fmt"

// status is what became of a row.
type status string

const (
	// statusSent is a message that Orbit accepted.
	statusSent status = "sent"
	// statusFailed is a row that cannot be sent as it is.
	statusFailed status = "failed"
	// statusUnclear is a message that Orbit may have accepted: look it up before
	// sending it again.
	statusUnclear status = "unclear"
	// statusNotSent is a message that Orbit did not get. The next run sends it.
	statusNotSent status = "not_sent"
)

// result is what is known of a row: in the journal, and in the results.
type result struct {
	Status    status `json:"status,omitzero"`
	MessageID string `json:"message_id,omitzero"`
	RequestID string `json:"request_id,omitzero"`
	Error     string `json:"error,omitzero"`
}

// tally counts results.
type tally struct{ sent, earlier, failed, unclear, notSent int }

func count(recipients []*recipient) tally {
	var t tally
	for _, r := range recipients {
		t.add(r)
	}
	return t
}

func (t *tally) add(r *recipient) {
	switch r.Status {
	case statusSent:
		t.sent++
		if r.earlier {
			t.earlier++
		}
	case statusFailed:
		t.failed++
	case statusNotSent:
		t.notSent++
	default:
		t.unclear++
	}
}

// finished reports whether another run could change nothing.
func (t tally) finished() bool { return t.unclear == 0 && t.notSent == 0 }

// String is a part of a line for a person.
func (t tally) String() string {
	sent := fmt.Sprintf("%d sent", t.sent)
	if t.earlier > 0 {
		sent += fmt.Sprintf(" (%d in earlier runs)", t.earlier)
	}
	return fmt.Sprintf("%s, %d failed, %d unclear, %d not sent", sent, t.failed, t.unclear, t.notSent)
}
