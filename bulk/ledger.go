package bulk

import (
	"context"
	"time"

	"github.com/devotel/orbit-go/api"
)

// Errors of ledgers and of rows, to be compared with errors.Is.
const (
	// ErrStale is returned by [Ledger.Settle] when another claim has taken over the
	// row.
	ErrStale = api.Sentinel("bulk: another claim has taken over the row")
	// ErrOtherParams is returned by [Once] when the key was used before with other
	// params.
	ErrOtherParams = api.Sentinel("bulk: the key was used before with other params")
	// ErrUnclear reports a row that may have been sent and could be neither found nor
	// proved absent.
	ErrUnclear = api.Sentinel("bulk: the message may have been sent, and could be neither found nor proved absent")
)

// Ledger remembers what became of each row. Both methods change one row in one step,
// which is one round trip to a database, and commit by themselves: a claim that rolls
// back with a crash protects nothing, so a ledger never takes part in the caller's
// transaction. All times are measured by the ledger's own clock. An implementation
// must be safe for any number of goroutines, and of processes if they share it; package
// ledgertest has its tests.
//
// Entries must not be evicted: a forgotten row is sent again. Delete the rows of a
// campaign when it is over, never while it may still be rerun.
type Ledger interface {
	// Claim asks for a row. A row that nobody has claimed, or whose claim has ended
	// without a final result, becomes the caller's: the entry is [Granted]. The first
	// claim of a row records the intent to send it, with the current time. With Renew
	// a claim that still has the row records a new intent and begins a new lease.
	Claim(ctx context.Context, c Claim) (Entry, error)
	// Settle ends a claim. [Sent] with an ID always counts, whoever has claimed the
	// row since; a row that is settled as Sent stays so. Any other outcome fails with
	// ErrStale unless the claim still has the row.
	//
	// Sent, Found and Rejected are final. Later gives the row back: an intent that
	// this claim recorded is withdrawn, since nothing was sent; an earlier one
	// stays. Unclear gives the row back and keeps the intent.
	Settle(ctx context.Context, c Claim, r Settlement) error
}

// Catalog is implemented by ledgers that can name what they settled. Without it
// [Once] can find a message but never prove that there is none, so that a late rerun
// ends as Found or Unclear.
type Catalog interface {
	// Known returns, by message ID, the rows that the ledger settled as Sent or
	// Found. Messages that it does not know are left out.
	Known(ctx context.Context, messageIDs []string) (map[string]KnownRow, error)
}

// Claim is one attempt to send a row.
type Claim struct {
	// Key is the row's key as the ledger knows it: a prefix, an underscore and a hash of
	// 32 hexadecimal digits; at most 64 characters of ASCII. It is the idempotency key of
	// all attempts, too.
	Key string
	// Fingerprint is a hash of the row's params, 32 hexadecimal digits. A ledger
	// stores it with the first claim and refuses a claim with another one: see
	// [Different].
	Fingerprint string
	// Keyed means that the message carries the key in its metadata, so that a list may
	// show it.
	Keyed bool
	// Token names the attempt. No other attempt has the same.
	Token string
	// Lease is how long nobody else gets the row. It is longer than the sends of the
	// claim can take.
	Lease time.Duration
	// Renew records a new intent, for a claim that still has the row and has proved
	// that nothing was sent so far.
	Renew bool
}

// State is what a ledger says to a claim.
type State string

// The states of a row, as a claim meets it.
const (
	// Granted means that the row is the claim's: send it, then settle.
	Granted State = "granted"
	// Running means that another claim has the row.
	Running State = "running"
	// Settled means that the row has a final result.
	Settled State = "settled"
	// Different means that the row was claimed with another fingerprint. The claim
	// has changed nothing.
	Different State = "different"
)

// Entry is what a ledger says to a claim.
type Entry struct {
	// State says whether the row is the claim's.
	State State
	// Earlier means that an earlier claim recorded the intent and ended without a
	// result: it may have sent the row. Only with Granted.
	Earlier bool
	// Age is how long ago the intent was recorded, by the ledger's clock. 0 unless
	// Earlier. Negative means that the clock was set back and cannot be trusted: the
	// row can then be found but not proved absent.
	Age time.Duration
	// Left is how long the other claim has the row. Only with Running.
	Left time.Duration
	// Settlement is the final result. Only with Settled.
	Settlement Settlement
}

// Settlement is the result of a claim, as a ledger stores it.
type Settlement struct {
	// Outcome is what became of the row.
	Outcome Outcome
	// MessageID is the ID that Orbit gave, with Sent and Found.
	MessageID string
	// StatusCode is the HTTP status of the rejection, with Rejected.
	StatusCode int
	// Code is Orbit's code for the rejection, with Rejected.
	Code string
}

// KnownRow is a row whose message the ledger knows. Times are by the ledger's clock.
type KnownRow struct {
	// Key is the row's key as the ledger knows it.
	Key string
	// Intended is how long ago the intent to send it was recorded.
	Intended time.Duration
	// Settled is how long ago its result was recorded.
	Settled time.Duration
}

// Outcome is what became of a row.
type Outcome string

// The outcomes.
const (
	// Sent means that Orbit accepted the row in this call.
	Sent Outcome = "sent"
	// Known means that the ledger knew already that the row was sent.
	Known Outcome = "known"
	// Found means that an earlier call sent the row and was interrupted: the message
	// was found in the list.
	Found Outcome = "found"
	// Unclear means that the row may have been sent, and could be neither found nor
	// proved absent. See [ErrUnclear].
	Unclear Outcome = "unclear"
	// Rejected means that Orbit, or the SDK before it, rejected the row for good.
	Rejected Outcome = "rejected"
	// Later means that the row has no result yet and should be tried again.
	Later Outcome = "later"
)
