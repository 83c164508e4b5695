package voice_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/voice"
)

// fixture is an answer as one of the API's generations writes it, and what
// stands in it.
type fixture[T any] struct {
	name, data string
	want       T
}

// testAnswers reads fixtures, one by one and in lists, in all envelopes; and what
// a newer version might make of each (FWD-1): an unknown member, a null, a text
// for a number and the other way round.
func testAnswers[T any](t *testing.T, get func(*voice.Service, context.Context) (*T, error), list func(*voice.Service, context.Context) (*orbit.Page[T], error), cases ...fixture[T]) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for envelope, body := range map[string]string{
				"envelope":     `{"data":` + c.data + `,"meta":{"request_id":"req_1"}}`,
				"without meta": `{"data":` + c.data + `}`,
				"bare":         c.data,
			} {
				got, err := get(answering(t, http.StatusOK, body), t.Context())
				require.NoError(t, err, envelope)
				assert.Equal(t, c.want, plain(*got), envelope)
			}
			if list != nil {
				page, err := list(answering(t, http.StatusOK, `{"data":[`+c.data+`],"meta":{"request_id":"req_1"}}`), t.Context())
				require.NoError(t, err)
				require.Len(t, page.Items, 1)
				assert.Equal(t, "req_1", page.RequestID())
				assert.False(t, page.HasMore)
				assert.Equal(t, c.want, plain(page.Items[0]))
			}
			for name, m := range mutations(t, c.data) {
				got, err := get(answering(t, http.StatusOK, `{"data":`+m.data+`}`), t.Context())
				require.NoError(t, err, "%s: %s", name, m.data)
				if m.same {
					assert.Equal(t, c.want, plain(*got), name)
				}
			}
		})
	}
}

// mutation is an answer with one change, and whether it means the same.
type mutation struct {
	data string
	same bool
}

func mutations(t *testing.T, data string) map[string]mutation {
	t.Helper()
	var members map[string]json.RawMessage
	require.NoError(t, json.Unmarshal([]byte(data), &members))
	changed := func(name, value string, same bool) mutation {
		out := map[string]json.RawMessage{}
		for n, v := range members {
			out[n] = v
		}
		out[name] = json.RawMessage(value)
		text, err := json.Marshal(out)
		require.NoError(t, err)
		return mutation{string(text), same}
	}
	all := map[string]mutation{"unknown member": changed("brand_new", `{"a":[1]}`, true)}
	for name, value := range members {
		text := string(value)
		if name == "metadata" || name == "summary" {
			continue // kept as they are
		}
		all[name+" null"] = changed(name, "null", false)
		var at string
		switch _ = json.Unmarshal(value, &at); {
		case text == "true", text == "false", value[0] >= '0' && value[0] <= '9':
			all[name+" as text"] = changed(name, strconv.Quote(text), true)
		case strings.HasSuffix(at, "Z"):
			moment, err := time.Parse(time.RFC3339, at)
			require.NoError(t, err)
			all[name+" as Unix time"] = changed(name, fmt.Sprint(moment.UnixMilli()), true)
			all[name+" with a space"] = changed(name, strconv.Quote(strings.Replace(at, "T", " ", 1)), true)
		case value[0] == '"':
			all[name+" as number"] = changed(name, "7", false)
		}
	}
	return all
}

// plain takes the answer's metadata off, and puts times into one zone.
func plain[T any](v T) T {
	value := reflect.ValueOf(&v).Elem()
	for i := range value.NumField() {
		switch field := value.Field(i).Interface().(type) {
		case orbit.Meta:
			value.Field(i).SetZero()
		case time.Time:
			value.Field(i).Set(reflect.ValueOf(field.UTC()))
		}
	}
	return v
}

