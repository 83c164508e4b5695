package peers

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// Secret is the secret of all webhooks.
const Secret = "whsec_8Zk1vN0rT5yQ2xLwPq7sJd3F"

// RawHMAC is the least that it takes to verify a signature of time and body.
func RawHMAC(key []byte, timestamp, signature string, body []byte) bool {
	var want [sha256.Size]byte
	if n, err := hex.Decode(want[:], []byte(signature)); err != nil || n != len(want) {
		return false
	}
	h := hmac.New(sha256.New, key)
	h.Write([]byte(timestamp + "."))
	h.Write(body)
	return hmac.Equal(h.Sum(nil), want[:])
}

// Sign is the signature that RawHMAC accepts.
func Sign(secret, timestamp string, body []byte) string {
	return signBytes(secret, append([]byte(timestamp+"."), body...))
}

// signBytes is a signature without a time.
func signBytes(secret string, signed []byte) string {
	h := hmac.New(sha256.New, []byte(secret))
	h.Write(signed)
	return hex.EncodeToString(h.Sum(nil))
}

// padded is JSON of n bytes: the gap between its two parts is filled.
func padded(n int, before, after string) []byte {
	return []byte(before + strings.Repeat("x", n-len(before)-len(after)) + after)
}
