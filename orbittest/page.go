package orbittest

import (
	"cmp"
	"encoding/base64"
	"hash/fnv"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"
)

// A pageInfo is what an answer says about the place of a page in its list.
type pageInfo struct {
	cursor string
	more   bool
	total  int
}

// object is meta.pagination.
func (p *pageInfo) object() object {
	o := object{{"cursor", nil}, {"has_more", p.more}, {"total", p.total}}
	if p.cursor != "" {
		o[0].value = p.cursor
	}
	return o
}

// listQuery is the schema of a list's query: what all lists take, and the
// list's own filters.
func listQuery(filters ...field) schema {
	return append(schema{{name: "cursor", kind: text}, {name: "limit", kind: text}}, filters...)
}

// sorting is the filter of lists that can be read oldest first.
func sorting() field {
	return field{name: "sort", kind: text, format: oneOf("created_at", "-created_at")}
}

// A cursor is a place in a list. Salt makes two cursors of the same place differ.
type cursor struct {
	at        position
	fromStart bool
	salt      int
}

const cursorPrefix = "cur_"

// String is the opaque form. It is good for one list only.
func (k cursor) String(list string) string {
	parts := []string{
		strconv.FormatInt(k.at.created, 36),
		strconv.FormatInt(k.at.number, 36),
		strconv.FormatBool(k.fromStart),
		strconv.Itoa(k.salt),
		list,
	}
	return cursorPrefix + base64.RawURLEncoding.EncodeToString([]byte(strings.Join(parts, ".")))
}

// parseCursor reads what String wrote for the list, and nothing else.
func parseCursor(s, list string) (k cursor, ok bool) {
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(s, cursorPrefix))
	parts := strings.Split(string(raw), ".")
	if err != nil || len(parts) != 5 {
		return cursor{}, false
	}
	k.at.created, _ = strconv.ParseInt(parts[0], 36, 64)
	k.at.number, _ = strconv.ParseInt(parts[1], 36, 64)
	k.fromStart = parts[2] == "true"
	k.salt, _ = strconv.Atoi(parts[3])
	return k, k.String(list) == s
}

// list names the list that is read: a cursor belongs to its route, its filters, its
// order and its key.
func (c *call) list() string {
	filters := maps.Clone(c.query)
	delete(filters, "cursor")
	delete(filters, "limit")
	h := fnv.New64a()
	_, _ = io.WriteString(h, strings.Join(append([]string{c.apiKey, c.route.path, filters.Encode()}, c.values...), "\n")) // a hash takes everything
	return strconv.FormatUint(h.Sum64(), 36)
}

// listPage answers one page of a collection, newest first unless sorted
// otherwise, in the form that show gives its rows.
func listPage[T any](c *call, rows *collection[T], keep func(T) bool, show func(T) object) (result, *failure) {
	limit, problem := c.pageLimit()
	if problem != nil {
		return result{}, problem
	}
	place, ok := parseCursor(c.query.Get("cursor"), c.list())
	switch given := c.query.Get("cursor"); {
	case given == "":
		place, ok = cursor{fromStart: true}, true
	case c.route.shape == cursorOnly && !ok:
		place, ok = placeOf(c, rows, given)
	}
	if !ok {
		problem := invalid(codeInvalidCursor, "cursor", c.query.Get("cursor"), "the cursor of an earlier page of this list")
		problem.status = http.StatusBadRequest
		return result{}, problem
	}
	info := &pageInfo{total: rows.count(keep)}
	if c.fault.Page == PageEmpty {
		place.salt++
		info.cursor, info.more = place.String(c.list()), true
		return result{data: []object{}, page: info}, nil
	}
	var from *position
	if !place.fromStart {
		from = &place.at
	}
	found, next := rows.after(from, limit, c.query.Get("sort") == "created_at", keep)
	items := make([]object, 0, len(found))
	for _, r := range found {
		items = append(items, show(r.value))
	}
	info.more = next != nil
	switch {
	case c.route.shape == cursorOnly && info.more: // an ID, of the first item of the next page
		info.cursor = next.id
		c.server.issued[issue{next.id, c.list()}] = true
	case len(found) > 0: // the cursor names the last item, on the last page too
		info.cursor = cursor{at: found[len(found)-1].at}.String(c.list())
	}
	switch c.fault.Page {
	case PageRepeatsCursor:
		info.cursor, info.more = c.query.Get("cursor"), true
	case PageWithoutCursor:
		info.cursor, info.more = "", true
	}
	return result{data: items, page: info}, nil
}

// An issue is a cursor that is an ID, with the list that it was given out for.
type issue struct{ id, list string }

// placeOf is the place before the row whose ID was given out as a cursor.
func placeOf[T any](c *call, rows *collection[T], id string) (cursor, bool) {
	r := rows.byID[id]
	if r == nil || !c.server.issued[issue{id, c.list()}] {
		return cursor{}, false
	}
	return cursor{at: position{r.at.created, r.at.number + 1}}, true
}

// pageLimit is the size of the page asked for.
func (c *call) pageLimit() (int, *failure) {
	usual, most := cmp.Or(c.route.pageSize, 25), 200
	if c.server.cfg.generation == Older {
		usual, most = 20, 100
	}
	if c.server.cfg.pageSize > 0 {
		usual = c.server.cfg.pageSize
	}
	given := c.query.Get("limit")
	if given == "" {
		return usual, nil
	}
	n, err := strconv.Atoi(given)
	if err != nil || n < 1 || n > most {
		return 0, invalid(codeValidation, "limit", given, "1-"+strconv.Itoa(most))
	}
	return n, nil
}
