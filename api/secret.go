package api

import (
	"fmt"
	"io"
	"log/slog"
)

// Secret is text that is sent to the API but never printed: a password, a
// signing secret, a one-time code. fmt and slog show [redacted] for it, whatever
// the verb; %p and %w alone, which no text can be printed with and go vet
// refuses, give it away. Structs that hold one have a LogValue, so that a logger
// which writes JSON shows none either. Encoders write the text itself, since that
// is how it is sent and stored: encoding/json, encoding/gob and the like, and so
// does such a logger for a slice or map of those structs. Convert it with
// string(s) to use it.
type Secret string

const redacted = "[redacted]"

// Format prints [redacted] for every verb, or nothing for an empty secret.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// String returns [redacted], or "" for an empty secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return redacted
}

// GoString returns what String does.
func (s Secret) GoString() string { return s.String() }

// LogValue shows slog what String returns.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }
