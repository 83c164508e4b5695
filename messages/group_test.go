package messages_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
)

func TestSendGroup(t *testing.T) {
	t.Parallel()
	testBodies(t, "/messages/group", (*messages.Service).SendGroup, func(g *messages.GroupResult) string {
		assert.Equal(t, "req_1", g.RequestID())
		assert.Len(t, g.Messages, 1)
		return g.Messages[0].ID
	}, []golden[messages.SendGroupParams]{
		{"one recipient is an array too", messages.SendGroupParams{To: []string{"+14155552671"}, Body: "x"}, `{"to":["+14155552671"],"body":"x"}`},
		{
			"full",
			messages.SendGroupParams{
				To: []string{"+14155552671", "+14155552672"}, Body: "Hello", From: "+14155552673", MediaURLs: []string{"https://example.com/a.png"},
			},
			`{"to":["+14155552671","+14155552672"],"body":"Hello","from":"+14155552673","media_urls":["https://example.com/a.png"]}`,
		},
		{
			"media without text",
			messages.SendGroupParams{To: []string{"+14155552671"}, MediaURLs: []string{"https://example.com/a.png"}},
			`{"to":["+14155552671"],"body":"","media_urls":["https://example.com/a.png"]}`,
		},
	})
}

func TestSendGroupRefuses(t *testing.T) {
	t.Parallel()
	testRefusals(t, "Messages.SendGroup", (*messages.Service).SendGroup, []refusal[messages.SendGroupParams]{
		{"no recipients", messages.SendGroupParams{Body: "x"}, "to", ruleEmpty, ""},
		{"empty recipient", messages.SendGroupParams{To: []string{"+14155552671", ""}, Body: "x"}, "to", ruleEmpty, ""},
		{"bad recipient", messages.SendGroupParams{To: []string{"+14155552671", "0014155552672"}, Body: "x"}, "to", ruleE164(), "+14*******72"},
		{"nothing to say", messages.SendGroupParams{To: []string{"+14155552671"}}, "body", ruleNoBody, ""},
	})
}

// sendGroup sends to two numbers, answered by body.
func sendGroup(t *testing.T, body string, opts ...orbit.CallOption) (*messages.GroupResult, error) {
	t.Helper()
	mock := newMock(t)
	mock.RegisterResponder(http.MethodPost, orbit.DefaultBaseURL+"/messages/group", httpmock.NewStringResponder(http.StatusCreated, body))
	params := messages.SendGroupParams{To: []string{"+14155552671", "+14155552672"}, Body: "x"}
	return newService(t, mock).SendGroup(t.Context(), params, opts...)
}

// TestGroupAnswers reads the forms that the answer may have.
func TestGroupAnswers(t *testing.T) { // FWD-1
	t.Parallel()
	const rows = `[{"message_id":"msg_1","to":"+14155552671","status":"queued"},{"id":2,"to":["+14155552672"],"segments":"1"},{"status":"failed"}]`
	for name, body := range map[string]string{
		"array":       `{"data":` + rows + `,"meta":{"request_id":"req_1"}}`,
		"object":      `{"data":{"id":"grp_1","messages":` + rows + `},"meta":{"request_id":"req_1"}}`,
		"bare array":  rows,
		"bare object": `{"messages":` + rows + `,"meta":{"request_id":"req_1"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			result, err := sendGroup(t, body)
			require.NoError(t, err)
			require.Len(t, result.Messages, 3)
			first, second, third := result.Messages[0], result.Messages[1], result.Messages[2]
			assert.Equal(t, "msg_1", first.ID)
			assert.Equal(t, messages.Recipients{"+14155552671"}, first.To)
			assert.Equal(t, "2", second.ID)
			assert.Equal(t, 1, second.Segments)
			assert.Equal(t, messages.StatusFailed, third.Status, "a recipient that failed has no ID")
			assert.Same(t, result.Info, second.Info)
		})
	}
}

func TestGroupSingleAnswer(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"data":{"id":"msg_1","segments":"2"}}`, `{"data":{"message_id":"msg_1","segments":2,"messages":null}}`} {
		result, err := sendGroup(t, body)
		require.NoError(t, err, body)
		require.Len(t, result.Messages, 1, body)
		assert.Equal(t, "msg_1", result.Messages[0].ID)
		assert.Equal(t, 2, result.Messages[0].Segments)
	}
}

// TestGroupWithoutID proves that an answer which names no message is an error,
// since nobody could say what became of the request.
func TestGroupWithoutID(t *testing.T) { // ERR-7
	t.Parallel()
	for _, body := range []string{
		`{"data":[]}`, `{"data":{"messages":[]}}`, `{"data":[{"status":"queued"}]}`, `{"data":{"messages":[{}]}}`, `{"data":{}}`,
		`[]`, `{"data":[null]}`, `{"data":"ok"}`, `{"data":[{"id":{}}]}`, `null`,
	} {
		result, err := sendGroup(t, body)
		var unreadable *orbit.DecodeError
		require.ErrorAs(t, err, &unreadable, body)
		assert.Nil(t, result)
		assert.True(t, orbit.MaybeSent(err), body)
	}
}

// ERG-3: a stored result reads as the API writes one.
func TestGroupIsStoredAsItIsWritten(t *testing.T) {
	t.Parallel()
	stored, err := json.Marshal(messages.GroupResult{Messages: []messages.Message{{ID: "msg_1"}}})
	require.NoError(t, err)
	assert.JSONEq(t, `{"messages":[{"id":"msg_1"}]}`, string(stored))
}