func TestCallAnswers(t *testing.T) {
	t.Parallel()
	want := voice.Call{
		ID: "call_1", To: "+14155552671", From: "+14155552672", Direction: voice.DirectionOutbound, AgentID: "agt_1",
		Status: voice.CallStatusCompleted, Record: orbit.Ptr(true), DurationSeconds: 42, RecordingURL: "https://storage.example/1?sig=x",
		Metadata: orbit.Metadata{"exact": json.Number("9007199254740993")}, CreatedAt: noon(0), AnsweredAt: noon(1500 * time.Millisecond),
		EndedAt: noon(43 * time.Second), Summary: json.RawMessage(`{"outcome":"resolved","n":1.50}`),
	}
	const rest = `"to":"+14155552671","from":"+14155552672","direction":"outbound","status":"completed","record":true,` +
		`"metadata":{"exact":9007199254740993},"summary":{"outcome":"resolved","n":1.50}`
	testAnswers(t,
		func(s *voice.Service, ctx context.Context) (*voice.Call, error) { return s.Calls.Get(ctx, "1") },
		func(s *voice.Service, ctx context.Context) (*orbit.Page[voice.Call], error) {
			return s.Calls.List(ctx, voice.ListCallsParams{})
		},
		fixture[voice.Call]{"newer", `{"id":"call_1","agent_id":"agt_1","duration_seconds":42,"recording_url":"https://storage.example/1?sig=x",` +
			`"created_at":"2026-03-08T12:00:00.000Z","answered_at":"2026-03-08T12:00:01.500Z","ended_at":"2026-03-08T12:00:43Z",` + rest + `}`, want},
		fixture[voice.Call]{"as events name it", `{"call_id":"call_1","agentId":"agt_1","durationSeconds":42,"recordingUrl":"https://storage.example/1?sig=x",` +
			`"createdAt":"2026-03-08T12:00:00Z","answeredAt":"2026-03-08T12:00:01.5Z","endedAt":"2026-03-08T12:00:43Z",` + rest + `}`, want},
		fixture[voice.Call]{"camel case", `{"callId":"call_1"}`, voice.Call{ID: "call_1"}},
		fixture[voice.Call]{"of another version", `{"id":"call_1","status":"on_hold","direction":"sideways","summary":"He agreed."}`,
			voice.Call{ID: "call_1", Status: "on_hold", Direction: "sideways", Summary: json.RawMessage(`"He agreed."`)}},
	)
	again, err := json.Marshal(want) // ERG-3
	require.NoError(t, err)
	var decoded voice.Call
	require.NoError(t, json.Unmarshal(again, &decoded))
	assert.JSONEq(t, `{"outcome":"resolved","n":1.50}`, string(decoded.Summary))
	decoded.Summary = want.Summary
	assert.Equal(t, want, decoded)
}

// The answer of a call's control may be a call, nothing, or something else.
func TestCallControlAnswers(t *testing.T) {
	t.Parallel()
	for name, act := range map[string]func(*voice.Calls, context.Context, string, ...orbit.CallOption) (*voice.Call, error){
		"hangup": (*voice.Calls).Hangup, "accept": (*voice.Calls).Accept, "decline": (*voice.Calls).Decline,
		"mute": (*voice.Calls).Mute, "unmute": (*voice.Calls).Unmute,
	} {
		for body, want := range map[string]voice.Call{
			"":                            {},
			`{"data":null}`:               {},
			`{"meta":{"request_id":"r"}}`: {},
			`{"data":{"success":true}}`:   {},
			`{"data":{"id":"call_1","status":"completed"}}`: {ID: "call_1", Status: voice.CallStatusCompleted},
		} {
			got, err := act(answering(t, http.StatusOK, body).Calls, t.Context(), "1")
			require.NoError(t, err, "%s: %s", name, body)
			assert.Equal(t, http.StatusOK, got.Info.StatusCode)
			assert.Equal(t, want, plain(*got), name)
		}
		_, err := act(answering(t, http.StatusConflict, `{"error":{"code":"CONFLICT","message":"no"}}`).Calls, t.Context(), "1")
		require.ErrorIs(t, err, orbit.ErrConflict)
	}
}

