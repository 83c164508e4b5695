package api

// Direction tells what the account sent or dialled from what it received.
type Direction string

// The directions. Their names follow the API's conventions.
const (
	// DirectionInbound is a message or call that the account received.
	DirectionInbound Direction = "inbound"
	// DirectionOutbound is a message or call that the account made.
	DirectionOutbound Direction = "outbound"
)

// Known reports whether this version of the SDK has a constant for the direction.
func (d Direction) Known() bool { return d == DirectionInbound || d == DirectionOutbound }
