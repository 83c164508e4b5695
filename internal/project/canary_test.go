package project_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
)

const canaryKey = "dv_test_sk_" + "Qk7wvYp2mXz9"

// SEC-2, SEC-4, SEC-5, LEAK-1 to 3: whatever is written into any parameter of any
// method appears in no error, log, event or dump, in no form of printing, however
// the server echoes it; nor does the key. What may be shown: values that have
// constants, the idempotency key, and the cursor of a CursorError.
func TestCanary(t *testing.T) {
	t.Parallel()
	calls := canaryCalls()
	require.Greater(t, len(calls), 150)
	for i, name := range slices.Sorted(maps.Keys(calls)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			turns := 1
			if strings.HasPrefix(name, "Call ") {
				turns = len(ways())
			}
			for sort := range sorts {
				if testing.Short() && (i+int(sort))%3 != 0 {
					continue
				}
				for turn := range turns {
					synctest.Test(t, func(t *testing.T) { fly(t, calls[name], &canaries{sort: sort}, i+int(sort)+turn) })
				}
			}
		})
	}
}

// canaryCall makes a call whose arguments are canaries.
type canaryCall func(ctx context.Context, client *orbit.Client, c *canaries, raw bool, opts []orbit.CallOption) error

// canaryCalls are all methods of all services, and Client.Call.
func canaryCalls() map[string]canaryCall {
	calls := map[string]canaryCall{
		"Call POST": func(ctx context.Context, client *orbit.Client, c *canaries, _ bool, opts []orbit.CallOption) error {
			in := map[string]any{"field": map[string]any{c.next(): []string{c.next()}}, "pin": json.Number(letters("3456789", len(c.made), 5))}
			c.made = append(c.made, string(in["pin"].(json.Number)))
			return client.Call(ctx, "POST", "/things/{id}", in, nil,
				append(opts, orbit.PathValue("id", c.next()), orbit.WithBodyField("more", c.next()))...)
		},
		"Call GET": func(ctx context.Context, client *orbit.Client, c *canaries, _ bool, opts []orbit.CallOption) error {
			var out struct{ Number int }
			return client.Call(ctx, "GET", "/things/{id}", map[string][]string{"q": {c.next()}}, &out, append(opts, orbit.PathValue("id", c.next()))...)
		},
	}
	for name := range exportedMethods() {
		calls[name] = func(ctx context.Context, client *orbit.Client, c *canaries, raw bool, opts []orbit.CallOption) error {
			f := methodOf(client, name)
			args := []reflect.Value{reflect.ValueOf(ctx)}
			for i := 1; i < f.Type().NumIn()-1; i++ {
				args = append(args, c.write(f.Type().In(i), raw))
			}
			out := f.CallSlice(append(args, reflect.ValueOf(opts)))
			last := out[len(out)-1]
			if last.Kind() == reflect.Func { // an iterator
				for _, e := range last.Seq2() {
					if err, _ := e.Interface().(error); err != nil {
						return err
					}
				}
				return nil
			}
			err, _ := last.Interface().(error)
			return err
		}
	}
	return calls
}

// fly makes a call with every outcome, the server echoing all that it was sent, each
// time in another way, and looks at everything that tells of it.
func fly(t *testing.T, call canaryCall, c *canaries, turn int) {
	t.Helper()
	var log, dump bytes.Buffer
	p := printer{t: t, found: map[string]bool{}}
	server, echoes := &echoing{canaries: c}, slices.Sorted(maps.Keys(ways()))
	level := &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: withoutTimes}
	client, err := orbit.NewClient(canaryKey, orbit.WithHTTPClient(&http.Client{Transport: transport(server.RoundTrip)}), orbit.WithoutChecks(),
		orbit.WithObserver(p.observer()), orbit.WithDump(writer(dump.Write)),
		orbit.WithLogger(slog.New(slog.NewJSONHandler(&log, level))), orbit.WithLogger(slog.New(slog.NewTextHandler(&log, level))))
	require.NoError(t, err)
	p.values = append(p.values, client)
	for outcome := range outcomes {
		server.outcome, server.first, server.echo = outcome, len(c.made), ways()[echoes[(turn+int(outcome))%len(echoes)]]
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		var response orbit.Response
		opts := append(c.options(), orbit.WithIdempotencyKey("the-key"), orbit.CaptureResponse(&response), orbit.WithMaxAttempts(2))
		err := call(ctx, client, c, (turn+int(outcome))%5 == 0, opts)
		cancel()
		if outcome <= breaks { // not every method reads what a success says
			require.Error(t, err, "outcome %d", outcome)
		}
		if err != nil {
			p.values = append(p.values, response)
			for _, e := range parts(err) {
				p.values = append(p.values, e)
			}
		}
	}
	p.traces = tracesOf(append(c.made, canaryKey[len("dv_test_sk_"):]))
	for _, v := range p.values {
		p.see(v)
	}
	sizes := regexp.MustCompile(`\d+ bytes`)
	for line := range strings.Lines(log.String() + sizes.ReplaceAllString(dump.String(), "bytes")) {
		p.find("log or dump", line, true)
	}
}