func TestSIPTrunkAnswers(t *testing.T) {
	t.Parallel()
	want := voice.SIPTrunk{
		ID: "trunk_1", Name: "Office", OutboundURI: "sip:pbx.example.com:5060", InboundURIs: []string{"sip:a.example.com"},
		Username: "orbit", Codecs: []string{"opus", "PCMU"}, Encryption: voice.SIPEncryptionTLS, Status: "active",
		CreatedAt: noon(0), UpdatedAt: noon(time.Second),
	}
	const rest = `"name":"Office","username":"orbit","codecs":["opus","PCMU"],"encryption":"tls","status":"active"`
	testAnswers(t,
		func(s *voice.Service, ctx context.Context) (*voice.SIPTrunk, error) { return s.SIPTrunks.Get(ctx, "1") },
		func(s *voice.Service, ctx context.Context) (*orbit.Page[voice.SIPTrunk], error) {
			return s.SIPTrunks.List(ctx, voice.ListSIPTrunksParams{})
		},
		fixture[voice.SIPTrunk]{"newer", `{"id":"trunk_1","outbound_uri":"sip:pbx.example.com:5060","inbound_uris":["sip:a.example.com"],` +
			`"created_at":"2026-03-08T12:00:00.000Z","updated_at":"2026-03-08T12:00:01.000Z",` + rest + `}`, want},
		fixture[voice.SIPTrunk]{"camel case", `{"trunk_id":"trunk_1","outboundUri":"sip:pbx.example.com:5060","inboundUris":["sip:a.example.com"],` +
			`"createdAt":"2026-03-08T12:00:00Z","updatedAt":"2026-03-08T12:00:01Z",` + rest + `}`, want},
	)
	for name, do := range map[string]func(*voice.SIPTrunks) (*voice.SIPTrunk, error){
		"create": func(s *voice.SIPTrunks) (*voice.SIPTrunk, error) {
			return s.Create(t.Context(), voice.CreateSIPTrunkParams{})
		},
		"update": func(s *voice.SIPTrunks) (*voice.SIPTrunk, error) {
			return s.Replace(t.Context(), "1", voice.ReplaceSIPTrunkParams{})
		},
	} {
		got, err := do(answering(t, http.StatusCreated, `{"data":{"trunk_id":"trunk_1"}}`).SIPTrunks)
		require.NoError(t, err, name)
		assert.Equal(t, "trunk_1", got.ID, name)
	}
}

// ERG-3: an answer makes an update that loses nothing but the password.
func TestSIPTrunkUpdateParams(t *testing.T) {
	t.Parallel()
	trunk := voice.SIPTrunk{
		ID: "trunk_1", Name: "Office", OutboundURI: "sip:a", InboundURIs: []string{"sip:b"}, Username: "u",
		Codecs: []string{"opus"}, Encryption: voice.SIPEncryptionNone, Status: "active", CreatedAt: noon(0), UpdatedAt: noon(0),
	}
	params := trunk.ReplaceParams()
	from, to := reflect.ValueOf(trunk), reflect.ValueOf(params)
	for i := range to.NumField() {
		if name := to.Type().Field(i).Name; name != "Password" {
			assert.Equal(t, from.FieldByName(name).Interface(), to.Field(i).Interface(), name)
			assert.False(t, to.Field(i).IsZero(), name)
		}
	}
	assert.Empty(t, params.Password)
}

func TestSIPCredentialAnswers(t *testing.T) {
	t.Parallel()
	want := voice.SIPCredential{
		ID: "sipc_1", Label: "Desk", Extension: "2001", AllowedOutbound: orbit.Ptr(true), SIPUsername: "u2001", SIPPassword: "pw",
		SIPServer: "sip.example.com", SIPPort: 5061, CreatedAt: noon(0),
	}
	const rest = `"label":"Desk","extension":"2001"`
	testAnswers(t,
		func(s *voice.Service, ctx context.Context) (*voice.SIPCredential, error) {
			return s.SIPCredentials.Get(ctx, "1")
		},
		func(s *voice.Service, ctx context.Context) (*orbit.Page[voice.SIPCredential], error) {
			return s.SIPCredentials.List(ctx, voice.ListSIPCredentialsParams{})
		},
		fixture[voice.SIPCredential]{"newer", `{"id":"sipc_1","allowed_outbound":true,"sip_username":"u2001","sip_password":"pw",` +
			`"sip_server":"sip.example.com","sip_port":5061,"created_at":"2026-03-08T12:00:00.000Z",` + rest + `}`, want},
		fixture[voice.SIPCredential]{"older", `{"id":"sipc_1","allowed_outbound":true,"sip_username":"u2001","sip_password":"pw",` +
			`"sip_server":"sip.example.com","sip_port":"5061","created_at":"2026-03-08T12:00:00Z",` + rest + `}`, want},
		fixture[voice.SIPCredential]{"camel case", `{"credential_id":"sipc_1","allowedOutbound":true,"sipUsername":"u2001","sipPassword":"pw",` +
			`"sipServer":"sip.example.com","sipPort":5061,"createdAt":"2026-03-08T12:00:00Z",` + rest + `}`, want},
	)
}

