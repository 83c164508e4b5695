package wire

import (
	"encoding/json"

	"github.com/devotel/orbit-go/api"
)

// Body encodes params as JSON, times in UTC, with the extra fields set on top.
// Nil params without extra fields give no body.
func Body(params any, extra []api.BodyField) ([]byte, error) {
	if params == nil && len(extra) == 0 {
		return nil, nil
	}
	body, err := json.Marshal(UTC(params))
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
	return json.Marshal(fields)
}
