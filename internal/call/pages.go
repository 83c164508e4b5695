package call

import (
	"context"
	"encoding/json"
	"hash/maphash"
	"iter"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/redact"
	"github.com/devotel/orbit-go/internal/wire"
)

// defaultRoom is how many items a page is prepared for at first.
const defaultRoom = 100

// listing is the target of a call that answers with a list of any type: into is a
// pointer to a slice without items of its wire form. It is compiled once; the
// types are known to page alone.
type listing struct {
	into   any
	info   *api.ResponseInfo
	raw    []json.RawMessage // of each item, within the body, if it is kept
	cursor string
	more   bool
	total  *int
}

func (t *listing) decode(x *exchange, body []byte, info *api.ResponseInfo) error {
	if isBlank(body) {
		return errNoBody
	}
	meta, err := x.client.reader.Many(body, t.into)
	info.RequestID = x.requestID(meta.RequestID)
	if err != nil {
		return explain(body, err)
	}
	x.last.cursor, x.last.hasMore = meta.Next()
	t.raw = nil
	if x.set.RawJSON {
		if t.raw, err = wire.Items(body); err != nil {
			return err
		}
	}
	t.info, t.cursor, t.more, t.total = info, x.last.cursor, x.last.hasMore, meta.Total()
	return nil
}

// infoOf describes the response behind an item.
func (t *listing) infoOf(item int) *api.ResponseInfo {
	if item >= len(t.raw) {
		return t.info
	}
	return withRaw(t.info, t.raw[item])
}

// page fetches one page after the other of a list.
type page[T, W any, PW Wire[T, W]] struct {
	listing listing // not embedded, since methods would then be compiled for each type
	items   []W     // as they were decoded
	scratch []W     // room to decode into, all of it zero
}

// fetch gets the page that r asks for with the options of this call, and prepares
// its Next with those of the list.
func (t *page[T, W, PW]) fetch(ctx context.Context, c *Client, r *Route, in any, this, opts []api.CallOption) (*api.Page[T], error) {
	if t.scratch == nil {
		t.scratch = make([]W, 0, defaultRoom)
	}
	t.items, t.listing.into = t.scratch, &t.items
	if err := run(ctx, c, r, in, this, &t.listing); err != nil {
		return nil, err
	}
	l := &t.listing
	p := api.Page[T]{
		Meta: api.Meta{Info: l.info}, Items: make([]T, len(t.items)), HasMore: l.more, NextCursor: l.cursor, Total: l.total,
	}
	for i := range t.items {
		p.Items[i] = *PW(&t.items[i]).Public(l.infoOf(i))
	}
	l.raw = nil
	clear(t.scratch[:cap(t.scratch)]) // for another page
	if cap(t.items) > cap(t.scratch) {
		clear(t.items)
		t.scratch = t.items[:0]
	}
	cursor := l.cursor
	return api.NewPage(p, func(ctx context.Context) (*api.Page[T], error) {
		next, err := following(c, r, cursor)
		if err != nil {
			return nil, err
		}
		return List[T, W, PW](ctx, c, next, in, opts)
	}), nil
}

// List makes a call that answers with a page of a list.
func List[T, W any, PW Wire[T, W]](ctx context.Context, from caller, r *Route, in any, opts []api.CallOption) (*api.Page[T], error) {
	return new(page[T, W, PW]).fetch(ctx, from.through(), r, in, opts, opts)
}

// following is the route of the page behind cursor.
func following(c *Client, r *Route, cursor string) (*Route, error) {
	if cursor == "" || cursor == r.cursor {
		return r, lost(c, r, cursor)
	}
	next := *r
	next.cursor = cursor
	return &next, nil
}

// lost is the error of a list that says it goes on but not where, or that leads
// back to where it was.
func lost(c *Client, r *Route, cursor string) error {
	return c.cfg.Fail(&Failure{Kind: KindCursor, Op: r.op, Method: r.method, Route: r.template, Cursor: redact.String(cursor, maxWord)})
}

// Pages ranges over the pages of a list. Each range starts afresh. It is not
// inlined, since every list would be compiled several times over.
//
//go:noinline
func Pages[T, W any, PW Wire[T, W]](ctx context.Context, from caller, r *Route, in any, opts []api.CallOption) iter.Seq2[*api.Page[T], error] {
	return func(yield func(*api.Page[T], error) bool) {
		var t page[T, W, PW]
		c := from.through()
		eachPage(ctx, c, r, opts, &t.listing, func(ctx context.Context, r *Route, this []api.CallOption, err error) bool {
			var p *api.Page[T]
			if err == nil {
				p, err = t.fetch(ctx, c, r, in, this, opts)
			}
			return yield(p, err) && err == nil
		})
	}
}

// All ranges over the items of a list, page by page. Each range starts afresh. It
// is not inlined, like Pages.
//
//go:noinline
func All[T, W any, PW Wire[T, W]](ctx context.Context, from caller, r *Route, in any, opts []api.CallOption) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for p, err := range Pages[T, W, PW](ctx, from, r, in, opts) {
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for i := range p.Items {
				if !yield(p.Items[i], nil) {
					return
				}
			}
		}
	}
}

// eachPage has one page after the other fetched by the routes and options it
// gives, until fetch returns false or there is no more.
func eachPage(
	ctx context.Context, c *Client, r *Route, opts []api.CallOption, t *listing,
	fetch func(context.Context, *Route, []api.CallOption, error) bool,
) {
	ctx, cancel, this := c.Several(ctx, opts)
	defer cancel()
	var seen cursors
	var err error
	for fetch(ctx, r, this, err) && t.more {
		r, err = seen.following(c, r, t.cursor)
	}
}

// cursors remembers the cursors of a range by their hashes, a few bytes each, so
// that a list that leads back to where it was is noticed at once.
type cursors struct {
	seed maphash.Seed
	seen map[uint64]struct{}
}

// following is the route of the page behind cursor, or the error of one that has
// been read before.
func (s *cursors) following(c *Client, r *Route, cursor string) (*Route, error) {
	if s.seen == nil {
		s.seed, s.seen = maphash.MakeSeed(), map[uint64]struct{}{}
	}
	hash := maphash.String(s.seed, cursor)
	if _, ok := s.seen[hash]; ok {
		return r, lost(c, r, cursor)
	}
	s.seen[hash] = struct{}{}
	return following(c, r, cursor)
}
