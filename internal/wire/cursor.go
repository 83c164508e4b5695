package wire

import (
	"encoding/json"
	"strings"
)

// Meta is the part of an envelope that surrounds the data.
type Meta struct {
	RequestID  string      `json:"request_id"`
	DocsURL    string      `json:"docs_url"`
	NextCursor string      `json:"next_cursor"`
	Pagination *Pagination `json:"pagination"`
}

// Pagination is how most lists name the next page.
type Pagination struct {
	Cursor  string `json:"cursor"`
	HasMore *bool  `json:"has_more"`
	Total   *int   `json:"total"`
}

// Next returns the cursor of the next page and whether there is one. has_more
// decides where it is present, since the cursor names the last item of a page
// and may be set on the last page too.
func (m Meta) Next() (cursor string, hasMore bool) {
	cursor = m.NextCursor
	if p := m.Pagination; p != nil {
		if p.Cursor != "" {
			cursor = p.Cursor
		}
		if p.HasMore != nil {
			return cursor, *p.HasMore
		}
	}
	return cursor, cursor != ""
}

// saysWhatFollows reports whether it is known if the list goes on.
func (m Meta) saysWhatFollows() bool {
	_, more := m.Next()
	return more || m.Pagination != nil && m.Pagination.HasMore != nil
}

// Total returns the size of the whole list, or nil where it is not said.
func (m Meta) Total() *int {
	if m.Pagination == nil {
		return nil
	}
	return m.Pagination.Total
}

// StrayCursor is a sign that a list goes on, in a place where none is known. Such a
// page is not taken for the last one.
type StrayCursor struct {
	// Path is the place of the sign, such as "pagination.cursor".
	Path string
}

// Error does not say what the cursor is.
func (s *StrayCursor) Error() string { return "the list goes on, but says so in an unexpected place" }

// strayCursor returns the place of a sign that the list goes on: anywhere around the
// list, but not in its items.
func (e opened) strayCursor() string {
	const deep = 4
	for _, p := range e.parts {
		if path := strayIn(p.name, p.value, "", deep); path != "" {
			return path
		}
	}
	return ""
}

func strayIn(name []byte, value json.RawMessage, path string, deep int) string {
	path = join(path, word(name))
	if saysMore(name, value) {
		return path
	}
	if deep == 1 || !isObject(value) {
		return ""
	}
	for name, value := range members(value) {
		if inner := strayIn(name, value, path, deep-1); inner != "" {
			return inner
		}
	}
	return ""
}

// saysMore reports whether a member says that a list goes on.
func saysMore(name []byte, value json.RawMessage) bool {
	switch wordsOf(unquoted(name)) {
	case "cursor", "nextcursor", "endcursor", "aftercursor", "nextpage", "nextpagetoken", "nexttoken":
		text := scalar(value)
		return text != "" && text != "false"
	case "hasmore", "hasnext", "hasnextpage":
		return strings.EqualFold(scalar(value), "true") || scalar(value) == "1"
	}
	return false
}
