package messages

import (
	"context"
	"time"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
)

// WaitParams says how to wait.
type WaitParams struct {
	// Interval is the pause between two looks, give or take a fifth so that many
	// waits do not look at once. 0 begins with half a second and grows to ten.
	// All waits share the limit of GET /messages/{id}: choose it accordingly.
	Interval time.Duration
}

// Wait looks at a message until its status is an end, and returns it. A bad end
// is a result, not an error. When the context ends first, it returns the last
// state together with the error; a context without a deadline is bounded to 5
// minutes, since some messages never end. A message that does not exist yet is
// waited for during the first 10 seconds.
//
// GET /messages/{id}
func (s *Service) Wait(ctx context.Context, id string, params WaitParams, opts ...api.CallOption) (*Message, error) {
	return call.Wait(ctx, s.core, call.Poll[Message]{
		Op:       "Messages.Wait",
		Interval: params.Interval,
		Get:      func(ctx context.Context) (*Message, error) { return s.Get(ctx, id, opts...) },
		State:    func(m *Message) (string, bool) { return string(m.Status), m.Status.IsTerminal() },
	})
}
