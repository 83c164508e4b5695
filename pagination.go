package orbit

import (
	"iter"
	"math"

	"github.com/devotel/orbit-go/api"
)

// Page is one page of a list.
type Page[T any] = api.Page[T]

// ErrNoMorePages is what Page.Next returns after the last page.
const ErrNoMorePages = api.ErrNoMorePages

// Collect gathers the items of an iterator, at most maxItems of them; 0 gathers
// none. It stops asking for pages once it has enough; with an error it returns what
// it has so far.
func Collect[T any](items iter.Seq2[T, error], maxItems int) ([]T, error) {
	var out []T
	if maxItems <= 0 {
		return out, nil
	}
	for item, err := range items {
		if err != nil {
			return out, err
		}
		if out = append(out, item); len(out) == maxItems {
			break
		}
	}
	return out, nil
}

// CollectAll gathers all items of an iterator, like [Collect] without a limit. The
// result is complete only if there is no error. A list may be long: range over the
// iterator where one item at a time will do.
func CollectAll[T any](items iter.Seq2[T, error]) ([]T, error) { return Collect(items, math.MaxInt) }
