package webhooks_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/webhooks"
)

// EVT-1, FWD-4: whatever an envelope looks like, it decodes, and what can be read
// of it is there.
func TestParseEventTakesEverything(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 8, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name, body string
		want       webhooks.Event
	}{
		{"as documented", `{"id":"evt_1","type":"message.sent","created_at":"2026-03-08T12:00:00Z","data":{"a":1}}`,
			webhooks.Event{ID: "evt_1", Type: "message.sent", CreatedAt: at, Data: json.RawMessage(`{"a":1}`)}},
		{"unknown type", `{"id":"evt_1","type":"moon.risen","data":{"phase":0.25}}`,
			webhooks.Event{ID: "evt_1", Type: "moon.risen", Data: json.RawMessage(`{"phase":0.25}`)}},
		{"unknown members", `{"id":"evt_1","version":2,"organization":{"id":"org"},"data":null}`,
			webhooks.Event{ID: "evt_1", Data: json.RawMessage(`null`)}},
		{"a number for the ID", `{"id":12345678901234567890,"type":7,"data":[1]}`,
			webhooks.Event{ID: "12345678901234567890", Type: "7", Data: json.RawMessage(`[1]`)}},
		{"an object for the ID", `{"id":{"x":1},"type":"message.sent","created_at":"2026-03-08T12:00:00Z"}`,
			webhooks.Event{Type: "message.sent", CreatedAt: at}},
		{"time without a zone", `{"id":"evt_1","created_at":"2026-03-08 12:00:00","data":"x"}`,
			webhooks.Event{ID: "evt_1", CreatedAt: at, Data: json.RawMessage(`"x"`)}},
		{"time in seconds", `{"id":"evt_1","created_at":1772971200}`, webhooks.Event{ID: "evt_1", CreatedAt: at}},
		{"time in milliseconds", `{"id":"evt_1","created_at":"1772971200000"}`, webhooks.Event{ID: "evt_1", CreatedAt: at}},
		{"a time that is none", `{"id":"evt_1","created_at":"yesterday","type":"message.sent"}`, webhooks.Event{ID: "evt_1", Type: "message.sent"}},
		{"nulls", `{"id":null,"type":null,"created_at":null,"truncated":null,"data":null}`, webhooks.Event{Data: json.RawMessage(`null`)}},
		{"a byte order mark", "\ufeff" + `{"id":"evt_1","type":"message.sent"}`, webhooks.Event{ID: "evt_1", Type: "message.sent"}},
		{"a byte order mark, odd parts", "\ufeff" + `{"id":7}`, webhooks.Event{ID: "7"}},
		{"nothing", `{}`, webhooks.Event{}},
		{"null", `null`, webhooks.Event{}},
		{"an array", `[{"id":"evt_1"}]`, webhooks.Event{}},
		{"text", `"evt_1"`, webhooks.Event{}},
		{"a number", `1`, webhooks.Event{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := webhooks.ParseEvent([]byte(c.body))
			require.NoError(t, err)
			assert.Equal(t, c.body, string(got.Raw), "EVT-2")
			got.Raw = nil
			assert.Equal(t, &c.want, got)
		})
	}
}

func TestParseEventRefusesWhatIsNotJSON(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		"", " ", "hello", `{"id":"evt_1"`, `{"id":"evt_1"}x`, `{"id":"evt_1",}`, "\x00", "<html>", `{'id':'evt_1'}`,
		strings.Repeat("[", 1<<15), `{"id":7,"data":` + strings.Repeat(`{"a":`, 1<<15),
	} {
		got, err := webhooks.ParseEvent([]byte(body))
		require.Equal(t, []error{webhooks.ErrNotJSON}, matching(err))
		assert.Nil(t, got)
		assertSafe(t, err)
	}
}

func TestParseEventCopiesTheBody(t *testing.T) {
	t.Parallel()
	body := []byte(testBody)
	got, err := webhooks.ParseEvent(body)
	require.NoError(t, err)
	clear(body)
	assert.Equal(t, testBody, string(got.Raw))
	assert.Contains(t, string(got.Data), "msg_1")
	assert.Zero(t, got.Verification)
}

