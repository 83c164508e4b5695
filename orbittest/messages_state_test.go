package orbittest_test

import (
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/orbittest"
)

func TestMessages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := orbittest.New(t)
		a := do(t, s, "POST", "/messages/sms", `{"to":"+15005550002","from":"Shop","body":"Hi","metadata":{"n":1}}`, aKey, "key-0001")
		assert.Equal(t, []orbittest.Message{{
			ID: a.id(), Account: "account_1", Channel: "sms", Direction: "outbound", To: []string{"+15005550002"}, From: "Shop", Body: "Hi",
			Status: "queued", IdempotencyKey: "key-0001", CreatedAt: bubbleStart().Local(), Sends: 1,
			Fields: map[string]any{
				"to": "+15005550002", "from": "Shop", "body": "Hi", "metadata": map[string]any{"n": json.Number("1")},
			},
		}}, s.Messages())

		s.Messages()[0].To[0] = "changed"
		s.Messages()[0].Fields["body"] = "changed"
		assert.Equal(t, "+15005550002", s.Messages()[0].To[0])
		assert.Equal(t, "Hi", s.Messages()[0].Fields["body"])
	})
}

func TestAddMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := full(t)
		m := s.AddMessage(orbittest.Message{From: "+14155550100", To: []string{"+14155550199"}, Body: "STOP"})
		assert.Equal(t, m, s.Messages()[0])
		assert.Equal(t, map[string]any{
			"id": m.ID, "channel": "sms", "status": "delivered", "direction": "inbound", "to": "+14155550199",
			"from": "+14155550100", "body": "STOP", "segments": 1., "external_id": "ext_" + m.ID,
			"created_at": "2000-01-01T00:00:00.000Z", "delivered_at": "2000-01-01T00:00:00.000Z",
		}, do(t, s, "GET", "/messages/"+m.ID, "").at("data"))

		s.AddMessage(orbittest.Message{
			ID: "mine", Channel: "fax", Direction: "outbound", Status: "failed", CreatedAt: bubbleStart().Add(-time.Hour),
			Fields: map[string]any{"failure_reason": "NO_ANSWER", "campaign_id": "cmp_1", "brand_new": []int{1}},
		})
		a := do(t, s, "GET", "/messages/mine", "")
		assert.Equal(t, "NO_ANSWER", a.at("data.failure_reason"))
		assert.Equal(t, "cmp_1", a.at("data.campaign_id"))
		assert.Equal(t, []any{1.}, a.at("data.brand_new"))
		assert.Equal(t, "mine", s.Messages()[0].ID, "in order of creation")

		time.Sleep(time.Hour)
		assert.Equal(t, api.MessageStatusFailed, s.Messages()[0].Status, "it stays")
		assert.Equal(t, 200, do(t, s, "POST", "/messages/mine/retry", "").status)
		time.Sleep(time.Second)
		assert.Equal(t, api.MessageStatusDelivered, s.Messages()[0].Status)
	})
}

func TestAddMessageTwice(t *testing.T) {
	tb := &fakeTB{}
	s := orbittest.New(tb)
	s.AddMessage(orbittest.Message{ID: "x"})
	s.AddMessage(orbittest.Message{ID: "x"})
	assert.Equal(t, "orbittest: there is a message with ID x already", tb.fatal)
	assert.Len(t, s.Messages(), 1)
}

func TestSetMessageStatus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := full(t)
		id := sendSMS(t, s).id()
		time.Sleep(time.Second)
		s.SetMessageStatus(id, "read")
		a := do(t, s, "GET", "/messages/"+id, "")
		assert.Equal(t, "read", a.at("data.status"))
		assert.Equal(t, "2000-01-01T00:00:01.000Z", a.at("data.read_at"))
		assert.Equal(t, "2000-01-01T00:00:01.000Z", a.at("data.delivered_at"))
		s.SetMessageStatus(id, "never_heard_of")
		assert.Equal(t, api.MessageStatus("never_heard_of"), s.Messages()[0].Status)
		assert.Equal(t, []string{id}, do(t, s, "GET", "/messages?status=never_heard_of", "").ids())
	})
}

func TestSetMessageStatusOfNothing(t *testing.T) {
	tb := &fakeTB{}
	orbittest.New(tb).SetMessageStatus("x", "read")
	assert.Equal(t, "orbittest: there is no message with ID x", tb.fatal)
	require.PanicsWithValue(t, tb.fatal, func() { orbittest.NewServer().SetMessageStatus("x", "read") })
}
