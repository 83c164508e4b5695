package call

import (
	"context"
	"time"
)

// gate is asked before every attempt of every call, the first included, and
// told after each what the server said. It is where calls wait for one another.
type gate interface {
	// enter returns when the attempt may start, or with the context's error.
	enter(ctx context.Context, x *exchange) error
	// leave is told that the attempt has ended; x.last and x.outcome say how.
	leave(x *exchange)
}

// ownHold is a gate that holds nobody but the call that was told to wait.
type ownHold struct{}

func (ownHold) enter(ctx context.Context, x *exchange) error {
	if x.holdUntil.IsZero() {
		return ctx.Err()
	}
	wait := time.Until(x.holdUntil)
	x.holdUntil = time.Time{}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

func (ownHold) leave(*exchange) {}
