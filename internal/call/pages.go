package call

import (
	"context"
	"hash/maphash"
	"iter"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/mask"
	"github.com/devotel/orbit-go/internal/wire"
)

// defaultRoom is how many items a page is prepared for at first.
const defaultRoom = 100

// page is the target of a call that answers with a list.
type page[T, W any, PW Wire[T, W]] struct {
	value   api.Page[T]
	scratch []W // room to decode into, all of it zero
}

func (t *page[T, W, PW]) decode(x *exchange, body []byte, info *api.ResponseInfo) error {
	if isBlank(body) {
		return errNoBody
	}
	if t.scratch == nil {
		t.scratch = make([]W, 0, defaultRoom)
	}
	items, meta, err := wire.Many(body, t.scratch)
	info.RequestID = x.requestID(meta.RequestID)
	if err == nil {
		x.next.cursor, x.next.hasMore = meta.Next()
		t.value = api.Page[T]{
			Meta: api.Meta{Info: info}, Items: make([]T, len(items)),
			HasMore: x.next.hasMore, NextCursor: x.next.cursor, Total: meta.Total(),
		}
		for i := range items {
			t.value.Items[i] = *PW(&items[i]).Public(info)
		}
	}
	t.wipe(items)
	return explain(body, err)
}

// wipe makes the room that was used ready for another page.
func (t *page[T, W, PW]) wipe(used []W) {
	clear(t.scratch[:cap(t.scratch)])
	if cap(used) > cap(t.scratch) {
		clear(used)
		t.scratch = used[:0]
	}
}

// List makes a call that answers with a page of a list.
func List[T, W any, PW Wire[T, W]](ctx context.Context, c *Client, r Route, in any, opts []api.CallOption) (*api.Page[T], error) {
	return fetch(ctx, c, r, in, opts, &page[T, W, PW]{})
}

// fetch gets one page into t, whose room may have served another page.
func fetch[T, W any, PW Wire[T, W]](
	ctx context.Context, c *Client, r Route, in any, opts []api.CallOption, t *page[T, W, PW],
) (*api.Page[T], error) {
	if err := run(ctx, c, r, in, opts, t); err != nil {
		return nil, err
	}
	cursor := t.value.NextCursor
	return api.NewPage(t.value, func(ctx context.Context) (*api.Page[T], error) {
		next, err := following(c, r, cursor)
		if err != nil {
			return nil, err
		}
		return List[T, W, PW](ctx, c, next, in, opts)
	}), nil
}

// following is the route of the page behind cursor.
func following(c *Client, r Route, cursor string) (Route, error) {
	if cursor == "" || cursor == r.cursor {
		return r, lost(c, r, cursor)
	}
	r.cursor = cursor
	return r, nil
}

// lost is the error of a list that says it goes on but not where, or that leads
// back to where it was.
func lost(c *Client, r Route, cursor string) error {
	return c.cfg.Fail(&Failure{Kind: KindCursor, Op: r.op, Method: r.method, Route: r.template, Cursor: mask.Line(cursor, maxWord)})
}

// Pages ranges over the pages of a list. Each range starts afresh. It is not
// inlined, since every list would be compiled several times over.
//
//go:noinline
func Pages[T, W any, PW Wire[T, W]](ctx context.Context, c *Client, r Route, in any, opts []api.CallOption) iter.Seq2[*api.Page[T], error] {
	return func(yield func(*api.Page[T], error) bool) {
		eachPage[T, W, PW](ctx, c, r, in, opts, yield)
	}
}

// All ranges over the items of a list, page by page. Each range starts afresh. It
// is not inlined, like Pages.
//
//go:noinline
func All[T, W any, PW Wire[T, W]](ctx context.Context, c *Client, r Route, in any, opts []api.CallOption) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		eachPage[T, W, PW](ctx, c, r, in, opts, func(p *api.Page[T], err error) bool {
			if err != nil {
				var none T
				return yield(none, err)
			}
			for i := range p.Items {
				if !yield(p.Items[i], nil) {
					return false
				}
			}
			return true
		})
	}
}

// eachPage shows one page after the other to use, until it returns false or there
// is no more.
func eachPage[T, W any, PW Wire[T, W]](
	ctx context.Context, c *Client, r Route, in any, opts []api.CallOption, use func(*api.Page[T], error) bool,
) {
	var t page[T, W, PW]
	seen := cursors{}
	p, err := fetch(ctx, c, r, in, opts, &t)
	for use(p, err) && err == nil && p.HasMore {
		if r, err = seen.following(c, r, p.NextCursor); err == nil {
			p, err = fetch(ctx, c, r, in, opts, &t)
		} else {
			p = nil
		}
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
func (s *cursors) following(c *Client, r Route, cursor string) (Route, error) {
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
