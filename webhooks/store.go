package webhooks

import (
	"context"
	"time"
)

// Store remembers which events were handled, so that a second delivery of one has
// no second effect. It is asked only about events whose signature was right. Each
// of its two methods needs to change one entry in one step, which is one round
// trip to a database. An implementation must be safe for any number of
// goroutines, and of processes if they share it.
//
// Handlers that do different things with the same events must not share a store:
// an event that one has handled counts as handled.
type Store interface {
	// Claim asks for an event. If nobody has it, or the lease of who had it has
	// ended, it is now the claim's, until Settle or the end of the lease.
	Claim(ctx context.Context, c Claim) (ClaimState, error)
	// Settle ends a claim. Done marks the event as handled, whoever has claimed
	// it meanwhile. Released makes it free again, but only if the claim with this
	// token still has it. The mark should outlast the last retry of Orbit, about
	// 35 hours after the first delivery.
	Settle(ctx context.Context, c Claim, outcome Outcome) error
}

// Claim is one attempt to handle an event.
type Claim struct {
	// EventID is the event's ID, never empty, in at most 128 bytes of printable
	// ASCII. One that is longer or has other characters is replaced by its hash.
	EventID string
	// Token names the attempt. No other attempt has the same.
	Token string
	// Lease is how long the attempt may take. After that, the event is free for
	// the next delivery: a process that crashed does not keep it.
	Lease time.Duration
}

// ClaimState is what a store says to a claim.
type ClaimState string

// The answers to a claim.
const (
	// ClaimStateGranted is an event that is the claim's: handle it, then settle.
	ClaimStateGranted ClaimState = "granted"
	// ClaimStateRunning is an event that another claim has. Whether it succeeds is not
	// known yet.
	ClaimStateRunning ClaimState = "running"
	// ClaimStateDone is an event that was handled.
	ClaimStateDone ClaimState = "done"
)

// Outcome is how an attempt to handle an event ended.
type Outcome string

// The outcomes.
const (
	// OutcomeDone is an event that was handled.
	OutcomeDone Outcome = "done"
	// OutcomeReleased is an event that was not handled: the next delivery may try.
	OutcomeReleased Outcome = "released"
)
