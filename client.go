package orbit

import (
	"context"
	"os"

	"github.com/devotel/orbit-go/agents"
	"github.com/devotel/orbit-go/flows"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/numbers"
	"github.com/devotel/orbit-go/verify"
	"github.com/devotel/orbit-go/voice"
	"github.com/devotel/orbit-go/webhooks"
)

// Environment variables that NewClientFromEnv reads.
const (
	// EnvAPIKey names the variable that holds the API key.
	EnvAPIKey = "ORBIT_API_KEY"
	// EnvBaseURL names the variable that holds another base URL, for tests and
	// proxies.
	EnvBaseURL = "ORBIT_BASE_URL"
)

// Client calls the Orbit API. Make one with [NewClient] and share it: it is safe
// for any number of goroutines and is never changed.
type Client struct {
	// Messages sends messages over every channel, and reads them back.
	Messages *messages.Service
	// Agents keeps AI agents and their knowledge bases, and talks to them.
	Agents *agents.Service
	// Flows keeps flows, and reads and replays their executions.
	Flows *flows.Service
	// Verify sends one-time codes and checks them.
	Verify *verify.Service
	// Numbers searches, buys and keeps phone numbers, and looks up others.
	Numbers *numbers.Service
	// Voice makes phone calls, downloads their recordings, and keeps SIP trunks,
	// SIP credentials and IVR intents.
	Voice *voice.Service
	// Webhooks keeps the addresses that Orbit delivers events to. Package webhooks
	// also receives them, without a client.
	Webhooks *webhooks.Service

	core *call.Client
}

// NewClient returns a client for a secret API key ("dv_live_sk_..." or, for the
// sandbox, "dv_test_sk_..."). It refuses an empty key, a public one
// ("dv_live_pk_...") and options that cannot work. The key may be empty with
// [WithAPIKeyFunc]. It reads nothing from the environment.
func NewClient(apiKey string, opts ...Option) (*Client, error) {
	cfg, err := newConfig(apiKey, opts)
	if err != nil {
		return nil, err
	}
	return newClient(call.NewClient(cfg)), nil
}

// NewClientFromEnv returns a client for the key in $ORBIT_API_KEY, at the base
// URL in $ORBIT_BASE_URL if that is set. Options come after the environment.
func NewClientFromEnv(opts ...Option) (*Client, error) {
	key := os.Getenv(EnvAPIKey)
	if key == "" {
		return nil, &ParamError{Op: "NewClientFromEnv", Field: EnvAPIKey, Rule: "must be set in the environment"}
	}
	if err := checkKey("NewClientFromEnv", EnvAPIKey, key); err != nil {
		return nil, err
	}
	if base := os.Getenv(EnvBaseURL); base != "" {
		opts = append([]Option{WithBaseURL(base)}, opts...)
	}
	return NewClient(key, opts...)
}

// newClient makes the tree of services.
func newClient(core *call.Client) *Client {
	c := &Client{
		Messages: call.New[messages.Service](core),
		Agents:   call.New[agents.Service](core),
		Flows:    call.New[flows.Service](core),
		Verify:   call.New[verify.Service](core),
		Numbers:  call.New[numbers.Service](core),
		Voice: &voice.Service{
			Calls:          call.New[voice.Calls](core),
			Recordings:     call.New[voice.Recordings](core),
			SIPTrunks:      call.New[voice.SIPTrunks](core),
			SIPCredentials: call.New[voice.SIPCredentials](core),
			IVRIntents:     call.New[voice.IVRIntents](core),
			Queues:         call.New[voice.Queues](core),
		},
		Webhooks: call.New[webhooks.Service](core),
		core:     core,
	}
	c.Agents.KnowledgeBases = call.New[agents.KnowledgeBases](core)
	c.Agents.KnowledgeBases.Documents = call.New[agents.Documents](core)
	c.Flows.Executions = call.New[flows.Executions](core)
	c.Verify.Profiles = call.New[verify.Profiles](core)
	c.Numbers.EmergencyAddresses = call.New[numbers.EmergencyAddresses](core)
	c.Numbers.CNAMs = call.New[numbers.CNAMs](core)
	c.Webhooks.Deliveries = call.New[webhooks.Deliveries](core)
	return c
}

// WithKey returns a client for another key, on the same connections and with the
// same options: one for each tenant of a program is cheap. It refuses the keys
// that NewClient refuses. The new client sends that key and no other: it does not
// ask the function of [WithAPIKeyFunc], whose keys are those of the old one.
func (c *Client) WithKey(apiKey string) (*Client, error) {
	if err := checkKey("WithKey", "apiKey", apiKey); err != nil {
		return nil, err
	}
	return newClient(c.core.WithKey(fixedKey(apiKey))), nil
}

// Call makes a call to any endpoint, with the same keys, retries and errors as
// every method: for what the SDK has no method for. The path is a template under
// the base URL, such as "/templates/{id}/send", its elements given with
// [PathValue]. For GET, in is encoded as the query by its url tags (or is a
// url.Values), otherwise as the JSON body; nil is neither. What the answer holds
// under "data", or the whole answer where it has no data, is decoded into out;
// a nil out ignores it, and an answer without a body leaves it as it is. For
// lists, [CaptureResponse] tells the next cursor.
func (c *Client) Call(ctx context.Context, method, path string, in, out any, opts ...CallOption) error {
	return call.Raw(ctx, c.core, method, path, in, out, opts)
}

// CloseIdleConnections closes the connections that no call uses. A client needs
// no other clean-up.
func (c *Client) CloseIdleConnections() { c.core.CloseIdleConnections() }
