package wire

import (
	"bytes"
	"encoding/json"
	"reflect"
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

// envelope is an answer around its data.
type envelope struct {
	// Data is a pointer to what the data is decoded into. encoding/json follows it,
	// so that the envelope has one type, and what reads it is compiled once.
	Data  any             `json:"data"`
	Meta  Meta            `json:"meta"`
	Error json.RawMessage `json:"error"`
}

// One reads an answer that holds one V: in an envelope, or bare. An answer that
// is an error in disguise comes back as an *Error.
func One[V any](body []byte) (*V, Meta, error) {
	var data *V // a pointer tells a missing or null data from an empty one
	meta, err := OneInto(body, &data)
	return data, meta, err
}

// OneInto is One for a type that the caller knows: data is a pointer to a nil
// pointer, which is set to the result, or to nil where the error is not nil.
func OneInto(body []byte, data any) (Meta, error) {
	at := reflect.ValueOf(data).Elem()
	env := envelope{Data: data}
	bare, err := open(body, &env, func() bool { return !at.IsNil() })
	if bare {
		at.Set(reflect.New(at.Type().Elem()))
		err = Unmarshal(body, at.Interface())
	}
	if err != nil {
		at.SetZero()
	}
	return env.Meta, err
}

// open decodes an answer into env, and reports whether the answer is bare instead.
func open(body []byte, env *envelope, hasData func() bool) (bare bool, err error) {
	if isArray(body) {
		return true, nil
	}
	err = unmarshalEnvelope(body, env)
	if err == nil && hasData() && !isError(env.Error) {
		return false, nil
	}
	members := object(body)
	if e := disguised(members, body); e != nil {
		return false, e
	}
	switch {
	case err != nil:
		return false, err
	case hasData():
		return false, nil
	case !isBare(members):
		return false, ErrNoData
	}
	return true, nil
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
// array inside data, or bare. room is decoded into as far as it goes: a slice
// without items, zero to its capacity.
func Many[V any](body []byte, room []V) ([]V, Meta, error) {
	items := room[:0]
	meta, err := ManyInto(body, &items)
	return items, meta, err
}

// ManyInto is Many for a type that the caller knows: list is a pointer to the
// room, which is set to the items, or to nil where the list is not found.
func ManyInto(body []byte, list any) (Meta, error) {
	if isArray(body) {
		return Meta{}, Unmarshal(body, list)
	}
	at := reflect.ValueOf(list).Elem()
	env := envelope{Data: list}
	if err := json.Unmarshal(body, &env); err == nil && at.Len() > 0 {
		return env.Meta, nil
	}
	at.SetZero()
	found, meta, err := nested(body)
	if err != nil {
		return meta, err
	}
	at.Set(reflect.MakeSlice(at.Type(), 0, 0))
	return meta, Unmarshal(found, list)
}

// nested finds the list of an answer in which it is empty or not plainly under
// data, or has an item that does not decode as it is.
func nested(body []byte) (json.RawMessage, Meta, error) {
	data, meta, err := One[json.RawMessage](body)
	switch {
	case err != nil:
		return nil, meta, err
	case isArray(*data):
		return *data, meta, nil
	}
	list, err := onlyArray(*data)
	return list, meta, err
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