// SEC-2, SEC-4: a password is sent and given back, and printed nowhere.
func TestPasswordsAreNotPrinted(t *testing.T) {
	t.Parallel()
	const canary = "canary-password"
	s := answering(t, http.StatusCreated, `{"data":{"id":"x","sip_password":"`+canary+`"}}`)
	created, err := s.SIPCredentials.Create(t.Context(), voice.CreateSIPCredentialParams{})
	require.NoError(t, err)
	rotated, err := s.SIPCredentials.Rotate(t.Context(), "x")
	require.NoError(t, err)
	assert.Equal(t, canary, string(created.SIPPassword))
	assert.Equal(t, canary, string(rotated.SIPPassword))
	params := voice.CreateSIPTrunkParams{Name: "x", Password: canary}
	_, err = answering(t, http.StatusUnprocessableEntity, `{"error":{"code":"VALIDATION_ERROR","message":"`+canary+` is too short"}}`).
		SIPTrunks.Create(t.Context(), params)
	require.Error(t, err)
	for _, printed := range []any{*created, *rotated, params, voice.ReplaceSIPTrunkParams{Password: canary}, err} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
			assert.NotContains(t, fmt.Sprintf(verb, printed), canary)
		}
	}
}

func TestIVRIntentAnswers(t *testing.T) {
	t.Parallel()
	want := voice.IVRIntent{
		ID: "ivri_1", Name: "billing", Description: "Invoices", TargetQueueID: "q_1", TargetAgentID: "agt_1", Active: orbit.Ptr(true),
		CreatedAt: noon(0), UpdatedAt: noon(time.Second),
	}
	const rest = `"name":"billing","description":"Invoices","active":true`
	list := func(s *voice.Service, ctx context.Context) (*orbit.Page[voice.IVRIntent], error) {
		return s.IVRIntents.List(ctx)
	}
	testAnswers(t,
		func(s *voice.Service, ctx context.Context) (*voice.IVRIntent, error) {
			return s.IVRIntents.Update(ctx, "1", voice.UpdateIVRIntentParams{})
		}, list,
		fixture[voice.IVRIntent]{"newer", `{"id":"ivri_1","target_queue_id":"q_1","target_agent_id":"agt_1",` +
			`"createdAt":"2026-03-08T12:00:00.000Z","updatedAt":"2026-03-08T12:00:01.000Z",` + rest + `}`, want},
		fixture[voice.IVRIntent]{"other case", `{"intent_id":"ivri_1","targetQueueId":"q_1","targetAgentId":"agt_1",` +
			`"created_at":"2026-03-08T12:00:00Z","updated_at":"2026-03-08T12:00:01Z",` + rest + `}`, want},
		fixture[voice.IVRIntent]{"null targets", `{"id":"ivri_1","target_queue_id":null,"target_agent_id":null,"active":false}`,
			voice.IVRIntent{ID: "ivri_1", Active: orbit.Ptr(false)}},
		fixture[voice.IVRIntent]{"nothing said", `{"id":"ivri_1","active":null}`, voice.IVRIntent{ID: "ivri_1"}}, // DEC-4
	)
	created, err := answering(t, http.StatusCreated, `{"data":{"id":"ivri_1"}}`).IVRIntents.
		Create(t.Context(), voice.CreateIVRIntentParams{Name: "x"})
	require.NoError(t, err)
	assert.Equal(t, "ivri_1", created.ID)
}

// The shape of a match is not documented: whatever comes is kept.
func TestIVRIntentMatches(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]voice.IVRIntentMatch{
		`{"intent":{"id":"ivri_1"},"confidence":0.90}`:     {Intent: json.RawMessage(`{"id":"ivri_1"}`), Confidence: json.RawMessage(`0.90`)},
		`{"matched_intent":"billing","confidence":"high"}`: {Intent: json.RawMessage(`"billing"`), Confidence: json.RawMessage(`"high"`)},
		`{"matchedIntent":{"id":"ivri_1"}}`:                {Intent: json.RawMessage(`{"id":"ivri_1"}`)},
		`{"intent":null,"confidence":0}`:                   {Confidence: json.RawMessage(`0`)},
		`{"else":1}`:                                       {},
		`"billing"`:                                        {Intent: json.RawMessage(`"billing"`)},
	} {
		want.Raw = json.RawMessage(data)
		got, err := answering(t, http.StatusOK, `{"data":`+data+`}`).IVRIntents.Test(t.Context(), voice.TestIVRIntentParams{Utterance: "x"})
		require.NoError(t, err, data)
		assert.Equal(t, want, plain(*got), data)
	}
	for _, body := range []string{`{"data":null}`, ""} {
		got, err := answering(t, http.StatusOK, body).IVRIntents.Test(t.Context(), voice.TestIVRIntentParams{Utterance: "x"})
		require.NoError(t, err, body)
		assert.Empty(t, got.Intent, "no match")
	}
}

