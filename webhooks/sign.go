package webhooks

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"strconv"
	"sync"
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
func Sign[S ~string](secret S, body []byte, t time.Time, older ...S) string {
	secrets := make([]string, 0, 1+len(older))
	for _, s := range append([]S{secret}, older...) {
		secrets = append(secrets, string(s))
	}
	return sign(secrets, body, t)
}

func sign(secrets []string, body []byte, t time.Time) string {
	timestamp := strconv.FormatInt(t.Unix(), 10)
	header := "t=" + timestamp
	for _, s := range secrets {
		header += ",v1=" + hex.EncodeToString(newMAC(s)(signedPrefix(timestamp), body))
	}
	return header
}

// signedPrefix is what is signed in front of the body.
func signedPrefix(timestamp string) []byte { return append([]byte(timestamp), '.') }

// mac computes the HMAC-SHA256 of a prefix and a body.
type mac func(prefix, body []byte) []byte

// newMAC keeps the secret in a closure, where no dump of a Verifier finds it. The
// key is the secret's own bytes: whsec_ is part of it. Hashes that have been keyed
// are used again, since keying one takes as long as hashing a few hundred bytes.
func newMAC(secret string) mac {
	keyed := sync.Pool{New: func() any { return hmac.New(sha256.New, []byte(secret)) }}
	return func(prefix, body []byte) []byte {
		h := keyed.Get().(hash.Hash) //nolint:forcetypeassert // the pool holds nothing else
		defer keyed.Put(h)
		h.Reset()
		h.Write(prefix)
		h.Write(body)
		return h.Sum(nil)
	}
}
