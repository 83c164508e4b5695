package call

import (
	"context"
	"iter"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/wire"
)

// defaultRoom is how many items a page is prepared for when the caller set no
// limit: the API's usual page.
const defaultRoom = 25

// page is the target of a call that answers with a list.
type page[T, W any, PW Wire[T, W]] struct {
	value api.Page[T]
}

func (t *page[T, W, PW]) decode(x *exchange, body []byte, info *api.ResponseInfo) error {
	if isBlank(body) {
		return errNoBody
	}
	items, meta, err := wire.Many[W](body, defaultRoom)
	info.RequestID = x.requestID(meta.RequestID)
	if err != nil {
		return explain(body, err)
	}
	x.next.cursor, x.next.hasMore = meta.Next()
	t.value = api.Page[T]{
		Meta: api.Meta{Info: info}, Items: make([]T, len(items)),
		HasMore: x.next.hasMore, NextCursor: x.next.cursor, Total: meta.Total(),
	}
	for i := range items {
		t.value.Items[i] = *PW(&items[i]).Public(info)
	}
	return nil
}

// List makes a call that answers with a page of a list.
func List[T, W any, PW Wire[T, W]](ctx context.Context, c *Client, r Route, in any, opts []api.CallOption) (*api.Page[T], error) {
	t := &page[T, W, PW]{}
	if err := run(ctx, c, r, in, opts, t); err != nil {
		return nil, err
	}
	return api.NewPage(t.value, func(ctx context.Context) (*api.Page[T], error) {
		next, err := following(c, r, t.value.NextCursor)
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
	return c.cfg.Fail(&Failure{Kind: KindCursor, Op: r.op, Method: r.method, Route: r.template, Cursor: cursor})
}

// Pages ranges over the pages of a list. Each range starts afresh.
func Pages[T, W any, PW Wire[T, W]](ctx context.Context, c *Client, r Route, in any, opts []api.CallOption) iter.Seq2[*api.Page[T], error] {
	return func(yield func(*api.Page[T], error) bool) {
		var seen loop
		p, err := List[T, W, PW](ctx, c, r, in, opts)
		for yield(p, err) && err == nil && p.HasMore {
			if seen.closes(p.NextCursor) {
				yield(nil, lost(c, r, p.NextCursor))
				return
			}
			p, err = p.Next(ctx)
		}
	}
}

// loop notices cursors that come round again, in constant memory: it compares
// each cursor with one kept from earlier, and keeps a newer one at growing
// distances, so that a circle of any length is found.
type loop struct {
	kept         string
	steps, limit int
}

func (l *loop) closes(cursor string) bool {
	if cursor != "" && cursor == l.kept {
		return true
	}
	if l.steps == l.limit {
		l.kept, l.steps, l.limit = cursor, 0, max(1, 2*l.limit)
	}
	l.steps++
	return false
}

// All ranges over the items of a list, page by page. Each range starts afresh.
func All[T, W any, PW Wire[T, W]](ctx context.Context, c *Client, r Route, in any, opts []api.CallOption) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for p, err := range Pages[T, W, PW](ctx, c, r, in, opts) {
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
