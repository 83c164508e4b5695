package orbittest_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/orbittest"
)

// happened returns what the deliveries that are due tell: the type and the status
// of each, and forgets them.
func (r *receiver) happened(t testing.TB, s *orbittest.Server) []string {
	t.Helper()
	deliver(t, s)
	var all []string
	for _, e := range r.events {
		status, _ := e["data"].(map[string]any)["status"].(string)
		all = append(all, e["type"].(string)+" "+status)
	}
	r.events = nil
	return all
}

// eventsOf sends a request to each sandbox number, and compares what comes of it.
func eventsOf(t *testing.T, path, fields string, wants map[string][]string) {
	t.Helper()
	for to, want := range wants {
		t.Run(to, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, r, _ := newReceiver(t)
				do(t, s, "POST", path, `{"to":"`+to+`",`+fields+`}`)
				time.Sleep(time.Minute)
				assert.Equal(t, want, r.happened(t, s))
			})
		})
	}
}

func TestMessageEvents(t *testing.T) {
	eventsOf(t, "/messages/sms", `"body":"Hi"`, map[string][]string{
		"+15005550001": {"message.created queued", "message.status_updated submitted"},
		"+15005550002": {"message.created queued", "message.sent sent", "message.delivered delivered"},
		"+15005550003": {"message.created queued", "message.sent sent", "message.failed undelivered"},
		"+15005550004": {"message.created queued", "message.failed failed"},
		"+15005550005": {"message.created queued", "message.sent sent", "message.status_updated expired"},
	})
}

// Events come when they happen, also where a test's clock stands still.
func TestEventsFollowTheClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, r, _ := newReceiver(t)
		assert.Empty(t, r.happened(t, s))
		id := sendSMS(t, s).id()
		assert.Equal(t, []string{"message.created queued"}, r.happened(t, s))
		time.Sleep(50*time.Millisecond - 1)
		assert.Empty(t, r.happened(t, s))
		time.Sleep(1)
		assert.Equal(t, []string{"message.sent sent"}, r.happened(t, s))
		s.SetMessageStatus(id, "failed")
		s.SetMessageStatus(id, "read")
		assert.Equal(t, []string{"message.failed failed", "message.read read"}, r.happened(t, s))
		time.Sleep(time.Minute)
		assert.Empty(t, r.happened(t, s), "it was not delivered any more")
	})
}

// What a later change overwrites was told before.
func TestEventsAreNotLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, r, _ := newReceiver(t)
		id := do(t, s, "POST", "/messages/sms", `{"to":"+15005550004","body":"Hi"}`).id()
		time.Sleep(time.Second)
		do(t, s, "POST", "/messages/"+id+"/retry", "")
		time.Sleep(time.Second)
		assert.Equal(t, []string{"message.created queued", "message.failed failed", "message.failed failed"}, r.happened(t, s))
	})
}

// A webhook is told of nothing that was before it.
func TestEventsBeforeTheWebhook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := orbittest.New(t)
		sendSMS(t, s)
		time.Sleep(50 * time.Millisecond)
		r := &receiver{}
		s.DeliverTo(r, hookSecret)
		time.Sleep(time.Second)
		assert.Equal(t, []string{"message.delivered delivered"}, r.happened(t, s))
	})
}

func TestAddedMessageEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, r, _ := newReceiver(t)
		s.AddMessage(orbittest.Message{From: "+14155550100", To: []string{"+14155550199"}, Body: "STOP", Fields: map[string]any{"contact_id": "con_1"}})
		deliver(t, s)
		assert.Equal(t, "con_1", r.events[0]["data"].(map[string]any)["contact_id"])
		assert.Equal(t, "STOP", r.events[0]["data"].(map[string]any)["body"])
		assert.Equal(t, []string{"message.received delivered"}, r.happened(t, s))

		m := s.AddMessage(orbittest.Message{Direction: "outbound", Status: "failed"})
		assert.Equal(t, []string{"message.failed failed"}, r.happened(t, s))
		do(t, s, "POST", "/messages/"+m.ID+"/retry", "")
		time.Sleep(time.Second)
		assert.Equal(t, []string{"message.sent sent", "message.delivered delivered"}, r.happened(t, s))
	})
}