// withoutTimes drops what has digits by chance.
func withoutTimes(_ []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() == slog.KindDuration || a.Value.Kind() == slog.KindTime {
		return slog.Attr{}
	}
	return a
}

// printer prints values in every way and looks for canaries.
type printer struct {
	t      *testing.T
	values []any
	traces traces
	found  map[string]bool // texts that were looked at
}

// observer keeps all events.
func (p *printer) observer() orbit.Observer {
	keep := func(e any) { p.values = append(p.values, e) }
	return orbit.Observer{
		CallStart:    func(ctx context.Context, e orbit.CallEvent) context.Context { keep(e); return ctx },
		AttemptStart: func(ctx context.Context, e orbit.AttemptEvent) context.Context { keep(e); return ctx },
		AttemptDone:  func(_ context.Context, e orbit.AttemptEvent) { keep(e) },
		RetryWait:    func(_ context.Context, e orbit.AttemptEvent) { keep(e) },
		CallDone:     func(_ context.Context, e orbit.CallEvent) { keep(e) },
	}
}

func (p *printer) see(v any) {
	p.t.Helper()
	what := fmt.Sprintf("%T", v)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d"} {
		p.find(what+" "+verb, fmt.Sprintf(verb, v), false)
	}
	out, _ := json.Marshal(v)
	p.find(what+" json", string(out), false)
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", v)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "v", v)
	p.find(what+" slog", log.String(), false)
	if err, ok := v.(error); ok {
		p.find(what+" text", err.Error(), true)
	}
	for _, text := range deep(reflect.ValueOf(v), map[uintptr]bool{}) {
		p.find(what+" deep", text, true)
	}
}

func (p *printer) find(what, text string, withDigits bool) {
	p.t.Helper()
	if p.found[text] && !withDigits {
		return
	}
	p.found[text] = true
	if trace := p.traces.in(text, withDigits); trace != "" {
		assert.Fail(p.t, "a canary", "%s shows %q: %.900s", what, trace, text)
		p.t.FailNow()
	}
}

// parts lists all errors in err's tree.
func parts(err error) []error {
	found := []error{err}
	var several interface{ Unwrap() []error }
	if errors.As(err, &several) {
		for _, e := range several.Unwrap() {
			found = append(found, parts(e)...)
		}
		return found
	}
	if inner := errors.Unwrap(err); inner != nil {
		if _, ours := err.(interface{ Is(error) bool }); ours { // beyond the SDK's own errors the text is the program's
			found = append(found, parts(inner)...)
		}
	}
	return found
}

// deep gathers every text that can be reached from v, unexported fields included,
// as dumpers do that call no method.
func deep(v reflect.Value, seen map[uintptr]bool) (texts []string) {
	switch v.Kind() {
	case reflect.String:
		return []string{v.String()}
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() || v.Kind() == reflect.Pointer && seen[v.Pointer()] {
			return nil
		}
		if v.Kind() == reflect.Pointer {
			seen[v.Pointer()] = true
		}
		return deep(v.Elem(), seen)
	case reflect.Struct:
		for i := range v.NumField() {
			texts = append(texts, deep(v.Field(i), seen)...)
		}
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 && v.Kind() == reflect.Slice {
			return []string{string(v.Bytes())}
		}
		for i := range v.Len() {
			texts = append(texts, deep(v.Index(i), seen)...)
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			texts = append(append(texts, deep(it.Key(), seen)...), deep(it.Value(), seen)...)
		}
	}
	return texts
}

// outcome is what a server makes of a call.
type outcome int

