package webhooks

import "github.com/devotel/orbit-go/api"

// Why a delivery is refused. Compare with errors.Is. None of the errors holds a
// secret, a signature or a part of the body.
const (
	// ErrNoSignature is a delivery without a signature header.
	ErrNoSignature api.Sentinel = "webhooks: there is no signature"
	// ErrMalformed is a signature header that cannot be read, or is of the older
	// scheme where WithLegacySignature was not given.
	ErrMalformed api.Sentinel = "webhooks: the signature header is malformed"
	// ErrMismatch is a signature by none of the secrets: the secret is another
	// one, or the body is not byte for byte the one that was signed.
	ErrMismatch api.Sentinel = "webhooks: the signature does not match: either the secret is another one, or the body differs from " +
		"the exact bytes received, which must be verified before anything decodes them and encodes them again"
	// ErrTooOld is a delivery whose time is further back than the tolerance: a
	// replay, a slow proxy, or a clock that is ahead. The time is checked before
	// the signature, so it may also be a forgery.
	ErrTooOld api.Sentinel = "webhooks: the signature is too old"
	// ErrTooNew is a delivery whose time is further in the future than the
	// tolerance: a clock that is behind, or a forgery.
	ErrTooNew api.Sentinel = "webhooks: the signature is from the future"
	// ErrBodyTooLarge is a body above the limit of WithMaxBody.
	ErrBodyTooLarge api.Sentinel = "webhooks: the body is too large"
	// ErrBodyUnreadable is a body that broke off before its end, or took longer
	// than it may.
	ErrBodyUnreadable api.Sentinel = "webhooks: the body cannot be read"
	// ErrNotJSON is a body that is not JSON. Where a Verifier reports it, the
	// signature was right.
	ErrNotJSON api.Sentinel = "webhooks: the event is not JSON"
)

// Why the data of an event has no typed form, from Kind.Data. The event itself is
// good, and its Data holds the JSON.
const (
	// ErrOtherType is an event of another type than the Kind's.
	ErrOtherType api.Sentinel = "webhooks: the event is of another type"
	// ErrTruncated is an event whose data was too large to be sent; see
	// Event.Truncated.
	ErrTruncated api.Sentinel = "webhooks: the event's data was truncated"
	// ErrReshaped is data in a form that this version of the SDK does not know.
	ErrReshaped api.Sentinel = "webhooks: the event's data has an unknown form"
)

// ErrNoSecret is an empty signing secret, which NewVerifier refuses.
const ErrNoSecret api.Sentinel = "webhooks: the signing secret is empty"

// ErrStoreFull is a MemoryStore that holds nothing but events that are being
// handled at the moment.
const ErrStoreFull api.Sentinel = "webhooks: too many events are being handled at once"