func TestCallEvents(t *testing.T) {
	eventsOf(t, "/voice/calls", `"agent_id":"agt_1"`, map[string][]string{
		"+15005550001": {"call.initiated initiating", "call.ringing ringing"},
		"+15005550002": {"call.initiated initiating", "call.ringing ringing", "call.answered in_progress", "call.completed completed"},
		"+15005550003": {"call.initiated initiating", "call.ringing ringing", "call.failed no_answer"},
		"+15005550004": {"call.initiated initiating", "call.failed failed"},
		"+15005550006": {"call.initiated initiating", "call.ringing ringing", "call.answered in_progress", "call.completed voicemail"},
	})
}

func TestCallEventData(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, r, _ := newReceiver(t, orbittest.WithFullResponses())
		id := do(t, s, "POST", "/voice/calls", `{"to":"+15005550002","from":"+14155550100","agent_id":"agt_1","metadata":{"n":1}}`).id()
		time.Sleep(time.Minute)
		made := deliver(t, s)
		assert.Equal(t, `{"id":"`+made[3].EventID+`","type":"call.completed","created_at":"2000-01-01T00:00:00.250Z","data":{"call_id":"`+id+
			`","from":"+14155550100","to":"+15005550002","status":"completed","direction":"outbound","duration_seconds":1,`+
			`"agent_id":"agt_1","metadata":{"n":1}}}`, r.raw)
	})
}

func TestIncomingCallEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, r, _ := newReceiver(t)
		id := s.AddCall(orbittest.Call{From: "+14155550100", To: "+14155550199"}).ID
		assert.Equal(t, []string{"call.initiated initiating", "call.ringing ringing"}, r.happened(t, s))
		time.Sleep(time.Second)
		do(t, s, "POST", "/voice/calls/"+id+"/accept", "")
		time.Sleep(time.Second)
		do(t, s, "POST", "/voice/calls/"+id+"/hangup", "")
		assert.Equal(t, []string{"call.answered in_progress", "call.completed completed"}, r.happened(t, s))

		id = s.AddCall(orbittest.Call{}).ID
		s.SetCallStatus(id, "busy")
		s.SetCallStatus(id, "never_heard_of")
		assert.Equal(t, []string{"call.initiated initiating", "call.ringing ringing", "call.failed busy"}, r.happened(t, s))
	})
}

func TestVerificationEvents(t *testing.T) {
	for _, generation := range []orbittest.Generation{orbittest.Newer, orbittest.Older} {
		synctest.Test(t, func(t *testing.T) {
			s, r, _ := newReceiver(t, orbittest.WithGeneration(generation))
			ask := func() string {
				a := do(t, s, "POST", "/verify/send", `{"to":"+15005550002","channel":"sms"}`)
				return a.at("data.verification_id").(string)
			}
			check := func(id, code string) {
				do(t, s, "POST", "/verify/check", `{"verification_id":"`+id+`","code":"`+code+`"}`)
			}
			id := ask()
			deliver(t, s)
			assert.Equal(t, map[string]any{"verification_id": id, "to": "+15005550002", "channel": "sms", "status": "pending"}, r.events[0]["data"])
			check(id, s.Code(id))
			assert.Equal(t, []string{"verify.started pending", "verify.approved approved"}, r.happened(t, s))

			id = ask()
			for range 3 {
				check(id, "000000")
			}
			assert.Equal(t, []string{"verify.started pending", "verify.failed exhausted"}, r.happened(t, s))

			ask()
			time.Sleep(time.Hour)
			assert.Equal(t, []string{"verify.started pending", "verify.expired expired"}, r.happened(t, s))
		})
	}
}

func TestExecutionEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, r, _ := newReceiver(t)
		flow := do(t, s, "POST", "/flows", `{"name":"F","trigger_type":"event","definition":{"nodes":[{"id":"a","type":"t"}],"edges":[]}}`).id()
		require.NotEmpty(t, flow)
		id := s.TriggerFlow(flow, orbittest.FlowRun{})
		assert.Empty(t, r.happened(t, s), "pending")
		time.Sleep(time.Minute)
		deliver(t, s)
		assert.Equal(t, id, r.events[0]["data"].(map[string]any)["id"])
		assert.Equal(t, []string{"execution.started running", "execution.completed completed"}, r.happened(t, s))

		s.TriggerFlow(flow, orbittest.FlowRun{FailAt: "a"})
		time.Sleep(time.Minute)
		assert.Equal(t, []string{"execution.started running", "execution.failed failed"}, r.happened(t, s))
	})
}
