package call

import (
	"crypto/rand"
	"encoding/hex"
)

// newKey returns a random UUID, version 4.
func newKey() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: the program would have crashed
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	var out [36]byte
	hex.Encode(out[0:8], b[0:4])
	hex.Encode(out[9:13], b[4:6])
	hex.Encode(out[14:18], b[6:8])
	hex.Encode(out[19:23], b[8:10])
	hex.Encode(out[24:36], b[10:16])
	out[8], out[13], out[18], out[23] = '-', '-', '-', '-'
	return string(out[:])
}

// key returns the idempotency key of a call: the caller's own, or a new one for
// a call that changes something.
func (x *exchange) key() (string, error) {
	switch {
	case x.set.HasIdempotencyKey && x.route.isRead():
		return "", x.refuseParam("WithIdempotencyKey", "has no place in a call that changes nothing")
	case x.set.HasIdempotencyKey:
		if !isHeaderText(x.set.IdempotencyKey) {
			return "", x.client.refuse(x.route, "Idempotency-Key", "must be printable ASCII, and not empty")
		}
		return x.set.IdempotencyKey, nil
	case x.route.isRead():
		return "", nil
	default:
		return newKey(), nil
	}
}

// isHeaderText reports whether s can be a header's value as it is.
func isHeaderText(s string) bool {
	for i := range len(s) {
		if s[i] < 0x21 || s[i] > 0x7e {
			return false
		}
	}
	return s != ""
}
