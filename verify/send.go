package verify

import (
	"context"
	"log/slog"
	"strings"
	"unicode"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
	"github.com/devotel/orbit-go/internal/redact"
)

// SendParams says whom to send a code, and how.
type SendParams struct {
	// To is a phone number in E.164 form, such as +14155552671, or an e-mail
	// address. Required.
	To string `json:"to"`
	// Channel is the way to send it. Required.
	Channel Channel `json:"channel"`
	// MaxAttempts is how often a code may be typed, 1 to 10. 0 leaves it to the
	// API (3; one page says 5).
	MaxAttempts int `json:"max_attempts,omitzero"`
	// CodeLength is the number of digits, 4 to 8. 0 leaves it to the API (6).
	CodeLength int `json:"code_length,omitzero"`
	// ExpiresInSeconds is how long the code is good for, in seconds, such as 600 for
	// ten minutes. 0 leaves it to the API.
	ExpiresInSeconds int `json:"expires_in_seconds,omitzero"`
	// Locale is the language of the message, such as "en" or "pt-BR".
	Locale string `json:"locale,omitzero"`
	// FallbackChannel is tried where Channel does not get through.
	FallbackChannel Channel `json:"fallback_channel,omitzero"`
	// CustomMessage is the text to send. It must hold {{code}}, which the code
	// takes the place of.
	CustomMessage string `json:"custom_message,omitzero"`
	// ProfileID takes the settings that are not given from a profile.
	ProfileID string `json:"profile_id,omitzero"`
}

// CheckParams is a code that somebody typed.
type CheckParams struct {
	// VerificationID is the ID of the verification that Send returned. Required.
	VerificationID string `json:"verification_id"`
	// Code is what was typed, as a secret that no log shows:
	// orbit.Secret(r.FormValue("code")). Required. Spaces and dashes in it are not
	// sent.
	Code api.Secret `json:"code"`
}

// LogValue keeps the code out of slog, also out of a handler that writes JSON.
func (p CheckParams) LogValue() slog.Value { return redact.LogValue(p) }

// Send sends a new code. The answer does not hold it: only the recipient knows.
//
// POST /verify/send
func (s *Service) Send(ctx context.Context, params SendParams, opts ...api.CallOption) (*Verification, error) {
	return s.send(ctx, params.route("Verify.Send"), params, opts)
}

func (s *Service) send(ctx context.Context, route *call.Route, params SendParams, opts []api.CallOption) (*Verification, error) {
	return call.Create[Verification, verificationWire](ctx, s.core, route, params, opts)
}

func (p SendParams) route(op string) *call.Route {
	return call.Post(op, "/verify/send").Check(
		checkRecipient(p.Channel, "to", p.To), check.Required("channel", string(p.Channel)), checkMessage(p.CustomMessage))
}

// checkMessage refuses a message of one's own that would arrive without the code.
func checkMessage(text string) *check.Problem {
	return check.That(text == "" || strings.Contains(text, "{{code}}"), "custom_message", "must hold {{code}}")
}

// Check checks a code. A wrong, late or used-up code is a result, not an error:
// let the person in where [Verification.Approved] says so, and nowhere else. Where
// the code was wrong (Status.Wrong), it may be typed again while AttemptsRemaining
// lasts.
//
// The right code checked again, as by a double click, is approved again while it
// is good. Undocumented: an API that takes a code only once rejects it with
// orbit.ErrConflict, which means that the code was used, not that something broke.
// A program that must let nobody in twice remembers the verifications that it
// accepted.
//
// POST /verify/check
func (s *Service) Check(ctx context.Context, params CheckParams, opts ...api.CallOption) (*Verification, error) {
	params.Code = withoutSeparators(params.Code)
	route := call.Post("Verify.Check", "/verify/check").Check(
		check.Required("verification_id", params.VerificationID), check.Required("code", string(params.Code)))
	return call.Do[Verification, verificationWire](ctx, s.core, route, params, opts)
}

// withoutSeparators takes out what people type and paste between and around the
// digits of a code: spaces, dashes, and characters that cannot be seen.
func withoutSeparators(code api.Secret) api.Secret {
	const minus = '\u2212'
	return api.Secret(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.In(r, unicode.Pd, unicode.Cf) || r == minus {
			return -1
		}
		return r
	}, string(code)))
}
