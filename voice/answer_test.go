package voice_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/voice"
)

func TestParseAnswerRequest(t *testing.T) {
	t.Parallel()
	const post, get = http.MethodPost, http.MethodGet
	want := voice.AnswerRequest{
		CallSID: "CA1", From: "+14155552671", To: "+14155552672", DialedE164: "+14155552673", RouteID: "r_1", OrganizationID: "org_1",
		Extra: map[string]json.RawMessage{},
	}
	withheld := want
	withheld.From = ""
	more := want
	more.Extra = map[string]json.RawMessage{"attempt": json.RawMessage(`1.50`), "sip": json.RawMessage(`{"a":[1]}`)}
	queried := want
	queried.Extra = map[string]json.RawMessage{"attempt": json.RawMessage(`"1"`), "tag": json.RawMessage(`["a","b"]`)}
	const rest = `"to":"+14155552672","dialedE164":"+14155552673","routeId":"r_1","organizationId":"org_1"`
	const query = "to=%2B14155552672&dialedE164=%2B14155552673&routeId=r_1&organizationId=org_1&callSid=CA1"
	for _, c := range []struct {
		name, method, query, body string
		want                      voice.AnswerRequest
	}{
		{"POST", post, "", `{"callSid":"CA1","from":"+14155552671",` + rest + `}`, want},
		{"POST, query besides", post, "callSid=other", `{"callSid":"CA1","from":"+14155552671",` + rest + `}`, want},
		{"POST, withheld", post, "", `{"callSid":"CA1","from":null,` + rest + `}`, withheld},
		{"POST, no from", post, "", `{"callSid":"CA1",` + rest + `}`, withheld},
		{"POST, more", post, "", `{"attempt":1.50,"sip":{"a":[1]},"callSid":"CA1","from":"+14155552671",` + rest + `}`, more},
		{"POST, numbers", post, "", `{"callSid":7,"routeId":8}`, voice.AnswerRequest{CallSID: "7", RouteID: "8", Extra: map[string]json.RawMessage{}}},
		{"GET", get, query + "&from=%2B14155552671", "", want},
		{"GET, withheld", get, query + "&from=", "", withheld},
		{"GET, null", get, query + "&from=null", "", withheld},
		{"GET, no from", get, query, "", withheld},
		{"GET, more", get, query + "&from=%2B14155552671&attempt=1&tag=a&tag=b", "", queried},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequestWithContext(t.Context(), c.method, "/answer?"+c.query, strings.NewReader(c.body))
			got, err := voice.ParseAnswerRequest(r)
			require.NoError(t, err)
			assert.Equal(t, &c.want, got)
			again, err := io.ReadAll(r.Body)
			require.NoError(t, err)
			assert.Equal(t, c.body, string(again), "the body can be read again")
		})
	}
}

func TestParseAnswerRequestRefuses(t *testing.T) {
	t.Parallel()
	const secret = "+14155552671"
	broken := errors.New("broken")
	for _, c := range []struct {
		name, method, query string
		body                io.Reader
		want                error
		text                string
	}{
		{"other method", http.MethodPut, "callSid=x", strings.NewReader(`{"callSid":"x"}`), voice.ErrNoAnswerRequest, "method"},
		{"no body", http.MethodPost, "", nil, voice.ErrNoAnswerRequest, "JSON object"},
		{"no JSON", http.MethodPost, "", strings.NewReader("from=" + secret), voice.ErrNoAnswerRequest, "JSON object"},
		{"null", http.MethodPost, "", strings.NewReader("null"), voice.ErrNoAnswerRequest, "JSON object"},
		{"list", http.MethodPost, "", strings.NewReader("[]"), voice.ErrNoAnswerRequest, "JSON object"},
		{"no call", http.MethodPost, "", strings.NewReader(`{"from":"` + secret + `"}`), voice.ErrNoAnswerRequest, "callSid"},
		{"no call, GET", http.MethodGet, "from=" + secret, nil, voice.ErrNoAnswerRequest, "callSid"},
		{"another type", http.MethodPost, "", strings.NewReader(`{"callSid":{"sid":"` + secret + `"}}`), voice.ErrNoAnswerRequest, "type"},
		{"too large", http.MethodPost, "", strings.NewReader(`{"callSid":"` + strings.Repeat("x", 64<<10) + `"}`), voice.ErrAnswerTooLarge, "large"},
		{"endless", http.MethodPost, "", endless{}, voice.ErrAnswerTooLarge, "large"},
		{"broken", http.MethodPost, "", iotest.ErrReader(broken), broken, "broken"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequestWithContext(t.Context(), c.method, "/answer?"+c.query, c.body)
			got, err := voice.ParseAnswerRequest(r)
			assert.Nil(t, got)
			require.ErrorIs(t, err, c.want)
			assert.ErrorContains(t, err, c.text)
			assert.NotContains(t, err.Error(), secret) // SEC-4
		})
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", nil)
	r.Body = nil
	_, err := voice.ParseAnswerRequest(r)
	require.ErrorIs(t, err, voice.ErrNoAnswerRequest)
	largest := `{"callSid":"` + strings.Repeat("x", 64<<10-14) + `"}`
	require.Len(t, largest, 64<<10)
	_, err = voice.ParseAnswerRequest(httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(largest)))
	require.NoError(t, err)
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }
