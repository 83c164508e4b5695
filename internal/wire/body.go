package wire

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"github.com/devotel/orbit-go/api"
)

// Verbatim is params with one member more, whose JSON goes out byte for byte:
// encoding/json would respell it, without white space and with \u003c for "<".
// Empty JSON is left out.
type Verbatim struct {
	Params any
	Name   string
	JSON   json.RawMessage
}

// Body encodes params as JSON, times in UTC, with the extra fields set on top.
// Nil params without extra fields give no body.
func Body(params any, extra []api.BodyField) ([]byte, error) {
	if params == nil && len(extra) == 0 {
		return nil, nil
	}
	body, err := encode(params)
	if err != nil || len(extra) == 0 {
		return body, err
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil {
		return nil, err
	}
	if fields == nil {
		fields = make(map[string]json.RawMessage, len(extra))
	}
	for _, f := range extra {
		if fields[f.Name], err = json.Marshal(UTC(f.Value)); err != nil {
			return nil, err
		}
	}
	body = []byte("{}")
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		body = withMember(body, name, fields[name])
	}
	return body, nil
}

func encode(params any) ([]byte, error) {
	v, ok := params.(Verbatim)
	if !ok {
		return json.Marshal(UTC(params))
	}
	body, err := json.Marshal(UTC(v.Params))
	if err != nil || len(v.JSON) == 0 {
		return body, err
	}
	return withMember(body, v.Name, v.JSON), nil
}

// withMember adds a member, as it is, to an object that encoding/json wrote.
func withMember(object []byte, name string, value json.RawMessage) []byte {
	quoted, _ := json.Marshal(name) // text can always be written
	object = bytes.TrimSuffix(object, []byte("}"))
	if len(object) > 1 {
		object = append(object, ',')
	}
	object = append(append(object, quoted...), ':')
	return append(append(object, value...), '}')
}
