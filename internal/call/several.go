package call

import (
	"context"
	"math"
	"time"

	"github.com/devotel/orbit-go/api"
)

// Several prepares an operation that makes several calls, such as an iteration or
// a wait. A time limit among its own options bounds the operation as a whole, one
// among the client's defaults each of its calls. It returns the options of the
// single calls.
func (c *Client) Several(ctx context.Context, opts []api.CallOption) (context.Context, context.CancelFunc, []api.CallOption) {
	const notGiven = time.Duration(math.MinInt64)
	set := c.cfg.Defaults
	set.Timeout = notGiven
	for _, o := range opts {
		o.Apply(&set)
	}
	if ctx == nil || set.Timeout <= 0 { // not given, none wanted, or refused by the first call
		return ctx, func() {}, opts
	}
	ctx, cancel := context.WithTimeout(ctx, set.Timeout)
	untimed := api.NewCallOption(func(s *api.CallSettings) {
		limit := s.Timeout
		for _, o := range opts {
			o.Apply(s)
		}
		s.Timeout = limit
	})
	return ctx, cancel, []api.CallOption{untimed}
}
