package api

import (
	"context"
	"log/slog"
)

// Sentinel is an error that is a constant, to be compared with errors.Is.
type Sentinel string

// Error is the text of the sentinel.
func (s Sentinel) Error() string { return string(s) }

// ErrNoMorePages is what [Page.Next] returns after the last page.
const ErrNoMorePages Sentinel = "orbit: no more pages"

// Page is one page of a list.
type Page[T any] struct {
	Meta

	// Items are the page's items in the API's order. An empty page may still
	// have more behind it.
	Items []T
	// HasMore reports whether another page follows.
	HasMore bool
	// NextCursor is the cursor of the next page. Keep it to resume an
	// interrupted export: give it as Cursor in the params.
	NextCursor string
	// Total is the number of items in the whole list, nil where the API does
	// not say.
	Total *int

	next func(context.Context) (*Page[T], error)
}

// NewPage returns page with next as the source of the page behind it.
func NewPage[T any](page Page[T], next func(context.Context) (*Page[T], error)) *Page[T] {
	page.next = next
	return &page
}

// Next fetches the page behind this one, with the same filters and options. It
// returns [ErrNoMorePages] after the last one.
func (p *Page[T]) Next(ctx context.Context) (*Page[T], error) {
	if !p.HasMore || p.next == nil {
		return nil, ErrNoMorePages
	}
	return p.next(ctx)
}

// LogValue tells slog how large the page is, without its items: they would fill the
// log, and some hold secrets that a handler which writes JSON would show.
func (p Page[T]) LogValue() slog.Value {
	return logPage(p.RequestID(), len(p.Items), p.HasMore, p.Total)
}

// logPage is compiled once, not for each type of item.
//
//go:noinline
func logPage(requestID string, items int, more bool, total *int) slog.Value {
	attrs := []slog.Attr{slog.Int("items", items), slog.Bool("has_more", more)}
	if total != nil {
		attrs = append(attrs, slog.Int("total", *total))
	}
	return slog.GroupValue(append(attrs, slog.String("request_id", requestID))...)
}
