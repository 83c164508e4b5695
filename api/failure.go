package api

import (
	"bytes"
	"cmp"
	"encoding/json"
)

// Failure says why a part of a result failed: the row of a bulk request, the
// execution of a flow or one of its nodes. Its zero value is no failure.
type Failure struct {
	// NodeID is the node that failed, in the execution of a flow only.
	NodeID string `json:"node_id,omitzero"`
	// Code is Orbit's code, such as INVALID_PHONE_NUMBER.
	Code Code `json:"code,omitzero"`
	// Message is the explanation for people.
	Message string `json:"message,omitzero"`
}

// IsZero reports whether nothing failed.
func (f Failure) IsZero() bool { return f == Failure{} }

// UnmarshalJSON reads an object, or just a text. What holds neither a code nor a
// message is the message itself, so that a failure never looks like none.
func (f *Failure) UnmarshalJSON(data []byte) error {
	*f = Failure{}
	var fields map[string]json.RawMessage
	if json.Unmarshal(data, &fields) == nil {
		f.NodeID, f.Code, f.Message = cmp.Or(scalar(fields["node_id"]), scalar(fields["nodeId"])), Code(scalar(fields["code"])), scalar(fields["message"])
	} else if data[0] == '"' {
		f.Message = scalar(data)
	}
	if f.Code == "" && f.Message == "" && !isHollow(data) {
		f.Message = string(bytes.TrimSpace(data))
	}
	return nil
}

// isHollow reports whether raw says that nothing failed: it is null, "", false or
// 0, or holds nothing but the like.
func isHollow(raw json.RawMessage) bool {
	var members map[string]json.RawMessage
	var items []json.RawMessage
	switch {
	case json.Unmarshal(raw, &members) == nil:
		for _, m := range members {
			if scalar(m) != "" || !isHollow(m) {
				return false
			}
		}
		return true
	case json.Unmarshal(raw, &items) == nil:
		return len(items) == 0
	}
	text := scalar(raw)
	return text == "" || text == "false" || text == "0"
}
