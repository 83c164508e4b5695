package messages

import (
	"context"
	"time"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
)

// WaitParams says how often [Service.Wait] polls.
type WaitParams = api.WaitParams

// waitLimit bounds a Wait whose context has no deadline: some messages never reach
// a final status.
const waitLimit = 5 * time.Minute

// Wait polls until a message reaches a final status, and returns it. A failed
// message is a result, not an error: check its Status. Failures that
// orbit.Retryable reports do not end the wait, and a 404 within the first 10
// seconds does not either. Without a deadline in the context and without
// orbit.WithTimeout, it polls for 5 minutes. When the time is up, it returns the
// last state together with an orbit.WaitError.
//
// GET /messages/{id}
func (s *Service) Wait(ctx context.Context, id string, params WaitParams, opts ...api.CallOption) (*Message, error) {
	return call.Wait(ctx, s.core, call.Poll[Message]{
		Op: "Messages.Wait", Params: params, Limit: waitLimit,
		Get:   func(ctx context.Context, opts []api.CallOption) (*Message, error) { return s.Get(ctx, id, opts...) },
		State: func(m *Message) (call.Status, bool) { return m.Status, m.Status.IsTerminal() },
	}, opts)
}
