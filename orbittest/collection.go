package orbittest

import (
	"cmp"
	"slices"
	"time"
)

// A collection holds the resources of one kind: found by ID in constant time,
// listed in the order of their creation. Adding the newest is cheap; so is
// reading on from a place in the list while others are added or removed.
type collection[T any] struct {
	rows   []*row[T] // oldest first
	byID   map[string]*row[T]
	number int64
}

type row[T any] struct {
	id    string
	at    position
	value T
}

// A position is a place in a collection. Positions are never used twice, and
// stay where they are when rows come and go.
type position struct {
	created int64 // nanoseconds
	number  int64 // order among those created at the same time
}

func (p position) compare(o position) int {
	return cmp.Or(cmp.Compare(p.created, o.created), cmp.Compare(p.number, o.number))
}

func newCollection[T any]() *collection[T] {
	return &collection[T]{byID: make(map[string]*row[T])}
}

func (c *collection[T]) add(id string, created time.Time, value T) {
	c.number++
	r := &row[T]{id, position{created.UnixNano(), c.number}, value}
	c.byID[id] = r
	c.rows = slices.Insert(c.rows, c.index(r.at), r)
}

func (c *collection[T]) get(id string) (T, bool) {
	if r := c.byID[id]; r != nil {
		return r.value, true
	}
	var none T
	return none, false
}

func (c *collection[T]) remove(id string) {
	if r := c.byID[id]; r != nil {
		delete(c.byID, id)
		i := c.index(r.at)
		c.rows = slices.Delete(c.rows, i, i+1)
	}
}

// index is where a position is, or would be.
func (c *collection[T]) index(at position) int {
	if n := len(c.rows); n == 0 || c.rows[n-1].at.compare(at) < 0 {
		return n // the newest: the usual place
	}
	i, _ := slices.BinarySearchFunc(c.rows, at, func(r *row[T], at position) int { return r.at.compare(at) })
	return i
}

// after returns up to limit rows that keep wants, behind a position or from the
// start, and the row behind them, if there is one.
func (c *collection[T]) after(from *position, limit int, oldestFirst bool, keep func(T) bool) (rows []*row[T], next *row[T]) {
	i, step := len(c.rows)-1, -1
	if oldestFirst {
		i, step = 0, 1
	}
	if from != nil {
		i = c.index(*from)
		switch {
		case !oldestFirst:
			i--
		case i < len(c.rows) && c.rows[i].at == *from:
			i++
		}
	}
	for ; i >= 0 && i < len(c.rows); i += step {
		if !keep(c.rows[i].value) {
			continue
		}
		if len(rows) == limit {
			return rows, c.rows[i]
		}
		rows = append(rows, c.rows[i])
	}
	return rows, nil
}

// count is the number of rows that keep wants.
func (c *collection[T]) count(keep func(T) bool) int {
	n := 0
	for _, r := range c.rows {
		if keep(r.value) {
			n++
		}
	}
	return n
}
