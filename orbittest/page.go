package orbittest

import (
	"cmp"
	"encoding/base64"
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

// object is meta.pagination of the newer generation.
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

// A cursor is a place in a list and the direction of reading. Salt makes two
// cursors of the same place differ.
type cursor struct {
	at          position
	fromStart   bool
	oldestFirst bool
	salt        int
}

const cursorPrefix = "cur_"

// String is the opaque form.
func (k cursor) String() string {
	parts := []string{
		strconv.FormatInt(k.at.created, 36),
		strconv.FormatInt(k.at.number, 36),
		strconv.FormatBool(k.fromStart),
		strconv.FormatBool(k.oldestFirst),
		strconv.Itoa(k.salt),
	}
	return cursorPrefix + base64.RawURLEncoding.EncodeToString([]byte(strings.Join(parts, ".")))
}

// parseCursor reads what String wrote, and nothing else.
func parseCursor(s string) (k cursor, ok bool) {
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(s, cursorPrefix))
	parts := strings.Split(string(raw), ".")
	if err != nil || len(parts) != 5 {
		return cursor{}, false
	}
	k.at.created, _ = strconv.ParseInt(parts[0], 36, 64)
	k.at.number, _ = strconv.ParseInt(parts[1], 36, 64)
	k.fromStart = parts[2] == "true"
	k.oldestFirst = parts[3] == "true"
	k.salt, _ = strconv.Atoi(parts[4])
	return k, k.String() == s
}

// listPage answers one page of a collection, newest first unless sorted
// otherwise, in the form that show gives its rows.
func listPage[T any](c *call, rows *collection[T], keep func(T) bool, show func(T) object) (result, *failure) {
	limit, problem := c.pageLimit()
	if problem != nil {
		return result{}, problem
	}
	place, problem := c.place()
	if problem != nil {
		return result{}, problem
	}
	info := &pageInfo{total: rows.count(keep)}
	if c.fault.Page == PageEmpty {
		place.salt++
		info.cursor, info.more = place.String(), true
		return result{data: []object{}, page: info}, nil
	}
	var from *position
	if !place.fromStart {
		from = &place.at
	}
	found, more := rows.after(from, limit, place.oldestFirst, keep)
	items := make([]object, 0, len(found))
	for _, r := range found {
		items = append(items, show(r.value))
	}
	info.more = more
	if len(found) > 0 { // the cursor names the last item, on the last page too
		info.cursor = cursor{at: found[len(found)-1].at, oldestFirst: place.oldestFirst}.String()
	}
	switch c.fault.Page {
	case PageRepeatsCursor:
		info.cursor, info.more = c.query.Get("cursor"), true
	case PageWithoutCursor:
		info.cursor, info.more = "", true
	}
	return result{data: items, page: info}, nil
}

// place is where the page asked for starts.
func (c *call) place() (cursor, *failure) {
	oldestFirst := c.query.Get("sort") == "created_at"
	given := c.query.Get("cursor")
	if given == "" {
		return cursor{fromStart: true, oldestFirst: oldestFirst}, nil
	}
	k, ok := parseCursor(given)
	if !ok || k.oldestFirst != oldestFirst {
		problem := invalid(codeInvalidCursor, "cursor", given, "the cursor of an earlier page")
		problem.status = http.StatusBadRequest
		return cursor{}, problem
	}
	return k, nil
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
