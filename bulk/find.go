package bulk

import (
	"context"
	"iter"
	"math"
	"time"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/messages"
)

// Finder lists what was sent, newest first, so that a rerun can look for its row.
// The list may lag behind, leave fields out and hold what others sent.
type Finder interface {
	// Rows ranges over what was sent. An error ends it.
	Rows(ctx context.Context) iter.Seq2[Row, error]
}

// Row is an item of a list.
type Row struct {
	// MessageID is the item's ID.
	MessageID string
	// Key is the row's key, which its send carried as [MetadataField], or empty where
	// the list does not show it.
	Key string
	// Status is the message's status. Only [Reconcile] needs it.
	Status api.MessageStatus
	// ErrorCode says why the message failed. Only [Reconcile] needs it.
	ErrorCode api.Code
}

// InMessages finds rows in the client's list of messages: GET /messages, 200 a page,
// from the newest down to one that was sent before.
func InMessages(client *orbit.Client) Finder { return inMessages{client} }

type inMessages struct{ client *orbit.Client }

const pageSize = 200

func (f inMessages) Rows(ctx context.Context) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for m, err := range f.client.Messages.All(ctx, messages.ListParams{Limit: pageSize, Sort: "-created_at"}) {
			key, _ := m.Metadata[MetadataField].(string)
			if !yield(Row{MessageID: m.ID, Key: key, Status: m.Status, ErrorCode: m.ErrorCode}, err) || err != nil {
				return
			}
		}
	}
}

// search looks for rows in a list, and for the proof that one is not there.
//
// A list proves absence only if it shows a canary: a message that the ledger knows,
// whose intent is later than the last moment at which the row can have been accepted.
// Such a list does not lag behind. From its newest message down to one that was
// settled before the row's intent, either the list shows keys, as it does for the
// canary, and none is the row's; or each message is one that the ledger knows. A list
// in any other order proves nothing.
type search struct {
	find    Finder
	catalog Catalog // nil: there is no proof
	// wanted holds the age of each row's intent when the first of the claims that look
	// was asked for, at began, or a little later.
	wanted map[string]time.Duration
	oldest time.Duration // of the ages
	began  time.Time

	found   map[string]string // the ID of the message, by key
	newest  time.Duration     // how long ago the latest intent of a known message was
	shown   time.Duration     // the same, of those that the list shows with their key
	settled time.Duration     // how long ago the first of the known messages seen was settled
	foreign bool              // there is a message that nobody knows
	mixed   bool              // the list is not in the order of time
	closed  bool              // the list has reached what was settled before the intents
}

func newSearch(find Finder, catalog Catalog) *search {
	return &search{
		find: find, catalog: catalog, wanted: map[string]time.Duration{}, began: time.Now(),
		found: map[string]string{}, newest: math.MaxInt64, shown: math.MaxInt64, settled: math.MinInt64,
	}
}

// want adds a row. A negative age is not known: the row can then be found, but not
// proved absent.
func (s *search) want(key string, age time.Duration) {
	s.wanted[key] = age
	s.oldest = max(s.oldest, age)
}

// run goes through the list.
func (s *search) run(ctx context.Context) error {
	rows := make([]Row, 0, pageSize)
	for row, err := range s.find.Rows(ctx) {
		if err != nil {
			return err
		}
		if _, wanted := s.wanted[row.Key]; wanted {
			s.found[row.Key] = row.MessageID
			if len(s.found) == len(s.wanted) {
				return nil
			}
			continue
		}
		if rows = append(rows, row); len(rows) == pageSize {
			if err := s.see(ctx, rows); err != nil || s.closed {
				return err
			}
			rows = rows[:0]
		}
	}
	err := s.see(ctx, rows)
	s.closed = true // the list goes no further back
	return err
}

// ended reports whether another search can do no more for a row that this one has
// neither found nor proved absent.
func (s *search) ended(key string) bool {
	age := s.wanted[key]
	return s.catalog == nil || s.mixed || s.hasCanary(key) || age < 0 || age >= lookTime
}

// hasCanary reports whether the list shows a canary for a row.
func (s *search) hasCanary(key string) bool { return s.newest < s.wanted[key]-lease }

// absent reports whether it is proved that a row that was not found is not there. keyed
// means that its message carries the key.
func (s *search) absent(key string, keyed bool) bool {
	if !s.closed || s.mixed || s.found[key] != "" {
		return false
	}
	return keyed && s.shown < s.wanted[key]-lease || !s.foreign && s.hasCanary(key)
}

// see takes in the next items of the list.
func (s *search) see(ctx context.Context, rows []Row) error {
	if s.catalog == nil || len(rows) == 0 {
		return nil
	}
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row.MessageID
	}
	known, err := s.catalog.Known(ctx, ids)
	if err != nil {
		return err
	}
	oldest := s.oldest + time.Since(s.began) // no less than the ledger's clock says
	for _, row := range rows {
		k, ok := known[row.MessageID]
		if !ok {
			s.foreign = s.foreign || !s.closed
			continue
		}
		// A message is created after its intent and before it is settled. The list is in
		// the order of clocks of the server's, which may differ a little.
		s.mixed = s.mixed || k.Intended+clockSlack < s.settled
		s.settled = max(s.settled, k.Settled)
		if s.closed = s.closed || k.Settled > oldest+clockSlack; s.closed {
			continue
		}
		s.newest = min(s.newest, k.Intended)
		if row.Key == k.Key {
			s.shown = min(s.shown, k.Intended)
		}
	}
	return nil
}
