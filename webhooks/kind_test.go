package webhooks_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/webhooks"
)

func parseEvent(t testing.TB, body string) *webhooks.Event {
	t.Helper()
	e, err := webhooks.ParseEvent([]byte(body))
	require.NoError(t, err)
	return e
}

// NAM-1: kinds become the list that Create takes, whatever their data.
func TestTypesOfKinds(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []webhooks.EventType{"message.delivered", "call.completed", "webhook.test"},
		webhooks.Types(webhooks.MessageDelivered, webhooks.CallCompleted, webhooks.WebhookTest))
	assert.Empty(t, webhooks.Types())
}

// EVT-1, EVT-2: data that does not fit is told apart, and stays readable.
func TestKindDataRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, body string
		want       error
		text       string
	}{
		{"another type", `{"type":"message.sent","data":{"message_id":"msg_1"}}`, webhooks.ErrOtherType, ""},
		{"truncated", `{"type":"message.delivered","truncated":true,"data":{"_truncated":true,"message_id":"msg_1"}}`, webhooks.ErrTruncated, ""},
		{"text", `{"type":"message.delivered","data":"msg_1"}`, webhooks.ErrReshaped, ""},
		{"an array", `{"type":"message.delivered","data":[{"message_id":"msg_1"}]}`, webhooks.ErrReshaped, ""},
		{"null", `{"type":"message.delivered","data":null}`, webhooks.ErrReshaped, "none of the known fields"},
		{"nothing", `{"type":"message.delivered"}`, webhooks.ErrReshaped, "none of the known fields"},
		{"one level deeper", `{"type":"message.delivered","data":{"message":{"message_id":"msg_1"}}}`, webhooks.ErrReshaped, "none of the known fields"},
		{"an object for text", `{"type":"message.delivered","data":{"message_id":"msg_1","status":{"evt_1":1}}}`, webhooks.ErrReshaped, `at "status"`},
		{"text for a number", `{"type":"message.delivered","data":{"message_id":"msg_1","segments":"evt_1"}}`, webhooks.ErrReshaped, ""},
		{"a time that is none", `{"type":"message.delivered","data":{"message_id":"msg_1","created_at":"evt_1"}}`, webhooks.ErrReshaped, ""},
		{"metadata that is text", `{"type":"message.delivered","data":{"message_id":"msg_1","metadata":"evt_1"}}`, webhooks.ErrReshaped, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := parseEvent(t, c.body)
			data, err := webhooks.MessageDelivered.Data(e)
			require.Equal(t, []error{c.want}, matching(err))
			require.ErrorContains(t, err, c.text)
			assertSafe(t, err)
			assert.Nil(t, data)
			assert.Equal(t, c.body, string(e.Raw))
		})
	}
}

// A Kind of the program's own is as good as one of ours.
func TestKindOfUsers(t *testing.T) {
	t.Parallel()
	type invoice struct {
		Number string
		Total  api.Decimal
	}
	const paid webhooks.Kind[invoice] = "invoice.paid"
	got, err := paid.Data(parseEvent(t, `{"type":"invoice.paid","data":{"number":17,"total":1.50}}`))
	require.NoError(t, err)
	assert.Equal(t, &invoice{"17", "1.50"}, got)
	assert.False(t, paid.Known())
	assert.Equal(t, webhooks.EventType("invoice.paid"), paid.Type())

	got, err = paid.Data(parseEvent(t, `{"type":"invoice.paid"}`))
	require.NoError(t, err, "what an empty invoice means, the program knows")
	assert.Equal(t, &invoice{}, got)

	fax := webhooks.Kind[webhooks.MessageData](webhooks.FaxDelivered)
	message, err := fax.Data(parseEvent(t, `{"type":"fax.delivered","data":{"id":"fax_1"}}`))
	require.NoError(t, err)
	assert.Equal(t, "fax_1", message.MessageID)
}

func TestKindOfRawData(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]string{`"data":{"n":1.50}`: `{"n":1.50}`, `"data":"x"`: `"x"`, `"data":null`: `null`, `"x":0`: `null`} {
		got, err := webhooks.WebhookTest.Data(parseEvent(t, `{"type":"webhook.test",`+data+`}`))
		require.NoError(t, err)
		assert.Equal(t, json.RawMessage(want), *got)
	}
}
