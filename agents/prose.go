package agents

import (
	"bytes"
	"cmp"
	"encoding/json"
)

// prose is what an answer says to people where its form is not documented: a
// text, or an object that holds one. Another form must not make the whole answer
// unreadable and is left out.
type prose string

// UnmarshalJSON reads either of the two forms, and never fails.
func (p *prose) UnmarshalJSON(data []byte) error {
	*p = ""
	switch {
	case bytes.HasPrefix(data, []byte("[")):
	case bytes.HasPrefix(data, []byte("{")):
		var object struct{ Content, Text, Message prose }
		if json.Unmarshal(data, &object) == nil {
			*p = cmp.Or(object.Content, object.Text, object.Message)
		}
	default:
		var text string
		if json.Unmarshal(data, &text) != nil {
			text = string(data) // a number, or true
		}
		*p = prose(text)
	}
	return nil
}