const (
	refuses outcome = iota
	refusesInText
	refusesInOther
	isDown
	limits
	redirects
	breaks
	breaksOff
	refusesInDisguise
	isUnreadable
	isHTML
	succeeds
	succeedsWithout
	outcomes
)

// echoing is a server that echoes what it was sent in every place there is.
type echoing struct {
	canaries *canaries
	echo     func(string) string
	outcome  outcome
	first    int // of the canaries of this call
	n        int
}

// sent are the canaries that a request holds, and the key.
func (s *echoing) sent(req *http.Request, body []byte) []string {
	arrived := ""
	for _, form := range plainForms(fmt.Sprint(req.URL, req.Header, string(body))) {
		arrived += bareLetters(form)
	}
	known := []string{canaryKey}
	for _, text := range s.canaries.made[s.first:] {
		if strings.Contains(arrived, bareLetters(text)) {
			known = append(known, text)
		}
	}
	return known
}

func (s *echoing) RoundTrip(req *http.Request) (*http.Response, error) {
	var sent []byte
	if req.Body != nil {
		sent, _ = io.ReadAll(req.Body)
		_ = req.Body.Close()
	}
	known := s.sent(req, sent)
	all := func() string { // beginning with another one each time
		var echoed []string
		for i := range known {
			echoed = append(echoed, s.echo(known[(i+s.n)%len(known)]))
		}
		s.n += 3
		return strings.Join(echoed, ", ")
	}
	id := func() string { // only longer parts are hidden in it
		text := known[s.n%len(known)]
		if len(bareLetters(middle(text))) < 8 || len(s.echo(text)) > 120 {
			text = canaryKey
		}
		return "req_" + s.echo(text)
	}
	details := map[string]any{"field": all(), "value": all(), "expected": all(), "window": all(), "limit": 5, "retry_after": 1}
	meta := map[string]any{"request_id": id(), "docs_url": "https://docs.test/?q=" + all(), "has_more": true, "cursor": "next"}
	envelope := map[string]any{"meta": meta, "error": map[string]any{"code": all(), "message": all(), "details": details}}
	status, contentType := http.StatusUnprocessableEntity, "application/json"
	var body any = envelope
	switch s.outcome {
	case refusesInText:
		body = map[string]any{"error": all(), "meta": meta}
	case refusesInOther:
		status, body = 404, map[string]any{"message": all(), "code": all()}
	case isDown:
		status = 503
	case limits:
		status = 429
	case redirects:
		status = 302
	case breaks:
		return nil, fmt.Errorf("proxy: %s %q: %s; %s", req.Method, req.URL, all(), req.Header)
	case breaksOff:
		return respond(req, 200, contentType, id(), io.NopCloser(io.MultiReader(strings.NewReader(`{"data":{"id":"`), broken{errors.New(all())}))), nil
	case refusesInDisguise:
		status = 200
	case isUnreadable:
		status, body = 200, map[string]any{"data": all(), "meta": meta}
	case isHTML:
		status, contentType = 200, "text/html"
		return respond(req, status, contentType, id(), io.NopCloser(strings.NewReader("<html>"+all()))), nil
	case succeeds:
		status = 200
		item := map[string]any{"id": id(), "status": all(), "channel": all(), "created_at": all(), "metadata": map[string]any{all(): all()}}
		body = map[string]any{"data": []any{item}, "meta": map[string]any{"request_id": id(), "timestamp": all()}}
		if req.Method != http.MethodGet {
			body.(map[string]any)["data"] = item
		}
	case succeedsWithout:
		return respond(req, 204, contentType, id(), http.NoBody), nil
	}
	text, err := json.Marshal(body)
	return respond(req, status, contentType, id(), io.NopCloser(bytes.NewReader(text))), err
}

func respond(req *http.Request, status int, contentType, id string, body io.ReadCloser) *http.Response {
	h := http.Header{"Content-Type": {contentType}, "X-Request-Id": {id}, "X-Echo": {id}, "Retry-After": {"1"}}
	if status == 302 {
		h.Set("Location", "https://"+strings.ReplaceAll(id, "/", "")+".test/"+id)
	}
	return &http.Response{StatusCode: status, Status: id, Header: h, Body: body, ContentLength: -1, Request: req, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}
}

// broken is a body that breaks.
type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

// writer hides where it writes to.
type writer func([]byte) (int, error)

func (f writer) Write(text []byte) (int, error) { return f(text) }

// transport hides its server from dumps of the client.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }
