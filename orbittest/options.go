package orbittest

import (
	"net/http"
	"time"
)

// An Option changes how a [Server] behaves.
type Option func(*config)

type config struct {
	generation        Generation
	full              bool
	accounts          []namedAccount
	limits            []limitRule
	unlimited         bool
	sharedLimits      bool
	withoutHeaders    bool
	windowPhase       time.Duration
	ignoreKeys        bool
	idempotencyWindow time.Duration
	apiKeys           map[string]bool
	scopes            map[string]map[string]bool
	sandbox           bool
	pageSize          int
	clockOffset       time.Duration
	latency           time.Duration
	whatsAppWindow    bool
	allowUnknown      bool
	allowUnused       bool
	keepRequests      int
	requestLog        func(Request)
	exportLimit       int
	webhookTransport  http.RoundTripper
}

// A limitRule is what WithLimit or WithBurst asked for.
type limitRule struct {
	routes pattern
	set    func(*rate)
}

func newConfig(opts []Option) config {
	cfg := config{idempotencyWindow: 60 * time.Second, keepRequests: -1, exportLimit: exportLimit}
	for _, opt := range opts {
		if opt != nil {
			opt(&cfg)
		}
	}
	return cfg
}

// WithGeneration makes the server phrase its answers in the given generation.
// The default is [Newer].
func WithGeneration(g Generation) Option {
	return func(c *config) { c.generation = g }
}

// WithFullResponses makes responses hold all that the server knows, times with
// milliseconds. By default they hold what the documentation prints: a message that
// was just sent has an ID and a status, and neither a body nor a sender, since the
// real API echoes few fields. What is printed nowhere has all fields by default too.
func WithFullResponses() Option {
	return func(c *config) { c.full = true }
}

// WithLimit admits n requests to each route that matches within each window,
// for every API key, in place of the published limit. Routes are named as for
// [Server.FailNext]; where several options match, the last one counts. A limit
// of 0 lifts the published one; a window of 0 is a minute.
func WithLimit(route string, n int, window time.Duration) Option {
	return func(c *config) {
		c.limits = append(c.limits, limitRule{newPattern(route), func(r *rate) {
			r.requests, r.window = n, window
		}})
	}
}

// WithBurst admits at most perSecond requests to each route that matches within
// each whole second of the server's clock. What is beyond gets a 429 that has
// requests remaining, and a wait of one second. By default there is no such
// limit: Orbit has one, and does not publish its size.
func WithBurst(route string, perSecond int) Option {
	return func(c *config) {
		c.limits = append(c.limits, limitRule{newPattern(route), func(r *rate) { r.burst = perSecond }})
	}
}

// WithoutLimits lifts all published limits. Limits set by [WithLimit] and
// [WithBurst] stay.
func WithoutLimits() Option {
	return func(c *config) { c.unlimited = true }
}

// WithoutLimitHeaders leaves the X-RateLimit headers out of all answers. The
// limits themselves stay.
func WithoutLimitHeaders() Option {
	return func(c *config) { c.withoutHeaders = true }
}

// WithSharedLimits makes all API keys share one count a route, as Orbit's newer
// limits for SMS do. By default each key has its own.
func WithSharedLimits() Option {
	return func(c *config) { c.sharedLimits = true }
}

// WithWindowPhase shifts the windows of the limits: by default they start at
// whole multiples of their length by the server's clock (a window of a minute at
// second 0), so that X-RateLimit-Reset, in whole seconds, is exact. With a phase
// of 700 ms they start 700 ms later, and the header, which is rounded down,
// names a moment at which the old window is still open.
func WithWindowPhase(d time.Duration) Option {
	return func(c *config) { c.windowPhase = d }
}

// IgnoreIdempotencyKeys makes the server carry out each request that it
// receives, whatever its Idempotency-Key. It shows what an endpoint that does
// not honour the key would do.
func IgnoreIdempotencyKeys() Option {
	return func(c *config) { c.ignoreKeys = true }
}

