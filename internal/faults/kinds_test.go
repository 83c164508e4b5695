package faults_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/agents"
	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/numbers"
	"github.com/devotel/orbit-go/orbittest"
)

// kind is a way to make a call.
type kind struct {
	name   string
	route  string // that its requests take
	reads  bool   // stores nothing, and has no idempotency key
	safely bool   // must not repeat what may have been accepted
	opts   []orbit.CallOption
	// call makes the call, and returns what shows whose answer it was given.
	call func(o *outcome, ctx context.Context, client *orbit.Client, opts ...orbit.CallOption) (string, error)
}

// sendRoute is the route whose requests store messages.
const sendRoute = "POST /messages/sms"

// kinds are all ways to make a call. Those that do not read store one thing if they
// succeed: a message, a turn of a chat, a change.
func kinds() []kind {
	send := func(name string, safely bool, opts ...orbit.CallOption) kind {
		return kind{name: name, route: sendRoute, safely: safely, opts: opts, call: (*outcome).send}
	}
	own := send("send, own key", false)
	own.call = (*outcome).sendUnderOwnKey
	soon := orbit.WithAttemptTimeout(10 * time.Second) // a chat has minutes
	return []kind{
		send("send", false),
		own,
		send("send, many attempts", false, orbit.WithMaxAttempts(8)),
		send("send, one attempt", true, orbit.WithMaxAttempts(1)),
		send("send, safe", true, orbit.WithRetry(orbit.RetrySafe)),
		send("send, none", true, orbit.WithRetry(orbit.RetryNone)),
		{name: "get", route: "GET /messages/{id}", reads: true, call: (*outcome).get},
		{name: "list", route: "GET /messages", reads: true, call: (*outcome).list},
		{
			name: "chat", route: "POST /agents/{id}/chat", safely: true,
			opts: []orbit.CallOption{soon}, call: (*outcome).chat,
		},
		{
			name: "chat, asked to repeat", route: "POST /agents/{id}/chat",
			opts: []orbit.CallOption{soon, orbit.WithRetry(orbit.RetryDefault)}, call: (*outcome).chat,
		},
		{name: "billed post", route: "POST /numbers/lookup", safely: true, call: (*outcome).lookupBasic},
		{name: "billed get", route: "GET /numbers/lookup/{e164}", reads: true, safely: true, call: (*outcome).lookup},
		{name: "put", route: "PUT /numbers/{id}", call: (*outcome).put},
		{name: "patch", route: "PATCH /messages/{id}", call: (*outcome).patch},
		{name: "delete", route: "DELETE /messages/{id}", call: (*outcome).delete},
	}
}

// kindsNamed are some of the kinds.
func kindsNamed(t *testing.T, names ...string) (some []kind) {
	t.Helper()
	all := kinds()
	for _, name := range names {
		i := slices.IndexFunc(all, func(k kind) bool { return k.name == name })
		if i < 0 {
			t.Fatalf("no kind of call is named %q", name)
		}
		some = append(some, all[i])
	}
	return some
}

// drawKind draws one of the kinds that fit.
func drawKind(r *rand.Rand, fits func(kind) bool) kind {
	for {
		if k := kinds()[r.IntN(len(kinds()))]; fits(k) {
			return k
		}
	}
}

// outcome is what a call ended with.
type outcome struct {
	kind     kind
	tag      string // digits that are in all of its requests, and in no others
	agent    string // that it asks
	answer   string // what a success holds that shows whose it is
	response orbit.Response
	err      error
	ended    time.Time
	journal  journal
}

// newAgent puts an agent on s to chat with.
func newAgent(t *testing.T, s *orbittest.Server) string {
	t.Helper()
	agent, err := s.Client().Agents.Create(t.Context(), agents.CreateParams{
		Name: "Support", Type: agents.TypeCustom, Model: "gpt-4o", SystemPrompt: "Answer.",
	})
	if err != nil {
		t.Fatal(err)
	}
	return agent.ID
}

// newOutcome is the i-th call to s, and puts there what it may read or change.
func newOutcome(s *orbittest.Server, k kind, agent string, i int) *outcome {
	o := &outcome{kind: k, tag: fmt.Sprintf("1415555%04d", i), agent: agent}
	s.AddMessage(orbittest.Message{ID: "msg_" + o.tag, Body: "kept", Channel: "telegram", Direction: "outbound"})
	s.AddNumber(orbittest.Number{ID: "num_" + o.tag, PhoneNumber: "+" + o.tag})
	return o
}

// text is what the call says.
func (o *outcome) text() string { return "message " + o.tag }

