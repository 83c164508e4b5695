package webhooks

import (
	"bytes"
	"crypto/hmac"
	"fmt"
	"time"
)

// Scheme is a way to sign deliveries.
type Scheme string

// The schemes.
const (
	// SchemeV1 signs the time and the body.
	SchemeV1 Scheme = "v1"
	// SchemeLegacy is the older scheme, which signs the body alone; see
	// WithLegacySignature.
	SchemeLegacy Scheme = "legacy"
)

// Verification is what a signature that was found right tells.
type Verification struct {
	// Scheme is how the delivery was signed. It is "" only in the zero value, of
	// an event that was not verified.
	Scheme Scheme
	// Secret is the index of the secret that matched: 0 for the one given to
	// NewVerifier, 1 and up for those of WithSecret in their order.
	Secret int
	// SignedAt is when the delivery was signed, in whole seconds, UTC. It is zero
	// in the older scheme.
	SignedAt time.Time
}

// Verifier tells deliveries of Orbit from forged ones. Make one with
// [NewVerifier] and share it: it is safe for any number of goroutines and never
// changes. No form of printing it shows a secret.
type Verifier struct {
	secrets   []secret
	tolerance time.Duration
	maxBody   int64
	legacy    bool
	now       func() time.Time
}

// secret computes with a signing secret that it does not show.
type secret struct {
	sum   mac
	until time.Time // zero: without an end
}

func (s secret) hasEnded(now time.Time) bool { return !s.until.IsZero() && now.After(s.until) }

// Verify checks the value of the signature header against the body, which must be
// the exact bytes received. It keeps neither. The errors are ErrNoSignature,
// ErrMalformed, ErrMismatch, ErrTooOld, ErrTooNew and ErrBodyTooLarge.
func (v *Verifier) Verify(signature string, body []byte) (Verification, error) {
	if int64(len(body)) > v.maxBody {
		return Verification{}, ErrBodyTooLarge
	}
	var header signatureHeader
	if err := header.parse(signature); err != nil {
		return Verification{}, err
	}
	if err := v.checkScheme(header.scheme, body); err != nil {
		return Verification{}, err
	}
	now := v.now()
	matched := v.match(&header, body, now)
	if matched < 0 {
		return Verification{}, v.mismatch(now)
	}
	// The time counts only now that it is known to be the signed one.
	if err := v.checkTime(&header, now); err != nil {
		return Verification{}, err
	}
	return Verification{Scheme: header.scheme, Secret: matched, SignedAt: header.signedAt}, nil
}

// checkScheme refuses the older scheme where it was not asked for. It also
// refuses it for what is not a JSON object: a v1 signature of time and body is
// also an older signature of the text "<time>.<body>", which must not pass.
func (v *Verifier) checkScheme(scheme Scheme, body []byte) error {
	if scheme != SchemeLegacy {
		return nil
	}
	if !v.legacy {
		return malformed("it has no time; if it is of the older scheme, WithLegacySignature accepts it")
	}
	if !bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte("{")) {
		return ErrMismatch
	}
	return nil
}

// match returns the index of the first secret that made one of the signatures, or
// -1. It compares every secret with every signature, whatever it has found
// already, so that the time it takes tells nothing.
func (v *Verifier) match(h *signatureHeader, body []byte, now time.Time) int {
	matched := -1
	for i, s := range v.secrets {
		if s.hasEnded(now) {
			continue
		}
		sum := s.sum(h.prefix, body)
		for j := range h.count {
			if hmac.Equal(sum, h.sums[j][:]) && matched < 0 {
				matched = i
			}
		}
	}
	return matched
}

// mismatch adds what explains many a mismatch after a secret was replaced.
func (v *Verifier) mismatch(now time.Time) error {
	ended := 0
	for _, s := range v.secrets {
		if s.hasEnded(now) {
			ended++
		}
	}
	if ended == 0 {
		return ErrMismatch
	}
	return fmt.Errorf("%w (%d of %d secrets have come to their end)", ErrMismatch, ended, len(v.secrets))
}

// checkTime refuses what was signed too long ago, or too far ahead. The older
// scheme has no time to check.
func (v *Verifier) checkTime(h *signatureHeader, now time.Time) error {
	if h.scheme == SchemeLegacy {
		return nil
	}
	age := now.Sub(h.signedAt)
	switch {
	case age > v.tolerance:
		return fmt.Errorf("%w: signed %s ago, %s is allowed", ErrTooOld, age, v.tolerance)
	case age < -v.tolerance:
		return fmt.Errorf("%w: signed %s ahead, %s is allowed", ErrTooNew, age.Abs(), v.tolerance)
	}
	return nil
}