// EVT-5: data that was too large is a state of its own, however the envelope and
// the data say so.
func TestParseEventTruncated(t *testing.T) {
	t.Parallel()
	const data = `{"_truncated":true,"_original_bytes":300000,"id":"msg_1","message_id":"msg_1","conversation_id":"conv_1",` +
		`"contact_id":"con_1","campaign_id":"cmp_1","channel":"email"}`
	full := &webhooks.Truncated{
		OriginalBytes: 300000, ID: "msg_1", MessageID: "msg_1", ConversationID: "conv_1",
		ContactID: "con_1", CampaignID: "cmp_1", Channel: messages.ChannelEmail,
	}
	for _, c := range []struct {
		name, body string
		want       *webhooks.Truncated
	}{
		{"both", `{"id":"evt_1","truncated":true,"data":` + data + `}`, full},
		{"data alone", `{"id":"evt_1","data":` + data + `}`, full},
		{"spaces", `{"id":"evt_1","data":{ "_truncated" : true }}`, &webhooks.Truncated{}},
		{"envelope alone", `{"id":"evt_1","truncated":true,"data":{"message_id":"msg_1"}}`, &webhooks.Truncated{MessageID: "msg_1"}},
		{"other scalars", `{"truncated":"true","data":{"_truncated":1,"_original_bytes":"300000","id":7}}`, &webhooks.Truncated{OriginalBytes: 300000, ID: "7"}},
		{"without data", `{"truncated":true}`, &webhooks.Truncated{}},
		{"with other data", `{"truncated":true,"data":[1]}`, &webhooks.Truncated{}},
		{"whole", `{"truncated":false,"data":{"id":"msg_1"}}`, nil},
		{"not so", `{"data":{"_truncated":false}}`, nil},
		{"within the metadata", `{"data":{"metadata":{"_truncated":true}}}`, nil},
		{"within the text", `{"data":{"body":"\"_truncated\":true","metadata":{"x":"_truncated"}}}`, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := webhooks.ParseEvent([]byte(c.body))
			require.NoError(t, err)
			assert.Equal(t, c.want, got.Truncated)
		})
	}
}

// FuzzEvent looks for JSON that is refused, for other bytes that are taken, and
// for data that makes its typed form panic.
func FuzzEvent(f *testing.F) {
	for _, seed := range []string{
		testBody, `{"id":7,"type":"call.failed","data":{"duration_seconds":"7"}}`, `{"truncated":1,"data":{"_truncated":"yes","_original_bytes":1e3}}`,
		`{"type":"execution.failed","data":{"error":{"code":1},"trigger":[1]}}`, `null`, `[]`, `{"data":`, `{"type":"message.sent","data":{"to":["a",1],"metadata":{"n":1e999}}}`,
		`{"type":"kb.document.ready","created_at":-1,"data":{"size":"x"}}`, `{"type":"contact.merged","data":"x"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		e, err := webhooks.ParseEvent(body)
		require.Equal(t, json.Valid(body), err == nil)
		if err != nil {
			require.ErrorIs(t, err, webhooks.ErrNotJSON)
			return
		}
		require.Equal(t, body, e.Raw)
		if len(e.Data) > 0 {
			require.True(t, json.Valid(e.Data))
		}
		for _, decode := range decoders() {
			err := decode(e)
			if e.Truncated != nil {
				require.ErrorIs(t, err, webhooks.ErrTruncated)
			} else if err != nil {
				require.ErrorIs(t, err, webhooks.ErrReshaped)
			}
		}
	})
}

// decoders read an event's data as each of the types, whatever its own type is.
func decoders() []func(*webhooks.Event) error {
	return []func(*webhooks.Event) error{
		decodeAs[webhooks.MessageData], decodeAs[webhooks.CallData], decodeAs[webhooks.VerificationData], decodeAs[webhooks.ExecutionData],
		decodeAs[webhooks.DocumentData], decodeAs[webhooks.ContactData], decodeAs[webhooks.CampaignData], decodeAs[json.RawMessage],
	}
}

func decodeAs[T any](e *webhooks.Event) error {
	_, err := webhooks.Kind[T](e.Type).Data(e)
	return err
}