// make makes the call.
func (o *outcome) make(ctx context.Context, client *orbit.Client) {
	ctx = context.WithValue(ctx, journalKey{}, &o.journal)
	o.answer, o.err = o.kind.call(o, ctx, client, append([]orbit.CallOption{orbit.CaptureResponse(&o.response)}, o.kind.opts...)...)
	o.ended = time.Now()
}

func (o *outcome) send(ctx context.Context, client *orbit.Client, opts ...orbit.CallOption) (string, error) {
	msg, err := client.Messages.SendSMS(ctx, messages.SendSMSParams{To: "+15005550002", Body: o.text()}, opts...)
	if err != nil {
		return "", err
	}
	return msg.ID, nil
}

func (o *outcome) sendUnderOwnKey(ctx context.Context, client *orbit.Client, opts ...orbit.CallOption) (string, error) {
	return o.send(ctx, client, append(opts, orbit.WithIdempotencyKey("job-"+o.tag))...)
}

func (o *outcome) get(ctx context.Context, client *orbit.Client, opts ...orbit.CallOption) (string, error) {
	msg, err := client.Messages.Get(ctx, "msg_"+o.tag, opts...)
	if err != nil {
		return "", err
	}
	return msg.ID, nil
}

func (o *outcome) list(ctx context.Context, client *orbit.Client, opts ...orbit.CallOption) (string, error) {
	_, err := client.Messages.List(ctx, messages.ListParams{To: "+" + o.tag}, opts...)
	return "", err
}

func (o *outcome) chat(ctx context.Context, client *orbit.Client, opts ...orbit.CallOption) (string, error) {
	reply, err := client.Agents.Chat(ctx, o.agent, agents.ChatParams{Message: o.text()}, opts...)
	if err != nil {
		return "", err
	}
	return reply.Message, nil // an agent that knows nothing is an echo
}

func (o *outcome) lookupBasic(ctx context.Context, client *orbit.Client, opts ...orbit.CallOption) (string, error) {
	found, err := client.Numbers.LookupBasic(ctx, numbers.LookupBasicParams{PhoneNumber: "+" + o.tag}, opts...)
	if err != nil {
		return "", err
	}
	return found.PhoneNumber, nil
}

func (o *outcome) lookup(ctx context.Context, client *orbit.Client, opts ...orbit.CallOption) (string, error) {
	found, err := client.Numbers.Lookup(ctx, "+"+o.tag, numbers.LookupParams{}, opts...)
	if err != nil {
		return "", err
	}
	return found.PhoneNumber, nil
}

func (o *outcome) put(ctx context.Context, client *orbit.Client, opts ...orbit.CallOption) (string, error) {
	number, err := client.Numbers.Update(ctx, "num_"+o.tag, numbers.UpdateParams{FriendlyName: api.Set("Support")}, opts...)
	if err != nil {
		return "", err
	}
	return number.ID, nil
}

func (o *outcome) patch(ctx context.Context, client *orbit.Client, opts ...orbit.CallOption) (string, error) {
	msg, err := client.Messages.Edit(ctx, "msg_"+o.tag, messages.EditParams{Text: "edited"}, opts...)
	if err != nil {
		return "", err
	}
	return msg.ID, nil
}

func (o *outcome) delete(ctx context.Context, client *orbit.Client, opts ...orbit.CallOption) (string, error) {
	return "", client.Messages.Delete(ctx, "msg_"+o.tag, opts...)
}

// requests are those of the call that the server has on record, oldest first.
func (o *outcome) requests(s *orbittest.Server) []orbittest.Request {
	return slices.DeleteFunc(s.Requests(o.kind.route), func(r orbittest.Request) bool {
		return !strings.Contains(r.Path+" "+r.Query.Encode()+" "+string(r.Body), o.tag)
	})
}

// stored is how often the server did what the call is for.
func (o *outcome) stored(s *orbittest.Server) (n int) {
	if o.kind.route == sendRoute {
		for _, m := range s.Messages() {
			if m.Body == o.text() {
				n += m.Sends
			}
		}
		return n
	}
	for _, r := range o.requests(s) {
		if r.Stored {
			n++
		}
	}
	return n
}

// answered reports whether a success holds the call's own answer. A fault may have
// put another body there, that shows nothing.
func (o *outcome) answered(s *orbittest.Server) bool {
	if o.kind.route != sendRoute {
		return o.answer == "" || strings.Contains(o.answer, o.tag)
	}
	return slices.ContainsFunc(s.Messages(), func(m orbittest.Message) bool {
		return m.Body == o.text() && m.ID == o.answer
	})
}
