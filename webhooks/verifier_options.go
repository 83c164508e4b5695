package webhooks

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Defaults of a Verifier.
const (
	// DefaultTolerance is how far the signed time may be from the clock, either
	// way.
	DefaultTolerance = 5 * time.Minute
	// DefaultMaxBody is the largest body, in bytes. Orbit truncates data above
	// 256 KB.
	DefaultMaxBody = 1 << 20
)

// maxMaxBody keeps calculations with the limit far from overflowing.
const maxMaxBody = 1 << 30

// VerifierOption changes a verifier while NewVerifier makes it. One that cannot
// work makes NewVerifier fail.
type VerifierOption func(*Verifier) error

// NewVerifier returns a verifier for a signing secret, as Orbit showed it when
// the webhook was created: whsec_ is part of it. The secret is a string, or the
// [Webhook.SigningSecret] of the created webhook. NewVerifier refuses an empty secret
// (ErrNoSecret), one with white space around it, and options that cannot work.
func NewVerifier[S ~string](secret S, opts ...VerifierOption) (*Verifier, error) {
	return newVerifier(append([]VerifierOption{WithSecret(secret, time.Time{})}, opts...))
}

func newVerifier(opts []VerifierOption) (*Verifier, error) {
	v := &Verifier{tolerance: DefaultTolerance, maxBody: DefaultMaxBody, now: time.Now}
	for _, o := range opts {
		if o == nil {
			continue
		}
		if err := o(v); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// WithSecret accepts another secret as well, until a time after which it is
// refused; the zero time is no end. While a secret is replaced, give the new one
// to NewVerifier and the old one here: deliveries signed by either pass, and
// Verification.Secret tells which.
func WithSecret[S ~string](secret S, until time.Time) VerifierOption {
	return withSecret(string(secret), until)
}

func withSecret(text string, until time.Time) VerifierOption {
	return func(v *Verifier) error {
		trimmed := strings.TrimSpace(text)
		switch {
		case trimmed == "":
			return ErrNoSecret
		case trimmed != text:
			return errors.New("webhooks: the signing secret has white space around it, such as the line break of the file that it was read from")
		}
		v.secrets = append(v.secrets, secret{sum: newMAC(text), until: until})
		return nil
	}
}

// WithTolerance sets how far the signed time may be from the clock, either way,
// instead of [DefaultTolerance]. What lies beyond is ErrTooOld or ErrTooNew.
func WithTolerance(d time.Duration) VerifierOption {
	return func(v *Verifier) error {
		if d <= 0 {
			return errors.New("webhooks: WithTolerance: must be more than 0")
		}
		v.tolerance = d
		return nil
	}
}

// WithClock sets the clock that signed times and the ends of secrets are compared
// with, instead of time.Now. It is called from several goroutines at once.
func WithClock(now func() time.Time) VerifierOption {
	return func(v *Verifier) error {
		if now == nil {
			return errors.New("webhooks: WithClock: must not be nil")
		}
		v.now = now
		return nil
	}
}

// WithMaxBody sets the largest body, in bytes, instead of [DefaultMaxBody]. A
// larger one is ErrBodyTooLarge before anything of it is hashed.
func WithMaxBody(bytes int64) VerifierOption {
	return func(v *Verifier) error {
		if bytes < 1 || bytes > maxMaxBody {
			return fmt.Errorf("webhooks: WithMaxBody: must be from 1 byte to %d", maxMaxBody)
		}
		v.maxBody = bytes
		return nil
	}
}

// WithLegacySignature accepts the older scheme as well, in which the header is
// the bare hexadecimal HMAC-SHA256 of the body. It has no time: who has recorded
// such a delivery can repeat it for ever, and only the store of a [Handler] stands
// against that, for as long as it remembers the event. Only a JSON object passes.
func WithLegacySignature() VerifierOption {
	return func(v *Verifier) error {
		v.legacy = true
		return nil
	}
}
