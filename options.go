package orbit

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
)

// Defaults of the settings that CallOptions change.
const (
	// DefaultMaxAttempts is how many attempts a call makes, the first included.
	DefaultMaxAttempts = 3
	// DefaultAttemptTimeout bounds one attempt.
	DefaultAttemptTimeout = 30 * time.Second
	// DefaultMaxWait bounds one wait for a route that lets nothing through. The API's
	// rate limits have windows of 60 seconds.
	DefaultMaxWait = 75 * time.Second
)

// Option changes a client while NewClient makes it. One that cannot work makes
// NewClient fail; a nil one changes nothing.
type Option func(*config) error

// config is what options add up to.
type config struct {
	call.Config

	insecure bool
	product  string
	keyFunc  bool // the key is the program's function's
}

func newConfig(apiKey string, opts []Option) (call.Config, error) {
	cfg := &config{Config: call.Config{
		Key:       fixedKey(apiKey),
		Fail:      newError,
		Retryable: Retryable,
		Defaults: api.CallSettings{
			MaxAttempts: DefaultMaxAttempts, AttemptTimeout: DefaultAttemptTimeout, MaxWait: DefaultMaxWait,
		},
	}}
	opts = append([]Option{WithBaseURL(DefaultBaseURL)}, opts...)
	for _, o := range opts {
		if o == nil {
			continue
		}
		if err := o(cfg); err != nil {
			return call.Config{}, err
		}
	}
	return cfg.Config, cfg.check(apiKey)
}

// check looks at what only all options together can tell.
func (c *config) check(apiKey string) error {
	c.UserAgent = strings.TrimSpace(fmt.Sprintf("orbit-go/%s (%s; %s/%s) %s", Version, runtime.Version(), runtime.GOOS, runtime.GOARCH, c.product))
	if apiKey != "" || !c.keyFunc {
		if err := checkKey("NewClient", "apiKey", apiKey); err != nil {
			return err
		}
	}
	if c.BaseURL.Scheme == "http" && !c.insecure && !check.IsLoopback(c.BaseURL.Hostname()) {
		return refused("WithBaseURL", "must begin with https://; for another network that is safe there is WithInsecureBaseURL")
	}
	return nil
}

// checkKey refuses what can never be a secret key.
func checkKey(op, field, key string) error {
	rule := ""
	switch {
	case key == "":
		rule = "must not be empty"
	case strings.HasPrefix(key, "dv_live_pk_"), strings.HasPrefix(key, "dv_test_pk_"):
		rule = "is a public key, for browsers; use a secret one (dv_live_sk_... or dv_test_sk_...)"
	case strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r >= 0x7f }):
		rule = "must be plain ASCII without spaces or line breaks"
	default:
		return nil
	}
	return &ParamError{Op: op, Field: field, Rule: rule}
}

// fixedKey hides the key in a closure, where no dump of a client finds it.
func fixedKey(key string) func(context.Context) (string, error) {
	return func(context.Context) (string, error) { return key, nil }
}

func refused(option, rule string) error {
	return &ParamError{Op: "NewClient", Field: option, Rule: rule}
}

// WithBaseURL sends calls to another address than [DefaultBaseURL]: a proxy, a
// test server. It may have a path, with or without a slash at its end. http:// is
// refused but for loopback addresses.
func WithBaseURL(baseURL string) Option {
	return func(c *config) error {
		u, err := url.Parse(baseURL)
		switch {
		case err != nil:
			return refused("WithBaseURL", "is not a URL")
		case u.Scheme != "https" && u.Scheme != "http", u.Hostname() == "":
			return refused("WithBaseURL", "must be an absolute URL such as "+DefaultBaseURL)
		case u.User != nil, u.RawQuery != "", u.Fragment != "", u.ForceQuery:
			return refused("WithBaseURL", "must not have a user, query or fragment")
		}
		c.BaseURL, c.insecure = u, false
		return nil
	}
}

// WithInsecureBaseURL is WithBaseURL that also takes http:// to another machine.
// Everybody on the way can read the API key then.
func WithInsecureBaseURL(baseURL string) Option {
	return func(c *config) error {
		err := WithBaseURL(baseURL)(c)
		c.insecure = true
		return err
	}
}

// WithHTTPClient sends through the user's client: its Transport, Timeout (of one
// attempt) and Jar are in force. It is not changed. Redirects are never
// followed, whatever it says, since net/http would take the API key along; a
// Transport that follows them by itself fails the call. For HTTP/2, let the
// Transport ping: HTTP2: &http.HTTP2Config{SendPingTimeout: 10 * time.Second}.
func WithHTTPClient(client *http.Client) Option {
	return func(c *config) error {
		if client == nil {
			return refused("WithHTTPClient", "must not be nil")
		}
		c.HTTP = client
		return nil
	}
}

