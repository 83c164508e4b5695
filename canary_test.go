package orbit_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
)

// What must never be printed. The text is no phone number, so that only what
// knows of it can hide it.
const (
	canaryNumber = "+14155552671"
	canaryEmail  = "canary@example.com"
	canaryText   = "the canary sings at dawn"
	canaryCode   = "918273"
)

// echo answers with everything it was sent, in every place there is.
func echo(status int) roundTripFunc {
	return func(req *http.Request) (*http.Response, error) {
		all := strings.Join([]string{req.Header.Get("X-API-Key"), canaryNumber, canaryEmail, canaryText, canaryCode}, " ")
		body, _ := json.Marshal(map[string]any{
			"error": map[string]any{"code": "CODE_" + req.Header.Get("X-API-Key"), "message": all, "details": map[string]any{
				"field": all, "value": canaryNumber, "expected": all, "window": all,
			}},
			"meta": map[string]any{"request_id": "req_" + req.Header.Get("X-API-Key"), "docs_url": "https://docs.test/?" + all},
		})
		resp, err := memory{body}.RoundTrip(req)
		resp.StatusCode = status
		resp.Header.Set("X-Request-Id", "req_"+req.Header.Get("X-API-Key"))
		resp.Header.Set("Location", "https://"+req.Header.Get("X-API-Key")+".test/"+canaryNumber)
		resp.Header.Set("X-Echo", all)
		return resp, err
	}
}

// SEC-2, SEC-4, SEC-5: key, recipient, text and code appear in no error, log,
// event or dump, in no form of printing, with the server echoing them all.
func TestCanary(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log, dump bytes.Buffer
		printed := printer{t: t}
		see := func(e any) { printed.see(fmt.Sprintf("%T", e), e) }
		observer := orbit.Observer{
			CallStart:    func(ctx context.Context, e orbit.CallEvent) context.Context { see(e); return ctx },
			AttemptStart: func(ctx context.Context, e orbit.AttemptEvent) context.Context { see(e); return ctx },
			AttemptDone:  func(_ context.Context, e orbit.AttemptEvent) { see(e) },
			RetryWait:    func(_ context.Context, e orbit.AttemptEvent) { see(e) },
			CallDone:     func(_ context.Context, e orbit.CallEvent) { see(e) },
		}
		outcomes := map[string]http.RoundTripper{
			"transport": roundTripFunc(func(req *http.Request) (*http.Response, error) {
				return nil, fmt.Errorf("%s %s %s %s", req.Header.Get("X-API-Key"), canaryNumber, canaryEmail, canaryText)
			}),
			"decode": roundTripFunc(func(req *http.Request) (*http.Response, error) { return memory{[]byte("<" + testKey)}.RoundTrip(req) }),
			"timeout": roundTripFunc(func(req *http.Request) (*http.Response, error) {
				<-req.Context().Done()
				return nil, req.Context().Err()
			}),
		}
		for _, status := range []int{200, 301, 400, 401, 404, 409, 422, 429, 500, 503} {
			outcomes[fmt.Sprint(status)] = echo(status)
		}
		for name, transport := range outcomes {
			client := newTestClient(t, transport, orbit.WithObserver(observer), orbit.WithDump(&dump),
				orbit.WithLogger(slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))))
			printed.see(name+" client", client)
			var response orbit.Response
			for _, call := range canaryCalls(client, &response) {
				err := call(t.Context())
				require.Error(t, err, name)
				printed.see(name, err)
				printed.see(name+" response", response)
				for _, e := range parts(err) {
					printed.see(fmt.Sprintf("%s %T", name, e), e)
				}
			}
		}
		assert.NotEmpty(t, log.String())
		assert.NotEmpty(t, dump.String())
		printed.find("log", log.String())
		printed.find("dump", dump.String())
		printed.see("option", orbit.WithAPIKeyFunc(func(context.Context) (string, error) { return testKey, nil }))
		printed.see("secret", struct{ Code orbit.Secret }{canaryCode}, noJSON)
	})
}

// canaryCalls are calls whose requests hold the canaries in every place.
func canaryCalls(client *orbit.Client, response *orbit.Response) []func(context.Context) error {
	capture := orbit.CaptureResponse(response)
	return []func(context.Context) error{
		func(ctx context.Context) error {
			_, err := client.Messages.SendSMS(ctx, messages.SendSMSParams{To: canaryNumber, Body: canaryText, Metadata: orbit.Metadata{"code": canaryCode}}, capture)
			return err
		},
		func(ctx context.Context) error {
			_, err := client.Messages.SendEmail(ctx, messages.SendEmailParams{
				To: []string{canaryEmail, "b@example.com"}, Subject: canaryText, Text: canaryText,
			}, capture, orbit.WithBodyField("code", canaryCode))
			return err
		},
		func(ctx context.Context) error {
			return client.Call(ctx, "POST", "/verify/{to}/check", map[string]any{"code": canaryCode, "to": canaryNumber, "override_inputs": map[string]any{"x": canaryText}}, nil,
				orbit.PathValue("to", canaryNumber), orbit.WithQuery("email", canaryEmail), capture)
		},
		func(ctx context.Context) error {
			_, err := client.Messages.SendSMS(ctx, messages.SendSMSParams{To: "1 415 555 2671", Body: canaryText}, capture)
			return err
		},
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

// printer prints values in every way and looks for canaries.
type printer struct{ t *testing.T }

type how uint8

// noJSON is for values that JSON shows on purpose, since that is how they are
// sent.
const noJSON how = 1

func (p *printer) see(what string, v any, not ...how) {
	p.t.Helper()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T"} {
		p.find(what+" "+verb, fmt.Sprintf(verb, v))
	}
	if len(not) == 0 {
		out, _ := json.Marshal(v)
		p.find(what+" json", string(out))
	}
	var log bytes.Buffer
	for _, h := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
		if len(not) == 0 {
			slog.New(h).Info("x", "v", v)
		}
	}
	p.find(what+" slog", log.String())
	if len(not) == 0 {
		p.find(what+" deep", deep(reflect.ValueOf(v), map[uintptr]bool{}))
	}
}

func (p *printer) find(what, text string) {
	p.t.Helper()
	for _, canary := range []string{testKey, canaryNumber, canaryNumber[1:], "415 555 2671", canaryEmail, canaryText, canaryCode} {
		for _, form := range []string{canary, fmt.Sprintf("%x", canary), fmt.Sprintf("%X", canary), fmt.Sprint([]byte(canary))} {
			if strings.Contains(text, form) {
				p.t.Errorf("%s shows %q: %.300s", what, canary, text)
			}
		}
	}
}

// deep gathers every text that can be reached from v, unexported fields
// included, as dumpers do that call no method.
func deep(v reflect.Value, seen map[uintptr]bool) string {
	var out strings.Builder
	switch v.Kind() {
	case reflect.String:
		return v.String() + "\n"
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() || v.Kind() == reflect.Pointer && seen[v.Pointer()] {
			return ""
		}
		if v.Kind() == reflect.Pointer {
			seen[v.Pointer()] = true
		}
		return deep(v.Elem(), seen)
	case reflect.Struct:
		for i := range v.NumField() {
			out.WriteString(deep(v.Field(i), seen))
		}
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 && v.Kind() == reflect.Slice {
			return string(v.Bytes())
		}
		for i := range v.Len() {
			out.WriteString(deep(v.Index(i), seen))
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			out.WriteString(deep(it.Key(), seen) + deep(it.Value(), seen))
		}
	}
	return out.String()
}
