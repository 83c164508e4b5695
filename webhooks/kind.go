package webhooks

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"github.com/devotel/orbit-go/internal/wire"

	"github.com/devotel/orbit-go/api"
)

// EventType names what happened. The set is open: Orbit has more types than the
// SDK has constants, and an unknown one works like a known one.
type EventType = api.EventType

// Kind is an event type together with the Go type of its data. The constants of
// this package are Kinds; for an event that has none, or whose data you want in
// another form, make your own:
//
//	const InvoicePaid webhooks.Kind[Invoice] = "invoice.paid"
type Kind[T any] string

// Type is the event type alone, for comparing it with Event.Type.
func (k Kind[T]) Type() EventType { return EventType(k) }

// Known reports whether this version of the SDK has a constant for the event
// type.
func (k Kind[T]) Known() bool { return k.Type().Known() }

// Data decodes the data of an event of this kind. A number where text is expected
// and the like is taken; what does not fit at all is ErrReshaped, an event of
// another type ErrOtherType, and truncated data ErrTruncated. Fields of T that the
// data does not have are zero, and those that T does not have are in Event.Data.
func (k Kind[T]) Data(e *Event) (*T, error) {
	switch {
	case e.Type != k.Type():
		return nil, ErrOtherType
	case e.Truncated != nil:
		return nil, ErrTruncated
	}
	raw := e.Data
	if len(raw) == 0 {
		raw = json.RawMessage("null")
	}
	data := new(T)
	if err := readData(raw, data); err != nil {
		return nil, err
	}
	return data, nil
}

// Types returns the event types of several kinds, for CreateParams and UpdateParams:
//
//	webhooks.Types(webhooks.MessageDelivered, webhooks.CallCompleted)
func Types(kinds ...interface{ Type() EventType }) []EventType {
	types := make([]EventType, len(kinds))
	for i, k := range kinds {
		types[i] = k.Type()
	}
	return types
}

// reader is data of a type of this package, which knows the names that each
// generation of the API has for its fields.
type reader interface {
	read(raw json.RawMessage) error
}

// readData decodes data into *T. A type of this package that finds nothing of its
// own in the data was given something else.
func readData[T any](raw json.RawMessage, data *T) error {
	known, ok := any(data).(reader)
	if !ok {
		return reshaped(wire.Unmarshal(raw, data))
	}
	if err := known.read(raw); err != nil {
		return reshaped(err)
	}
	if reflect.ValueOf(data).Elem().IsZero() {
		return fmt.Errorf("%w: it has none of the known fields", ErrReshaped)
	}
	return nil
}

// reshaped says which field did not fit. The decoder's own error is left out, for
// it may quote the data.
func reshaped(err error) error {
	if err == nil {
		return nil
	}
	var mismatch *wire.Mismatch
	if errors.As(err, &mismatch) && mismatch.Path != "" {
		return fmt.Errorf("%w: at %q", ErrReshaped, mismatch.Path)
	}
	return ErrReshaped
}