// WithDownloadHosts lets recordings come from hosts within a private network, such
// as an object store of your own: "minio.corp.example", "10.0.0.5", without scheme
// and port. It replaces those of an earlier WithDownloadHosts.
//
// The address of a recording is what a response says. Downloads therefore go to
// https addresses that are neither private, link-local nor of this machine, except
// to the hosts given here, and to this machine where the base URL is there. That
// holds for what a name is resolved to as well, checked when it is dialled; with
// WithHTTPClient, and where a proxy dials, only for addresses that are written out.
func WithDownloadHosts(hosts ...string) Option {
	return func(c *config) error {
		c.DownloadHosts = nil
		for _, host := range hosts {
			_, notIP := netip.ParseAddr(host)
			at, err := url.Parse("https://" + host)
			if notIP != nil && (err != nil || at.Host != host || at.Port() != "" || host == "" || strings.ContainsAny(host, "*[:")) {
				return refused("WithDownloadHosts", "must be names of hosts or IP addresses, without scheme, port and path")
			}
			c.DownloadHosts = append(c.DownloadHosts, strings.ToLower(strings.TrimSuffix(host, ".")))
		}
		return nil
	}
}

// WithAPIKeyFunc asks f for the key of every call, in place of the key given to
// NewClient, which may be empty then, so that a key can be rotated without a new
// client. f must be safe for concurrent use. A key that NewClient would refuse
// fails the call before anything is sent.
func WithAPIKeyFunc(f func(ctx context.Context) (string, error)) Option {
	return func(c *config) error {
		if f == nil {
			return refused("WithAPIKeyFunc", "must not be nil")
		}
		c.keyFunc = true
		c.Key = func(ctx context.Context) (string, error) {
			key, err := f(ctx)
			if err != nil {
				return "", err
			}
			return key, checkKey("WithAPIKeyFunc", "apiKey", key)
		}
		return nil
	}
}

// WithRateLimiter asks limiter before every attempt, retries included, so that
// several processes can share a limit through a store of theirs. If it is a
// [RateLearner] as well, it is told of every response. The client's own gate comes
// after it.
func WithRateLimiter(limiter RateLimiter) Option {
	return func(c *config) error {
		if limiter == nil {
			return refused("WithRateLimiter", "must not be nil")
		}
		c.Limiter = limiter
		return nil
	}
}

// WithUserAgent adds a product, such as "shop/2.1", to the User-Agent header.
func WithUserAgent(product string) Option {
	return func(c *config) error {
		if strings.ContainsFunc(product, func(r rune) bool { return r < ' ' || r >= 0x7f }) {
			return refused("WithUserAgent", "must be plain ASCII on one line")
		}
		c.product = product
		return nil
	}
}

// WithoutChecks turns the local checks of params off and leaves all validation
// to the server. Keys and path elements are still checked.
func WithoutChecks() Option {
	return func(c *config) error {
		c.SkipChecks = true
		return nil
	}
}

// WithDefaults applies options to every call of the client; those of a call come
// after them. An idempotency key, a body field, a path value or CaptureResponse
// belongs to one call and is refused.
func WithDefaults(opts ...CallOption) Option {
	return func(c *config) error {
		d := &c.Defaults
		for _, o := range opts {
			o.Apply(d)
		}
		if field, rule := call.Invalid(d); field != "" {
			return refused(field, rule)
		}
		if d.HasIdempotencyKey || d.Capture != nil || len(d.BodyFields) > 0 || len(d.PathValues) > 0 {
			return refused("WithDefaults", "takes no option that belongs to one call")
		}
		d.Header, d.Query = slices.Clip(d.Header), slices.Clip(d.Query)
		return nil
	}
}

// WithObserver lets o see every call and attempt. It may be given several times.
func WithObserver(o Observer) Option {
	return func(c *config) error {
		c.Observers = append(c.Observers, o)
		return nil
	}
}

// WithLogger writes to logger: at Debug each attempt, at Warn each wait for a
// repeat. It never writes bodies, queries, IDs of resources or header values.
func WithLogger(logger *slog.Logger) Option {
	return func(c *config) error {
		if logger == nil {
			return refused("WithLogger", "must not be nil")
		}
		return WithObserver(logObserver(logger))(c)
	}
}

// WithDump writes the traffic to w for debugging: routes, a few harmless
// headers, and the shape of the bodies, with texts replaced by their lengths except
// for a short list of the API's own words, which docs/security.md has.
func WithDump(w io.Writer) Option {
	return func(c *config) error {
		if w == nil {
			return refused("WithDump", "must not be nil")
		}
		c.Dump = call.NewDump(w)
		return nil
	}
}
