package call

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/check"
	"github.com/devotel/orbit-go/internal/fetch"
	"github.com/devotel/orbit-go/internal/gate"
	"github.com/devotel/orbit-go/internal/wire"
)

// Config is what a client is made of.
type Config struct {
	// BaseURL is the checked address that paths hang under.
	BaseURL *url.URL
	// Key gives the API key of a call. It is a function so that no dump of a
	// client prints the key.
	Key func(context.Context) (string, error)
	// HTTP is the user's client; nil for the default transport.
	HTTP *http.Client
	// UserAgent is the whole header.
	UserAgent string
	// Defaults are the settings that every call begins with.
	Defaults api.CallSettings
	// Observers see every call.
	Observers []api.Observer
	// Dump receives redacted copies of the traffic; nil for none. It is an
	// interface so that only programs that ask for one link what makes it.
	Dump dumper
	// SkipChecks turns the local checks off, but for keys and paths.
	SkipChecks bool
	// DownloadHosts lists hosts, in lower case, that files may come from whatever
	// their address.
	DownloadHosts []string
	// Limiter is asked before every attempt; nil for none.
	Limiter api.RateLimiter
	// Fail makes the error that users see of a failure.
	Fail func(*Failure) error
	// Retryable reports whether a poll may go on after an error made by Fail.
	Retryable func(error) bool
}

// Client makes calls. It is not changed after NewClient and may be used by any
// number of goroutines.
type Client struct {
	cfg       Config
	transport http.RoundTripper
	timeout   time.Duration
	gate      *gate.Gate
	reader    *wire.Reader
	files     *fetch.Client
	exchanges *sync.Pool // of *exchange: a kilobyte a call that need not be made anew
	authority string     // host and port of the base URL
	prefix    string     // of all paths, escaped, without a slash at its end
}

// NewClient returns a client over cfg. The user's http.Client is read, not
// changed.
func NewClient(cfg Config) *Client {
	c := &Client{
		cfg:    cfg,
		gate:   gate.New(),
		reader: new(wire.Reader),

		authority: authority(cfg.BaseURL),
		prefix:    strings.TrimSuffix(cfg.BaseURL.EscapedPath(), "/"),
	}
	var jar http.CookieJar
	if cfg.HTTP != nil {
		c.transport, c.timeout, jar = cfg.HTTP.Transport, cfg.HTTP.Timeout, cfg.HTTP.Jar
	}
	hosts := &fetch.Hosts{Loopback: check.IsLoopback(cfg.BaseURL.Hostname()), Named: cfg.DownloadHosts}
	c.files = &fetch.Client{Hosts: hosts, TimedOut: attemptTimeout{}, Hide: veil}
	if c.transport == nil {
		own := newDefaultTransport(hosts)
		c.transport, c.files.Transport = own, soundTransport{guardedTransport{own}}
	} else {
		c.files.Transport = soundTransport{c.transport}
	}
	timeout := c.timeout
	c.exchanges = &sync.Pool{New: func() any {
		x := new(exchange)
		x.stack = newStack(x, jar, timeout)
		return x
	}}
	return c
}

// WithKey returns a client for another key on the same connections, with limits of
// its own.
func (c *Client) WithKey(key func(context.Context) (string, error)) *Client {
	other := *c
	other.cfg.Key = key
	return &other
}

// Defaults are the settings that every call begins with.
func (c *Client) Defaults() api.CallSettings { return c.cfg.Defaults }

// CloseIdleConnections closes the connections that no call uses.
func (c *Client) CloseIdleConnections() {
	if t, ok := c.transport.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

// Problem returns the user's error of a route that the local checks refuse, or nil.
func (c *Client) Problem(r *Route) error {
	if r.problem == nil || c.cfg.SkipChecks {
		return nil
	}
	return c.cfg.Fail(&Failure{
		Kind: KindParam, Op: r.op, Method: r.method, Route: r.template, NotSent: true,
		Field: r.problem.Field, Rule: r.problem.Rule, Suggestion: r.problem.Suggestion,
	})
}

// refuse makes the user's error of a call that was never sent.
func (c *Client) refuse(r *Route, field, rule string) error {
	return c.cfg.Fail(&Failure{
		Kind: KindParam, Op: r.op, Method: r.method, Route: r.template, NotSent: true, Field: field, Rule: rule,
	})
}
