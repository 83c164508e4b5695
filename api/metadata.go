package api

import (
	"bytes"
	"encoding/json"
)

// Metadata is free-form JSON that Orbit stores and gives back. Numbers that
// come back are [json.Number], so that no digit is lost. A map[string]any can
// be given wherever Metadata is asked for.
type Metadata map[string]any

// UnmarshalJSON reads an object, its numbers kept exactly.
func (m *Metadata) UnmarshalJSON(data []byte) error {
	var values map[string]any
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if err := dec.Decode(&values); err != nil {
		return err
	}
	*m = values
	return nil
}
