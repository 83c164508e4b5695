package webhooks_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/agents"
	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/flows"
	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/verify"
	"github.com/devotel/orbit-go/voice"
	"github.com/devotel/orbit-go/webhooks"
)

// dataOf decodes data as that of an event of kind k.
func dataOf[T any](t *testing.T, k webhooks.Kind[T], data string) *T {
	t.Helper()
	got, err := k.Data(parseEvent(t, `{"id":"evt_1","type":"`+string(k)+`","data":`+data+`}`))
	require.NoError(t, err)
	return got
}

// EVT-2: every field that the contract names, in one call.
func TestDataWithAllFields(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 8, 12, 0, 0, 0, time.UTC)
	assert.Equal(t, &webhooks.MessageData{
		MessageID: "msg_1", Channel: messages.ChannelSMS, From: "+15005550006", To: messages.Recipients{"+1415555****"}, Body: "Hello",
		Status: messages.StatusDelivered, Segments: 2, Metadata: api.Metadata{"n": json.Number("12345678901234567890.10")},
		ProviderID: "SM1", ErrorCode: "E1", CreatedAt: at, DeliveredAt: at.Add(time.Second),
	}, dataOf(t, webhooks.MessageDelivered, `{"message_id":"msg_1","channel":"sms","from":"+15005550006","to":"+1415555****","body":"Hello",
		"status":"delivered","segments":2,"metadata":{"n":12345678901234567890.10},"provider_id":"SM1","external_id":"x","error_code":"E1",
		"created_at":"2026-03-08T12:00:00Z","delivered_at":"2026-03-08T12:00:01Z","unknown":[1]}`))
	assert.Equal(t, &webhooks.CallData{
		CallID: "call_1", From: "+15005550006", To: "+14155550100", Status: voice.CallStatusCompleted, Direction: voice.DirectionOutbound, DurationSeconds: 61,
		RecordingURL: "https://recordings.test/1", AgentID: "agt_1", Metadata: api.Metadata{"a": "b"},
	}, dataOf(t, webhooks.CallCompleted, `{"call_id":"call_1","from":"+15005550006","to":"+14155550100","status":"completed","direction":"outbound",
		"duration_seconds":61,"recording_url":"https://recordings.test/1","agent_id":"agt_1","metadata":{"a":"b"}}`))
	assert.Equal(t, &webhooks.VerificationData{VerificationID: "vrf_1", To: "+1415555****", Channel: verify.ChannelSMS, Status: verify.StatusApproved},
		dataOf(t, webhooks.VerifyApproved, `{"verification_id":"vrf_1","to":"+1415555****","channel":"sms","status":"approved"}`))
	assert.Equal(t, &webhooks.ExecutionData{
		ExecutionID: "exec_1", FlowID: "flw_1", FlowVersion: 3, Status: flows.ExecutionStatusFailed, Trigger: api.Trigger{Type: flows.TriggerTypeAPI, Raw: json.RawMessage(`{"type":"api","n":1.10}`)}, StartedAt: at,
		EndedAt: at.Add(123 * time.Millisecond), DurationMS: 123, NodeCount: 4, Error: api.Failure{NodeID: "n1", Code: "C", Message: "M"},
	}, dataOf(t, webhooks.ExecutionFailed, `{"id":"exec_1","flow_id":"flw_1","flow_version":3,"status":"failed","trigger":{"type":"api","n":1.10},
		"started_at":"2026-03-08T12:00:00Z","ended_at":"2026-03-08T12:00:00.123Z","duration_ms":123,"node_count":4,
		"error":{"node_id":"n1","code":"C","message":"M"}}`))
	assert.Equal(t, &webhooks.DocumentData{DocumentID: "doc_1", Name: "a.pdf", Status: agents.DocumentStatusReady, Error: "none", Size: 5_000_000_000, CreatedAt: at},
		dataOf(t, webhooks.DocumentReady, `{"id":"doc_1","name":"a.pdf","status":"ready","error":"none","size":5000000000,"created_at":"2026-03-08T12:00:00Z"}`))
	assert.Equal(t, &webhooks.ContactData{ContactID: "con_1"}, dataOf(t, webhooks.ContactMerged, `{"contact_id":"con_1","name":"x"}`))
	assert.Equal(t, &webhooks.CampaignData{CampaignID: "cmp_1"}, dataOf(t, webhooks.CampaignStarted, `{"campaign_id":"cmp_1","name":"x"}`))
}

