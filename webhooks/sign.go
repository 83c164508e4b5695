package webhooks

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"
)

// Headers of a delivery.
const (
	// SignatureHeader holds the signature. It is the only header that is
	// verified.
	SignatureHeader = "X-Devotel-Signature"
	// EventIDHeader repeats the event's ID. It is not signed: use Event.ID.
	EventIDHeader = "X-Devotel-Event-Id"
	// EventTypeHeader repeats the event's type. It is not signed: use Event.Type.
	EventTypeHeader = "X-Devotel-Event-Type"
	// DeliveryIDHeader names the delivery, for a look at the list of deliveries.
	// It is not signed.
	DeliveryIDHeader = "X-Devotel-Delivery-Id"
)

// Sign returns the signature header of body as Orbit would send it at time t, for
// tests and tools. Older secrets add a signature each, as Orbit does while a
// secret is replaced.
func Sign(secret string, body []byte, t time.Time, older ...string) string {
	timestamp := strconv.FormatInt(t.Unix(), 10)
	header := "t=" + timestamp
	for _, s := range append([]string{secret}, older...) {
		header += ",v1=" + hex.EncodeToString(newMAC(s)(signedPrefix(timestamp), body))
	}
	return header
}

// signedPrefix is what is signed in front of the body.
func signedPrefix(timestamp string) []byte { return append([]byte(timestamp), '.') }

// mac computes the HMAC-SHA256 of a prefix and a body.
type mac func(prefix, body []byte) []byte

// newMAC keeps the secret in a closure, where no dump of a Verifier finds it. The
// key is the secret's own bytes: whsec_ is part of it.
func newMAC(secret string) mac {
	key := []byte(secret)
	return func(prefix, body []byte) []byte {
		h := hmac.New(sha256.New, key)
		h.Write(prefix)
		h.Write(body)
		return h.Sum(nil)
	}
}
