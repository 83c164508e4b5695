// Package faults holds the proof, in tests only, that whatever breaks between a
// program and Orbit, each call ends in exactly one stored message or in an error
// that tells the truth.
package faults
