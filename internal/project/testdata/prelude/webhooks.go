package snippet

import (
	"context"
	"time"
)

// Orders is where a shop keeps what it has sold.
type Orders struct{}

// Delivered is told that a customer was reached.
func (Orders) Delivered(ctx context.Context, messageID string, at time.Time) error { return nil }

var orders Orders

// Invoice is what an event may hold that the SDK does not know.
type Invoice struct{}
