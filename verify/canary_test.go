package verify_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/verify"
)

// printed are the ways in which programs print a value, deliberately or not.
func printed(v any) []string {
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", v)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "v", v)
	all := []string{log.String()}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
		all = append(all, fmt.Sprintf(verb, v))
	}
	if _, isError := v.(error); isError {
		out, _ := json.Marshal(v)
		all = append(all, string(out))
	}
	return all
}

// tree lists an error and all that it wraps of the SDK.
func tree(err error) []error {
	found := []error{err}
	switch e := err.(type) { //nolint:errorlint // each level by itself
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			found = append(found, tree(inner)...)
		}
	case interface {
		Is(error) bool
		Unwrap() error
	}: // beyond the SDK's own errors the text is the program's
		if inner := e.Unwrap(); inner != nil {
			found = append(found, tree(inner)...)
		}
	}
	return found
}

// TestCodesAreNeverPrinted sends codes of every length to servers that say them
// back in every place there is.
func TestCodesAreNeverPrinted(t *testing.T) { // SEC-2, SEC-4, SEC-5
	t.Parallel()
	for _, code := range []string{"9182", "91827", "918273", "0192837", "40718293"} {
		synctest.Test(t, func(t *testing.T) {
			for name, transport := range echoes(code) {
				t.Log(name)
				canary(t, code, transport)
			}
		})
	}
}

// echoes are servers, and networks, that repeat the code.
func echoes(code string) map[string]http.RoundTripper {
	text := "the code " + code + " is wrong (" + code + code + ")"
	body, _ := json.Marshal(map[string]any{
		"error": map[string]any{"code": "WRONG_" + code, "message": text, "details": map[string]any{
			"field": text, "value": code, "expected": text, "window": code,
		}},
		"meta": map[string]any{"request_id": "req_1", "docs_url": "https://docs.test/?code=" + code},
	})
	answer := func(status int, body string) http.RoundTripper {
		return roundTripFunc(func(req *http.Request) (*http.Response, error) {
			resp := httpmock.NewStringResponse(status, body)
			resp.Header.Set("X-Echo", text)
			resp.Header.Set("Location", "https://elsewhere.test/"+code)
			resp.Request = req
			return resp, nil
		})
	}
	all := map[string]http.RoundTripper{
		"network":  roundTripFunc(func(*http.Request) (*http.Response, error) { return nil, errors.New("lost " + code) }),
		"HTML":     answer(http.StatusOK, "<html>"+code),
		"broken":   answer(http.StatusOK, `{"data":{"id":"`+code),
		"mismatch": answer(http.StatusOK, `{"data":{"id":["`+code+`"],"created_at":"`+code+` o'clock"}}`),
		"code key": answer(http.StatusOK, `{"`+code+`":{"`+code+`":1},"created_at":{"`+code+`":1}}`),
		"text":     answer(http.StatusBadRequest, text),
		"plain":    answer(http.StatusBadRequest, `{"error":"`+code+`"}`),
		"timeout": roundTripFunc(func(req *http.Request) (*http.Response, error) {
			<-req.Context().Done()
			return nil, req.Context().Err()
		}),
		"malformed": answer(http.StatusUnprocessableEntity, `{"error":`+code+`}`),
	}
	for _, status := range []int{200, 301, 400, 401, 404, 409, 422, 429, 500, 503} {
		all[fmt.Sprint(status)] = answer(status, string(body))
	}
	return all
}

type roundTripFunc func(*http.Request) (*http.Response, error)

func (f roundTripFunc) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// addresses are pointers as they are printed: a short code may be in one by chance,
// those of functions among them.
func addresses() *regexp.Regexp {
	return regexp.MustCompile(`0x[0-9a-f]+|\b(c0[0-9a-f]{8}|8246\d{8}|[4-9]\d{6})\b`)
}

// canary checks one code, and looks for it in all that can be printed.
func canary(t *testing.T, code string, transport http.RoundTripper) {
	t.Helper()
	var log, dump bytes.Buffer
	look := func(what string, texts ...string) {
		t.Helper()
		for _, text := range texts {
			text = addresses().ReplaceAllString(text, "")
			for _, form := range []string{code, fmt.Sprintf("%x", code), fmt.Sprintf("%X", code), fmt.Sprint([]byte(code))} {
				assert.NotContains(t, text, form, what)
			}
		}
	}
	seen := 0
	see := func(e any) { seen++; look(fmt.Sprintf("%T", e), printed(e)...) }
	service := newService(t, transport, orbit.WithDump(&dump),
		orbit.WithLogger(slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))),
		orbit.WithObserver(orbit.Observer{
			CallStart:    func(ctx context.Context, e orbit.CallEvent) context.Context { see(e); return ctx },
			AttemptStart: func(ctx context.Context, e orbit.AttemptEvent) context.Context { see(e); return ctx },
			AttemptDone:  func(_ context.Context, e orbit.AttemptEvent) { see(e) },
			RetryWait:    func(_ context.Context, e orbit.AttemptEvent) { see(e) },
			CallDone:     func(_ context.Context, e orbit.CallEvent) { see(e) },
		}))
	params := verify.CheckParams{VerificationID: "vrf_1", Code: orbit.Secret(code)}
	look("params", printed(params)...)
	look("params", printed(&params)...)
	var response orbit.Response
	got, err := service.Check(t.Context(), params, orbit.CaptureResponse(&response), orbit.WithAttemptTimeout(1e9),
		orbit.WithIdempotencyKey("of-no-digits")) // a random one may hold those of a short code
	if err != nil {
		for _, e := range tree(err) {
			look(fmt.Sprintf("%T", e), printed(e)...)
		}
	}
	assert.False(t, got.Approved())
	see(response)
	require.NotEmpty(t, log.String())
	require.NotEmpty(t, dump.String())
	assert.Greater(t, seen, 4)
	look("log", log.String())
	look("dump", dump.String())
	assert.True(t, strings.Contains(dump.String(), "/verify/check"))
}
