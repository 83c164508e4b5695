package wire_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/internal/wire"
)

// TestParseErrorEnvelope reads all that the contract's envelope can say.
func TestParseErrorEnvelope(t *testing.T) { // ERR-2
	t.Parallel()
	got := wire.ParseError([]byte(`{
		"error": {"code": "INVALID_PHONE_NUMBER", "message": "not valid", "status": 422,
			"details": {"field": "to", "value": "+1234", "expected": "E.164"}},
		"meta": {"request_id": "req_1", "docs_url": "https://docs.example/INVALID_PHONE_NUMBER"}}`))
	assert.Equal(t, wire.Error{
		Code: "INVALID_PHONE_NUMBER", Message: "not valid", Status: 422,
		Details:   wire.Details{Field: "to", Value: "+1234", Expected: "E.164"},
		RequestID: "req_1", DocsURL: "https://docs.example/INVALID_PHONE_NUMBER",
	}, got)
	assert.EqualError(t, &got, "INVALID_PHONE_NUMBER: not valid")

	got = wire.ParseError([]byte(`{"error":{"code":"RATE_LIMITED","details":{"retry_after":30,"limit":100,"window":"60s"}}}`))
	assert.Equal(t, wire.Details{Limit: 100, Window: "60s", RetryAfter: "30"}, got.Details)
}

// TestParseErrorForms reads what is not the envelope, as far as it says anything.
func TestParseErrorForms(t *testing.T) { // ERR-1, ERR-2
	t.Parallel()
	for _, c := range []struct {
		name, body string
		want       wire.Error
	}{
		{"text", `{"error":"went wrong"}`, wire.Error{Message: "went wrong"}},
		{"flat", `{"code":"X","message":"m"}`, wire.Error{Code: "X", Message: "m"}},
		{"flat beside text", `{"error":"Not Found","message":"no route","statusCode":404}`, wire.Error{Message: "Not Found"}},
		{"flat beside true", `{"error":true,"message":"m"}`, wire.Error{Message: "m"}},
		{"swapped", `{"error":{"code":404,"message":7,"status":"422","details":{"value":1,"limit":"100","retry_after":"1.5"}}}`,
			wire.Error{Code: "404", Message: "7", Status: 422, Details: wire.Details{Value: "1", Limit: 100, RetryAfter: "1.5"}}},
		{"nulls", `{"error":{"code":null,"message":null,"status":null,"details":null},"meta":null}`, wire.Error{}},
		{"other shapes", `{"error":{"code":{},"message":["m"],"status":[],"details":[{"field":"to"}]},"meta":"x"}`, wire.Error{}},
		{"details in words", `{"error":{"code":"X","details":"see docs"}}`, wire.Error{Code: "X"}},
		{"blanks", " {\"error\": {\"code\": \" X \"}}\n", wire.Error{Code: "X"}},
		{"list", `{"error":["x"]}`, wire.Error{}},
		{"huge status", `{"error":{"code":"X","status":99999999999999999999}}`, wire.Error{Code: "X"}},
		{"empty", ``, wire.Error{}},
		{"null", `null`, wire.Error{}},
		{"array", `[{"error":{"code":"X"}}]`, wire.Error{}},
		{"string", `"went wrong"`, wire.Error{}},
		{"html", `<html><body>502 Bad Gateway</body></html>`, wire.Error{}},
		{"truncated", `{"error":{"code":"X","mess`, wire.Error{}},
		{"two values", `{"error":{"code":"X"}}{}`, wire.Error{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, c.want, wire.ParseError([]byte(c.body)))
		})
	}
}

func TestParseErrorLarge(t *testing.T) { // ERR-1
	t.Parallel()
	filler := strings.Repeat("x", 10<<20)
	assert.Zero(t, wire.ParseError([]byte(filler)))
	got := wire.ParseError([]byte(`{"error":{"code":"X","message":"m"},"trace":"` + filler + `"}`))
	assert.Equal(t, wire.Error{Code: "X", Message: "m"}, got)
	assert.Zero(t, wire.ParseError([]byte(strings.Repeat("[", 10<<20))), "nesting is not followed into the ground")
	assert.Zero(t, wire.ParseError([]byte(`{"error":`+strings.Repeat(`{"a":`, 1<<20))))
}

func FuzzParseError(f *testing.F) {
	for _, seed := range []string{
		`{"error":{"code":"X","message":"m","status":422,"details":{"field":"to","limit":1,"retry_after":30}},"meta":{"request_id":"r"}}`,
		`{"error":"x"}`, `{"code":1,"message":true}`, `null`, `<html>`, `{"error":{"status":"1e3"}}`, `{"error":{"code":"\ud800"}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		e := wire.ParseError(body)
		require.True(t, utf8.ValidString(e.Code+e.Message+e.RequestID), "text that can be printed")
		if e != (wire.Error{}) {
			require.Contains(t, string(body), "{")
		}
	})
}
