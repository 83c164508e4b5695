// Package wire knows how Orbit's JSON is written: its envelopes, its errors, and
// the places where its generations differ. It reads liberally and writes
// strictly. It knows nothing of HTTP.
package wire
