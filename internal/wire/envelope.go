package wire

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/devotel/orbit-go/api"
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

// Total returns the size of the whole list, or nil where it is not said.
func (m Meta) Total() *int {
	if m.Pagination == nil {
		return nil
	}
	return m.Pagination.Total
}

// ErrNoData reports an answer that is well-formed JSON but holds nothing.
const ErrNoData = api.Sentinel("the answer holds no data")

// Reasons why an answer cannot be read as a list.
const (
	errNoList       = api.Sentinel("the answer holds no list")
	errSeveralLists = api.Sentinel("the answer holds several lists")
)

// envelope is an answer whose data is a V. A pointer tells a missing or null
// data from an empty one.
type envelope[V any] struct {
	Data  *V              `json:"data"`
	Meta  Meta            `json:"meta"`
	Error json.RawMessage `json:"error"`
}

// One reads an answer that holds one V: in an envelope, or bare. An answer that
// is an error in disguise comes back as an *Error.
func One[V any](body []byte) (*V, Meta, error) {
	var env envelope[V]
	if isArray(body) {
		value := new(V)
		return value, env.Meta, Unmarshal(body, value)
	}
	err := Unmarshal(body, &env)
	if err == nil && env.Data != nil && !isError(env.Error) {
		return env.Data, env.Meta, nil
	}
	members := object(body)
	if e := disguised(members, body); e != nil {
		return nil, env.Meta, e
	}
	switch {
	case err != nil:
		return nil, env.Meta, err
	case env.Data != nil:
		return env.Data, env.Meta, nil
	case !isBare(members):
		return nil, env.Meta, ErrNoData
	}
	value := new(V)
	if err := Unmarshal(body, value); err != nil {
		return nil, env.Meta, err
	}
	return value, env.Meta, nil
}

// isBare reports whether an object without data is the data itself: whether it
// has a member that is not the envelope's.
func isBare(members map[string]json.RawMessage) bool {
	bare := false
	for name := range members {
		switch strings.ToLower(name) {
		case "data":
			return false
		case "meta", "error":
		default:
			bare = true
		}
	}
	return bare
}

// Many reads an answer that holds a list of V: in an envelope, under the only
// array inside data, or bare. room is decoded into as far as it goes: a slice without items, zero to its capacity.
func Many[V any](body []byte, room []V) ([]V, Meta, error) {
	if isArray(body) {
		items := room[:0]
		err := Unmarshal(body, &items)
		return items, Meta{}, err
	}
	var env struct {
		Data  []V             `json:"data"`
		Meta  Meta            `json:"meta"`
		Error json.RawMessage `json:"error"`
	}
	env.Data = room[:0]
	if err := json.Unmarshal(body, &env); err == nil && len(env.Data) > 0 {
		return env.Data, env.Meta, nil
	}
	return manyNested[V](body)
}

// manyNested reads the lists that are empty or not plainly under data, and those
// in which a scalar has another type than expected.
func manyNested[V any](body []byte) ([]V, Meta, error) {
	env, meta, err := One[json.RawMessage](body)
	if err != nil {
		return nil, meta, err
	}
	list := *env
	if !isArray(list) {
		if list, err = onlyArray(list); err != nil {
			return nil, meta, err
		}
	}
	items := []V{}
	err = Unmarshal(list, &items)
	return items, meta, err
}

// onlyArray finds the one array among an object's members.
func onlyArray(object []byte) (json.RawMessage, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(object, &members); err != nil {
		return nil, err
	}
	var found json.RawMessage
	for _, m := range members {
		if !isArray(m) {
			continue
		}
		if found != nil {
			return nil, errSeveralLists
		}
		found = m
	}
	if found == nil {
		return nil, errNoList
	}
	return found, nil
}

func isArray(data []byte) bool {
	data = bytes.TrimLeft(data, " \t\r\n")
	return len(data) > 0 && data[0] == '['
}
