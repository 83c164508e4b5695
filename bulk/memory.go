package bulk

import (
	"context"
	"sync"
	"time"
)

// MemoryLedger is a [Ledger] and a [Catalog] in memory, for tests. It forgets
// everything when the program ends, so it protects from concurrent runs and not from
// a crash.
type MemoryLedger struct {
	mu   sync.Mutex
	rows map[string]*memoryRow // by key
	sent map[string]*memoryRow // by message ID
}

type memoryRow struct {
	key         string
	fingerprint string
	intended    time.Time // zero: no intent is open
	intender    string    // the token of the claim that recorded the intent
	token       string    // of the claim that has the row
	ends        time.Time // of its lease
	settlement  Settlement
	settled     time.Time // zero: no final result
}

var (
	_ Ledger  = (*MemoryLedger)(nil)
	_ Catalog = (*MemoryLedger)(nil)
)

// NewMemoryLedger returns an empty ledger.
func NewMemoryLedger() *MemoryLedger {
	return &MemoryLedger{rows: map[string]*memoryRow{}, sent: map[string]*memoryRow{}}
}

// Claim asks for a row.
func (l *MemoryLedger) Claim(_ context.Context, c Claim) (Entry, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	row := l.row(c)
	var entry Entry
	switch {
	case row.fingerprint != c.Fingerprint:
		entry.State = Different
		return entry, nil
	case !row.settled.IsZero():
		entry.State, entry.Settlement = Settled, row.settlement
		return entry, nil
	case row.token != c.Token && now.Before(row.ends):
		entry.State, entry.Left = Running, row.ends.Sub(now)
		return entry, nil
	case c.Renew && row.token != c.Token:
		entry.State = Running
		return entry, nil
	}
	if row.intended.IsZero() || c.Renew {
		row.intended, row.intender = now, c.Token
	} else {
		entry.Earlier, entry.Age = true, now.Sub(row.intended)
	}
	entry.State = Granted
	row.token, row.ends = c.Token, now.Add(c.Lease)
	return entry, nil
}

// row returns the row of a claim, which it adds where there is none.
func (l *MemoryLedger) row(c Claim) *memoryRow {
	row := l.rows[c.Key]
	if row == nil {
		row = &memoryRow{key: c.Key, fingerprint: c.Fingerprint}
		l.rows[c.Key] = row
	}
	return row
}

// Settle ends a claim.
func (l *MemoryLedger) Settle(_ context.Context, c Claim, s Settlement) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	row := l.row(c)
	if s.Outcome == Sent && s.MessageID != "" {
		if row.settled.IsZero() || row.settlement.Outcome != Sent {
			l.settle(row, s)
		}
		return nil
	}
	if row.token != c.Token || !row.settled.IsZero() {
		return ErrStale
	}
	switch s.Outcome {
	case Later:
		if row.intender == c.Token {
			delete(l.rows, c.Key)
		}
		row.token, row.ends = "", time.Time{}
	case Unclear:
		row.token, row.ends = "", time.Time{}
	default:
		l.settle(row, s)
	}
	return nil
}

func (l *MemoryLedger) settle(row *memoryRow, s Settlement) {
	row.settlement, row.settled, row.token = s, time.Now(), ""
	if s.MessageID != "" {
		l.sent[s.MessageID] = row
	}
}

// Known returns the rows of the messages that the ledger knows.
func (l *MemoryLedger) Known(_ context.Context, messageIDs []string) (map[string]KnownRow, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	known := make(map[string]KnownRow, len(messageIDs))
	for _, id := range messageIDs {
		if row := l.sent[id]; row != nil {
			known[id] = KnownRow{Key: row.key, Intended: time.Since(row.intended), Settled: time.Since(row.settled)}
		}
	}
	return known, nil
}