// WithIdempotencyWindow sets for how long the first answer to an
// Idempotency-Key is remembered. The default is 60 seconds, which is all that
// Orbit promises, although it remembers for longer: a client that passes with
// 60 seconds relies on nothing else.
func WithIdempotencyWindow(d time.Duration) Option {
	return func(c *config) { c.idempotencyWindow = d }
}

// WithAPIKeys makes the server accept only the given keys. By default it
// accepts every key that starts with dv_test_sk_ or dv_live_sk_. Keys that start
// with dv_test_ are sandbox keys.
func WithAPIKeys(keys ...string) Option {
	return func(c *config) {
		c.apiKeys = make(map[string]bool, len(keys))
		for _, key := range keys {
			c.apiKeys[key] = true
		}
	}
}

// WithScopes limits a key to the given scopes, such as "messages:read" and
// "messages:write". Requests that need another one are answered with 403
// INSUFFICIENT_PERMISSIONS. A key for which no scopes are set may do everything.
func WithScopes(apiKey string, scopes ...string) Option {
	return func(c *config) {
		if c.scopes == nil {
			c.scopes = make(map[string]map[string]bool)
		}
		set := make(map[string]bool, len(scopes))
		for _, scope := range scopes {
			set[scope] = true
		}
		c.scopes[apiKey] = set
	}
}

// WithSandbox treats every key as a sandbox key, as for an organization that is
// flagged as sandbox.
func WithSandbox() Option {
	return func(c *config) { c.sandbox = true }
}

// WithPageSize sets how many items a page holds when the request does not say.
// The default is 25, in the older generation 20.
func WithPageSize(n int) Option {
	return func(c *config) { c.pageSize = n }
}

// WithClockOffset sets the server's clock ahead of the local one, or behind it
// if d is negative. Date, X-RateLimit-Reset, created_at and all other times in
// answers use the server's clock.
func WithClockOffset(d time.Duration) Option {
	return func(c *config) { c.clockOffset = d }
}

// WithLatency makes every answer take d. A request counts, and is accepted, when
// it arrives.
func WithLatency(d time.Duration) Option {
	return func(c *config) { c.latency = d }
}

// WithWhatsAppWindow refuses free-form WhatsApp messages to people who have not
// written within 24 hours (see [Server.AddMessage]) for sandbox keys as well. By
// default only live keys are held to it, since nobody can write to a sandbox.
func WithWhatsAppWindow() Option {
	return func(c *config) { c.whatsAppWindow = true }
}

// AllowUnknownFields keeps [New] from failing the test when a request carried
// fields or query parameters that Orbit does not know. They are in
// [Request.UnknownFields] all the same.
func AllowUnknownFields() Option {
	return func(c *config) { c.allowUnknown = true }
}

// AllowUnusedFaults keeps [New] from failing the test when faults given to
// [Server.FailNext] were not used up.
func AllowUnusedFaults() Option {
	return func(c *config) { c.allowUnused = true }
}

// KeepRequests keeps only the last n requests for [Server.Requests], for
// programs that run for long. By default all are kept. [Request.Attempt] does not
// count what is forgotten.
func KeepRequests(n int) Option {
	return func(c *config) { c.keepRequests = n }
}

// WithRequestLog calls f with each request as soon as it is known what becomes of
// it, before its answer goes out. f runs in the goroutine of the request, in many
// at once, and may call the server. [KeepRequests] does not matter to it.
func WithRequestLog(f func(Request)) Option {
	return func(c *config) { c.requestLog = f }
}

// WithExportLimit sets after how many rows an export of numbers is cut. The
// default is 50,000, as for Orbit.
func WithExportLimit(rows int) Option {
	return func(c *config) { c.exportLimit = rows }
}

// WithWebhookTransport makes the deliveries of [Server.DeliverEvents] go through
// rt, to the addresses of the webhooks that were registered. By default nothing
// receives them: no delivery is made, and none is listed.
func WithWebhookTransport(rt http.RoundTripper) Option {
	return func(c *config) { c.webhookTransport = rt }
}

// WithWebhookHandler is [WithWebhookTransport] for a handler that answers for all
// addresses, in the goroutine that calls [Server.DeliverEvents].
func WithWebhookHandler(h http.Handler) Option {
	return WithWebhookTransport(handlerTransport{h})
}
