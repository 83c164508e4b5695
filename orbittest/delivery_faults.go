package orbittest

import (
	"bytes"
	"slices"
	"time"
)

// A DeliveryFault is how one delivery goes wrong on its way to a receiver. If the
// receiver does not answer with a 2xx, the retry is another delivery, without it.
type DeliveryFault int

const (
	// DeliveryPass is a delivery as it should be, to reach the one behind it.
	DeliveryPass DeliveryFault = iota
	// DeliveryStale was signed ten minutes before it comes, as if somebody had
	// kept it and sent it again.
	DeliveryStale
	// DeliveryTampered has another body than the one that was signed. It is JSON
	// all the same, with the same ID and type.
	DeliveryTampered
	// DeliveryRotated has two signatures, as while a secret is replaced: the first
	// with one that the receiver does not know yet, the second with the webhook's
	// own.
	DeliveryRotated
	// DeliveryTwice comes a second time, with the same event ID, right behind the
	// first.
	DeliveryTwice
	// DeliveryLate comes after all others that are due at the same time.
	DeliveryLate
	// DeliveryTruncated has the form of data that exceeds 256 KB. Orbit cuts such
	// data down, and so does the server by itself.
	DeliveryTruncated
	// DeliveryOversize has a body of more than 1 MiB, well signed. Orbit sends
	// nothing as large: a receiver refuses it without reading it to its end.
	DeliveryOversize
)

// oversize is the length of an oversize body, in bytes.
const oversize = 1<<20 + 1

// FailDeliveries scripts what happens to the next deliveries, one fault each, in
// the order in which [Server.DeliverEvents] makes them. Faults that are left when
// the test ends fail it, see [AllowUnusedFaults].
func (s *Server) FailDeliveries(faults ...DeliveryFault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.post.faults = append(s.post.faults, faults...)
}

// takeDeliveryFault gives a delivery the next fault, if it takes one.
func (s *Server) takeDeliveryFault(p *pending) DeliveryFault {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.faulty || len(s.post.faults) == 0 {
		return DeliveryPass
	}
	p.faulty, p.fault = true, s.post.faults[0]
	s.post.faults = slices.Delete(s.post.faults, 0, 1)
	return p.fault
}

// signedAt is the time in the signature of a delivery that is made now.
func (f DeliveryFault) signedAt(now time.Time) time.Time {
	if f == DeliveryStale {
		return now.Add(-10 * time.Minute)
	}
	return now
}

// secrets are what a delivery is signed with.
func (f DeliveryFault) secrets(own string) []string {
	if f == DeliveryRotated {
		return []string{"whsec_of_the_rotation", own}
	}
	return []string{own}
}

// tamper is what becomes of a body, an object, after it was signed.
func (f DeliveryFault) tamper(body []byte) []byte {
	if f != DeliveryTampered {
		return body
	}
	return append(slices.Clone(body[:len(body)-1]), `,"tampered":true}`...)
}

// pad makes a body as long as the fault wants it.
func (f DeliveryFault) pad(body []byte) []byte {
	if f != DeliveryOversize {
		return body
	}
	return append(body, bytes.Repeat([]byte(" "), max(0, oversize-len(body)))...)
}