// Whole numbers of a unit are read as durations too.
func TestDataDurations(t *testing.T) {
	t.Parallel()
	assert.Equal(t, 61*time.Second, (&webhooks.CallData{DurationSeconds: 61}).Duration())
	assert.Equal(t, 123*time.Millisecond, (&webhooks.ExecutionData{DurationMS: 123}).Duration())
	assert.Equal(t, 12*time.Millisecond, (&webhooks.Delivery{ResponseTimeMS: 12}).ResponseTime())
}

// Each generation has its own name for the ID.
func TestDataWithOtherNames(t *testing.T) {
	t.Parallel()
	message := dataOf(t, webhooks.MessageSent, `{"id":"msg_1","external_id":"SM1"}`)
	assert.Equal(t, "msg_1", message.MessageID)
	assert.Equal(t, "SM1", message.ProviderID)
	assert.Equal(t, "call_1", dataOf(t, webhooks.CallRinging, `{"id":"call_1"}`).CallID)
	assert.Equal(t, "vrf_1", dataOf(t, webhooks.VerifyFailed, `{"id":"vrf_1"}`).VerificationID)
	assert.Equal(t, "exec_1", dataOf(t, webhooks.ExecutionStarted, `{"execution_id":"exec_1","id":"run_1"}`).ExecutionID)
	assert.Equal(t, "doc_1", dataOf(t, webhooks.DocumentReady, `{"document_id":"doc_1"}`).DocumentID)
	assert.Equal(t, "con_1", dataOf(t, webhooks.ContactDeleted, `{"id":"con_1"}`).ContactID)
	assert.Equal(t, "cmp_1", dataOf(t, webhooks.CampaignFailed, `{"id":"cmp_1"}`).CampaignID)
}

// FWD-1, FWD-4, FWD-5: scalars of other types, nulls and odd times are taken, and
// unknown values kept.
func TestDataIsReadLiberally(t *testing.T) {
	t.Parallel()
	got := dataOf(t, webhooks.MessageDelivered, `{"message_id":17,"segments":"2","to":["+14155550100",4155550101],"channel":"pigeon",
		"status":"circling","created_at":1772971200,"delivered_at":"","metadata":null,"from":null,"body":null}`)
	assert.Equal(t, "17", got.MessageID)
	assert.Equal(t, 2, got.Segments)
	assert.Equal(t, messages.Recipients{"+14155550100", "4155550101"}, got.To)
	assert.Equal(t, messages.Channel("pigeon"), got.Channel)
	assert.Equal(t, messages.Status("circling"), got.Status)
	assert.True(t, got.CreatedAt.Equal(signedAt()))
	assert.True(t, got.DeliveredAt.IsZero())
	assert.True(t, got.Status.Before(messages.StatusSent), "EVT-4")
}

// What is written is what was read: an event's data can go through a queue.
func TestDataRoundTrip(t *testing.T) {
	t.Parallel()
	const data = `{"message_id":"msg_1","to":"+1415555****","status":"delivered","created_at":"2026-03-08T12:00:00Z"}`
	encoded, err := json.Marshal(dataOf(t, webhooks.MessageDelivered, data))
	require.NoError(t, err)
	assert.JSONEq(t, data, string(encoded))
	for _, empty := range []any{
		webhooks.MessageData{}, webhooks.CallData{}, webhooks.VerificationData{}, webhooks.ExecutionData{},
		webhooks.DocumentData{}, webhooks.ContactData{}, webhooks.CampaignData{},
	} {
		encoded, err := json.Marshal(empty)
		require.NoError(t, err)
		assert.Equal(t, "{}", strings.TrimSpace(string(encoded)))
	}
}

// EVT-1: a flow that took a month is not data of an unknown form, on 32-bit systems
// either.
func TestLongExecution(t *testing.T) {
	t.Parallel()
	event, err := webhooks.ParseEvent([]byte(`{"type":"execution.completed","data":{"id":"exec_1","duration_ms":2678400000}}`))
	require.NoError(t, err)
	data, err := webhooks.ExecutionCompleted.Data(event)
	require.NoError(t, err)
	assert.Equal(t, 31*24*time.Hour, data.Duration())
}