func TestQueueScriptAnswers(t *testing.T) {
	t.Parallel()
	const script = `{"id":"s_1","name":"Greeting","steps":[{"say":"Hello"}],"n":1.50}`
	for envelope, body := range map[string]string{"envelope": `{"data":[` + script + `]}`, "nested": `{"data":{"scripts":[` + script + `]}}`, "bare": `[` + script + `]`} {
		page, err := answering(t, http.StatusOK, body).Queues.ListScripts(t.Context(), "q_1")
		require.NoError(t, err, envelope)
		require.Len(t, page.Items, 1)
		assert.Equal(t, voice.QueueScript{ID: "s_1", Name: "Greeting", Raw: json.RawMessage(script)}, plain(page.Items[0]), envelope)
		assert.False(t, page.HasMore)
	}
	page, err := answering(t, http.StatusOK, `{"data":[{"id":7,"name":null}]}`).Queues.ListScripts(t.Context(), "q_1")
	require.NoError(t, err)
	assert.Equal(t, "7", page.Items[0].ID)
	assert.JSONEq(t, `{"id":7,"name":null}`, string(page.Items[0].Raw))
}

func TestNotOwningAgent(t *testing.T) { // ERR-3
	t.Parallel()
	err := answering(t, http.StatusNotFound, `{"error":{"code":"NOT_OWNING_AGENT","message":"no"}}`).Queues.
		SetDisposition(t.Context(), "q_1", "call_1", voice.SetDispositionParams{Disposition: "resolved"})
	require.ErrorIs(t, err, orbit.CodeNotOwningAgent)
	require.ErrorIs(t, err, orbit.ErrNotFound)
}

// ERR-7: a create whose answer names nothing may have been carried out.
func TestCreatesWithoutID(t *testing.T) {
	t.Parallel()
	s := answering(t, http.StatusCreated, `{"data":{"status":"x"}}`)
	for name, err := range map[string]error{
		"call":       fails(s.Calls.Create(t.Context(), voice.CreateCallParams{To: "+14155552671"})),
		"trunk":      fails(s.SIPTrunks.Create(t.Context(), voice.CreateSIPTrunkParams{})),
		"credential": fails(s.SIPCredentials.Create(t.Context(), voice.CreateSIPCredentialParams{})),
		"intent":     fails(s.IVRIntents.Create(t.Context(), voice.CreateIVRIntentParams{Name: "x"})),
	} {
		var unread *orbit.DecodeError
		require.ErrorAs(t, err, &unread, name)
		assert.True(t, orbit.MaybeSent(err))
	}
}

// FWD-2, EVT-4: what is known of the words that the API uses.
func TestWords(t *testing.T) {
	t.Parallel()
	const unknown voice.CallStatus = "on_hold"
	order := [][]voice.CallStatus{
		{unknown, ""},
		{voice.CallStatusInitiating},
		{voice.CallStatusRinging},
		{voice.CallStatusInProgress},
		{voice.CallStatusCompleted, voice.CallStatusFailed, voice.CallStatusBusy, voice.CallStatusNoAnswer, voice.CallStatusCanceled, voice.CallStatusVoicemail},
	}
	for i, group := range order {
		for _, s := range group {
			assert.Equal(t, i > 0, s.Known(), s)
			assert.Equal(t, i == 4, s.IsTerminal(), s)
			assert.Equal(t, s == "completed", s.Succeeded(), s)
			for j, others := range order {
				for _, other := range others {
					assert.Equal(t, i < j, s.Before(other), "%s, %s", s, other)
				}
			}
		}
	}
	var words []string
	for _, group := range order[1:] {
		for _, s := range group {
			words = append(words, string(s))
		}
	}
	assert.Equal(t, "initiating ringing in_progress completed failed busy no_answer canceled voicemail", strings.Join(words, " "))
	for d, known := range map[voice.Direction]bool{"inbound": true, "outbound": true, "": false, "sideways": false} {
		assert.Equal(t, known, d.Known(), d)
	}
	for e, known := range map[voice.SIPEncryption]bool{"tls_srtp": true, "tls": true, "none": true, "": false, "rot13": false} {
		assert.Equal(t, known, e.Known(), e)
	}
}
