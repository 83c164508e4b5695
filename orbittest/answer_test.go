package orbittest_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/orbittest"
	"github.com/devotel/orbit-go/voice"
)

func TestAnswerRequest(t *testing.T) {
	s := orbittest.New(t)
	s.AddNumber(orbittest.Number{PhoneNumber: "+14155550199", VoiceWebhookURL: "https://shop.example/answer?shop=7"})
	call := s.AddCall(orbittest.Call{From: "+14155550100", To: "+14155550199"})
	withheld := s.AddCall(orbittest.Call{To: "+14155550198"})

	post := s.AnswerRequest(t.Context(), "POST", call.ID)
	assert.Equal(t, "https://shop.example/answer?shop=7", post.URL.String())
	assert.Equal(t, "application/json; charset=utf-8", post.Header.Get("Content-Type"))
	body, err := io.ReadAll(post.Body)
	require.NoError(t, err)
	assert.Equal(t, `{"callSid":"`+call.ID+`","from":"+14155550100","to":"+14155550199","dialedE164":"+14155550199",`+
		`"routeId":"rt_orbittest","organizationId":"org_orbittest"}`, string(body))

	body, err = io.ReadAll(s.AnswerRequest(t.Context(), "POST", withheld.ID).Body)
	require.NoError(t, err)
	assert.Contains(t, string(body), `"from":null`)

	get := s.AnswerRequest(t.Context(), "GET", call.ID)
	assert.Equal(t, "https://shop.example/answer?callSid="+call.ID+"&dialedE164=%2B14155550199&from=%2B14155550100"+
		"&organizationId=org_orbittest&routeId=rt_orbittest&shop=7&to=%2B14155550199", get.URL.String())
	assert.Equal(t, "receiver.example", s.AnswerRequest(t.Context(), "GET", withheld.ID).URL.Host)
}

// Both forms are what package voice reads.
func TestAnswerRequestIsReadable(t *testing.T) {
	s := orbittest.New(t)
	for _, from := range []string{"+14155550100", ""} {
		call := s.AddCall(orbittest.Call{From: from, To: "+14155550199"})
		for _, method := range []string{http.MethodPost, http.MethodGet} {
			got, err := voice.ParseAnswerRequest(s.AnswerRequest(t.Context(), method, call.ID))
			require.NoError(t, err, method)
			got.Extra = nil
			assert.Equal(t, &voice.AnswerRequest{
				CallSID: call.ID, From: from, To: "+14155550199", DialedE164: "+14155550199",
				RouteID: "rt_orbittest", OrganizationID: "org_orbittest",
			}, got)
		}
	}
}

func TestAnswerRequestMisused(t *testing.T) {
	tb := &fakeTB{}
	s := orbittest.New(tb)
	assert.Nil(t, s.AnswerRequest(t.Context(), "POST", "call_none"))
	assert.Equal(t, "orbittest: there is no call with ID call_none", tb.fatal)
	call := s.AddCall(orbittest.Call{To: "+14155550199"})
	assert.Nil(t, s.AnswerRequest(t.Context(), "PUT", call.ID))
	assert.Equal(t, "orbittest: there is no answer request: its method is POST or GET, not PUT", tb.fatal)
}
