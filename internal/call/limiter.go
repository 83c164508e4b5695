package call

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/devotel/orbit-go/api"
)

// rateRoute names the call's limit for a limiter that others share.
func (x *exchange) rateRoute() api.RateRoute {
	return api.RateRoute{Route: x.route.key(), Account: account(x.apiKey)}
}

// account is a hash of a key, the same in every process. Keys are random and
// long, so that it does not lead back to one.
func account(key string) string {
	sum := sha256.Sum256([]byte("orbit-go account\n" + key))
	return hex.EncodeToString(sum[:16])
}

// teach tells the limiter what the response of the attempt said, if it wants to
// know and there was one.
func (x *exchange) teach() {
	l, ok := x.client.cfg.Limiter.(api.RateLearner)
	if !ok || x.last.status == 0 {
		return
	}
	r := api.RateResponse{
		Status: x.last.status, ResetIn: untilReset(x.last.header, x.last.limits.Reset, x.last.received),
		RetryAfter: retryAfter(x.last.header, x.last.received),
	}
	if x.last.limits.known {
		r.Limit, r.Remaining = x.last.limits.Limit, x.last.limits.Remaining
	}
	if f := x.last.outcome.failure; f != nil {
		r.RetryAfter = max(r.RetryAfter, f.Details.RetryAfter)
	}
	l.Learn(x.ctx, x.rateRoute(), r)
}
