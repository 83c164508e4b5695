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
// the exact bytes received. It keeps neither. The errors, in the order of the
// checks: ErrNoSignature and ErrMalformed, ErrTooOld and ErrTooNew,
// ErrBodyTooLarge, ErrMismatch.
func (v *Verifier) Verify(signature string, body []byte) (Verification, error) {
	header, err := v.checkHeader(signature)
	if err != nil {
		return Verification{}, err
	}
	return v.checkBody(header, body)
}

// checkHeader reads a signature header and refuses what no body can make right:
// the first and cheapest check. The time is not known to be the signed one yet,
// but the signature covers it, so that one which passes here and there was.
func (v *Verifier) checkHeader(signature string) (*signatureHeader, error) {
	var header signatureHeader
	if err := header.parse(signature); err != nil {
		return nil, err
	}
	if header.scheme == SchemeLegacy && !v.legacy {
		return nil, malformed("it has no time; if it is of the older scheme, WithLegacySignature accepts it")
	}
	if err := v.checkTime(&header, v.now()); err != nil {
		return nil, err
	}
	return &header, nil
}

// checkBody compares the signatures of a header with the body. It refuses the
// older scheme for what is not a JSON object: a v1 signature of time and body is
// also an older signature of the text "<time>.<body>", which must not pass.
func (v *Verifier) checkBody(header *signatureHeader, body []byte) (Verification, error) {
	if int64(len(body)) > v.maxBody {
		return Verification{}, ErrBodyTooLarge
	}
	if header.scheme == SchemeLegacy && !bytes.HasPrefix(bytes.TrimLeft(withoutBOM(body), " \t\r\n"), []byte("{")) {
		return Verification{}, ErrMismatch
	}
	now := v.now()
	matched := v.match(header, body, now)
	if matched < 0 {
		return Verification{}, v.mismatch(now)
	}
	return Verification{Scheme: header.scheme, Secret: matched, SignedAt: header.signedAt}, nil
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
