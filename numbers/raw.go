package numbers

import (
	"bytes"
	"encoding/json"
)

// rawWire is an answer that is kept as it came.
type rawWire struct{ raw json.RawMessage }

// UnmarshalJSON keeps the answer.
func (w *rawWire) UnmarshalJSON(data []byte) error {
	w.raw = bytes.Clone(data)
	return nil
}
