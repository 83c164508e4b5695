package webhooks

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// maxSignatures is how many signatures a header may hold. Orbit sends two while a
// secret is replaced.
const maxSignatures = 8

// signatureHeader is a signature header that was read, not verified.
type signatureHeader struct {
	scheme   Scheme
	prefix   []byte    // what was signed in front of the body
	signedAt time.Time // zero in the older scheme, which has no time
	sums     [maxSignatures][sha256.Size]byte
	count    int // how many of sums are set
}

// parse reads a header of either scheme.
func (h *signatureHeader) parse(value string) error {
	value = strings.TrimSpace(value)
	switch {
	case value == "":
		return ErrNoSignature
	case strings.Contains(value, "="):
		return h.parseV1(value)
	default:
		return h.parseLegacy(value)
	}
}

// parseV1 reads "t=<unix>,v1=<hex>[,v1=<hex>]". Parts with other names are
// skipped: they belong to schemes that are still to come.
func (h *signatureHeader) parseV1(value string) error {
	h.scheme = SchemeV1
	timestamp, times, signatures := "", 0, 0
	for more := true; more; {
		var part string
		part, value, more = strings.Cut(value, ",")
		name, text, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch name {
		case "t":
			timestamp = text
			times++
		case "v1":
			if signatures++; signatures > maxSignatures {
				return malformed("it has too many signatures")
			}
			h.add(text)
		}
	}
	switch {
	case times != 1:
		return malformed("it must have exactly one time")
	case h.count == 0:
		return malformed("it has no signature in hexadecimal")
	}
	return h.setTime(timestamp)
}

// parseLegacy reads the older scheme's "<hex>".
func (h *signatureHeader) parseLegacy(value string) error {
	h.scheme = SchemeLegacy
	if h.add(value); h.count == 0 {
		return malformed("it has neither a time nor a signature")
	}
	return nil
}

// add keeps a signature to be compared. One that is not the hexadecimal form of
// an HMAC-SHA256 can match nothing, and is left out.
func (h *signatureHeader) add(text string) {
	if len(text) != hex.EncodedLen(sha256.Size) {
		return
	}
	if _, err := hex.Decode(h.sums[h.count][:], []byte(text)); err == nil {
		h.count++
	}
}

// setTime reads digits without a sign, few enough for every calculation with
// times. What was signed is the time as it was written.
func (h *signatureHeader) setTime(text string) error {
	const bits = 40 // until the year 36812
	seconds, err := strconv.ParseUint(text, 10, bits)
	if err != nil {
		return malformed("its time is not a number of seconds")
	}
	h.signedAt = time.Unix(int64(seconds), 0).UTC()
	h.prefix = signedPrefix(text)
	return nil
}

func malformed(reason string) error { return fmt.Errorf("%w: %s", ErrMalformed, reason) }
