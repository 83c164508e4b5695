package voice_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/voice"
)

// fails is the error of a method that gives a result as well.
func fails[R any](_ R, err error) error { return err }

func TestCallRequests(t *testing.T) {
	t.Parallel()
	create := func(p voice.CreateCallParams) operation {
		return func(ctx context.Context, s *voice.Service, o ...orbit.CallOption) error {
			return fails(s.Calls.Create(ctx, p, o...))
		}
	}
	list := func(p voice.ListCallsParams) operation {
		return func(ctx context.Context, s *voice.Service, o ...orbit.CallOption) error {
			return fails(s.Calls.List(ctx, p, o...))
		}
	}
	act := func(f func(*voice.Calls, context.Context, string, ...orbit.CallOption) (*voice.Call, error)) operation {
		return func(ctx context.Context, s *voice.Service, o ...orbit.CallOption) error {
			return fails(f(s.Calls, ctx, "1", o...))
		}
	}
	testRequests(t,
		golden{"create, minimal", create(voice.CreateCallParams{To: "+14155552671"}), "POST /api/v1/voice/calls", `{"to":"+14155552671"}`},
		golden{"create, full", create(voice.CreateCallParams{
			To: "+14155552671", From: "+14155552672", AgentID: "agt_1", IVRID: "ivr_1", Record: true, AMD: true,
			Direction: voice.DirectionOutbound, MaxDurationSeconds: 60, WebhookURL: "https://example.com/hook",
			Metadata: orbit.Metadata{"order": 7, "exact": json.Number("9007199254740993")}, CampaignID: "camp_1", OrgTimezone: "Europe/Paris",
		}), "POST /api/v1/voice/calls", `{"to":"+14155552671","from":"+14155552672","agent_id":"agt_1","ivr_id":"ivr_1","record":true,"amd":true,` +
			`"direction":"outbound","max_duration":60,"webhook_url":"https://example.com/hook",` +
			`"metadata":{"exact":9007199254740993,"order":7},"campaignId":"camp_1","orgTimezone":"Europe/Paris"}`},
		golden{"create, empty optional fields", create(voice.CreateCallParams{To: "+14155552671", Metadata: orbit.Metadata{}}),
			"POST /api/v1/voice/calls", `{"to":"+14155552671"}`},
		golden{"list, minimal", list(voice.ListCallsParams{}), "GET /api/v1/voice/calls", ""},
		golden{"list, full", list(voice.ListCallsParams{Cursor: "cur_1", Limit: 5, Status: voice.CallStatusNoAnswer, From: "+14155552671", To: "+14155552672"}),
			"GET /api/v1/voice/calls?cursor=cur_1&from=%2B14155552671&limit=5&status=no_answer&to=%2B14155552672", ""},
		golden{"get", act((*voice.Calls).Get), "GET /api/v1/voice/calls/1", ""},
		golden{"get, odd ID", func(ctx context.Context, s *voice.Service, _ ...orbit.CallOption) error {
			return fails(s.Calls.Get(ctx, "a/b?c/1"))
		},
			"GET /api/v1/voice/calls/a%2Fb%3Fc%2F1", ""}, // HTTP-5
		golden{"hangup", act((*voice.Calls).Hangup), "POST /api/v1/voice/calls/1/hangup", ""},
		golden{"accept", act((*voice.Calls).Accept), "POST /api/v1/voice/calls/1/accept", ""},
		golden{"decline", act((*voice.Calls).Decline), "POST /api/v1/voice/calls/1/decline", ""},
		golden{"mute", act((*voice.Calls).Mute), "POST /api/v1/voice/calls/1/mute", ""},
		golden{"unmute", act((*voice.Calls).Unmute), "POST /api/v1/voice/calls/1/unmute", ""},
	)
}

func TestSIPTrunkRequests(t *testing.T) {
	t.Parallel()
	full := voice.ReplaceSIPTrunkParams{
		Name: "Office", OutboundURI: "sip:pbx.example.com:5060", InboundURIs: []string{"sip:a.example.com", "sip:b.example.com"},
		Username: "orbit", Password: "secret", Codecs: []string{"opus", "PCMU"}, Encryption: voice.SIPEncryptionTLSSRTP,
	}
	const body = `{"name":"Office","outbound_uri":"sip:pbx.example.com:5060","inbound_uris":["sip:a.example.com","sip:b.example.com"],` +
		`"username":"orbit","password":"secret","codecs":["opus","PCMU"],"encryption":"tls_srtp"}`
	create := func(p voice.CreateSIPTrunkParams) operation {
		return func(ctx context.Context, s *voice.Service, o ...orbit.CallOption) error {
			return fails(s.SIPTrunks.Create(ctx, p, o...))
		}
	}
	update := func(p voice.ReplaceSIPTrunkParams) operation {
		return func(ctx context.Context, s *voice.Service, o ...orbit.CallOption) error {
			return fails(s.SIPTrunks.Replace(ctx, "1", p, o...))
		}
	}
	list := func(p voice.ListSIPTrunksParams) operation {
		return func(ctx context.Context, s *voice.Service, o ...orbit.CallOption) error {
			return fails(s.SIPTrunks.List(ctx, p, o...))
		}
	}
	testRequests(t,
		golden{"create, minimal", create(voice.CreateSIPTrunkParams{}), "POST /api/v1/voice/sip-trunks", `{}`},
		golden{"create, full", create(voice.CreateSIPTrunkParams(full)), "POST /api/v1/voice/sip-trunks", body},
		golden{"list, minimal", list(voice.ListSIPTrunksParams{}), "GET /api/v1/voice/sip-trunks", ""},
		golden{"list, full", list(voice.ListSIPTrunksParams{Cursor: "c", Limit: 2}), "GET /api/v1/voice/sip-trunks?cursor=c&limit=2", ""},
		golden{"get", func(ctx context.Context, s *voice.Service, _ ...orbit.CallOption) error {
			return fails(s.SIPTrunks.Get(ctx, "1"))
		},
			"GET /api/v1/voice/sip-trunks/1", ""},
		golden{"update, minimal", update(voice.ReplaceSIPTrunkParams{}), "PUT /api/v1/voice/sip-trunks/1", `{}`},
		golden{"update, full", update(full), "PUT /api/v1/voice/sip-trunks/1", body},
		golden{"delete", func(ctx context.Context, s *voice.Service, _ ...orbit.CallOption) error {
			return s.SIPTrunks.Delete(ctx, "1")
		},
			"DELETE /api/v1/voice/sip-trunks/1", ""},
	)
}

func TestSIPCredentialRequests(t *testing.T) { // ERG-2
	t.Parallel()
	create := func(p voice.CreateSIPCredentialParams) operation {
		return func(ctx context.Context, s *voice.Service, o ...orbit.CallOption) error {
			return fails(s.SIPCredentials.Create(ctx, p, o...))
		}
	}
	update := func(p voice.UpdateSIPCredentialParams) operation {
		return func(ctx context.Context, s *voice.Service, o ...orbit.CallOption) error {
			return fails(s.SIPCredentials.Update(ctx, "1", p, o...))
		}
	}
	list := func(p voice.ListSIPCredentialsParams) operation {
		return func(ctx context.Context, s *voice.Service, o ...orbit.CallOption) error {
			return fails(s.SIPCredentials.List(ctx, p, o...))
		}
	}
	testRequests(t,
		golden{"create, minimal", create(voice.CreateSIPCredentialParams{}), "POST /api/v1/sip-credentials/", `{}`},
		golden{"create, full", create(voice.CreateSIPCredentialParams{Label: "Desk", Extension: "2001", AllowedOutbound: orbit.Ptr(true)}),
			"POST /api/v1/sip-credentials/", `{"label":"Desk","extension":"2001","allowed_outbound":true}`},
		golden{"create, false", create(voice.CreateSIPCredentialParams{AllowedOutbound: orbit.Ptr(false)}),
			"POST /api/v1/sip-credentials/", `{"allowed_outbound":false}`},
		golden{"list, minimal", list(voice.ListSIPCredentialsParams{}), "GET /api/v1/sip-credentials/", ""},
		golden{"list, full", list(voice.ListSIPCredentialsParams{Cursor: "c", Limit: 2}), "GET /api/v1/sip-credentials/?cursor=c&limit=2", ""},
		golden{"get", func(ctx context.Context, s *voice.Service, _ ...orbit.CallOption) error {
			return fails(s.SIPCredentials.Get(ctx, "1"))
		},
			"GET /api/v1/sip-credentials/1", ""},
		golden{"update, nothing", update(voice.UpdateSIPCredentialParams{}), "PATCH /api/v1/sip-credentials/1", `{}`},
		golden{"update, full", update(voice.UpdateSIPCredentialParams{Label: "Hall", AllowedOutbound: orbit.Ptr(true)}),
			"PATCH /api/v1/sip-credentials/1", `{"label":"Hall","allowed_outbound":true}`},
		golden{"update, false", update(voice.UpdateSIPCredentialParams{AllowedOutbound: orbit.Ptr(false)}),
			"PATCH /api/v1/sip-credentials/1", `{"allowed_outbound":false}`},
		golden{"delete", func(ctx context.Context, s *voice.Service, _ ...orbit.CallOption) error {
			return s.SIPCredentials.Delete(ctx, "1")
		},
			"DELETE /api/v1/sip-credentials/1", ""},
		golden{"rotate", func(ctx context.Context, s *voice.Service, _ ...orbit.CallOption) error {
			return fails(s.SIPCredentials.Rotate(ctx, "1"))
		},
			"POST /api/v1/sip-credentials/1/rotate", ""},
		golden{"unregister", func(ctx context.Context, s *voice.Service, _ ...orbit.CallOption) error {
			return s.SIPCredentials.Unregister(ctx, "1")
		},
			"POST /api/v1/sip-credentials/1/unregister", ""},
	)
}

func TestIVRIntentRequests(t *testing.T) { // ERG-2
	t.Parallel()
	create := func(p voice.CreateIVRIntentParams) operation {
		return func(ctx context.Context, s *voice.Service, o ...orbit.CallOption) error {
			return fails(s.IVRIntents.Create(ctx, p, o...))
		}
	}
	update := func(p voice.UpdateIVRIntentParams) operation {
		return func(ctx context.Context, s *voice.Service, o ...orbit.CallOption) error {
			return fails(s.IVRIntents.Update(ctx, "1", p, o...))
		}
	}
	const collection, one = "POST /api/v1/voice/ivr-intents", "PATCH /api/v1/voice/ivr-intents/1"
	testRequests(t,
		golden{"create, minimal", create(voice.CreateIVRIntentParams{Name: "billing"}), collection, `{"name":"billing"}`},
		golden{"create, full", create(voice.CreateIVRIntentParams{Name: "billing", Description: "Invoices", TargetQueueID: "q_1", Active: orbit.Ptr(true)}),
			collection, `{"name":"billing","description":"Invoices","target_queue_id":"q_1","active":true}`},
		golden{"create, inactive, to an agent", create(voice.CreateIVRIntentParams{Name: "billing", TargetAgentID: "agt_1", Active: orbit.Ptr(false)}),
			collection, `{"name":"billing","target_agent_id":"agt_1","active":false}`},
		golden{"list", func(ctx context.Context, s *voice.Service, _ ...orbit.CallOption) error {
			return fails(s.IVRIntents.List(ctx))
		},
			"GET /api/v1/voice/ivr-intents", ""},
		golden{"update, nothing", update(voice.UpdateIVRIntentParams{}), one, `{}`},
		golden{"update, full", update(voice.UpdateIVRIntentParams{
			Name: "bills", Description: orbit.Set("Bills"), TargetQueueID: orbit.Set("q_1"), TargetAgentID: orbit.Null[string](), Active: orbit.Ptr(true),
		}), one, `{"name":"bills","description":"Bills","target_queue_id":"q_1","target_agent_id":null,"active":true}`},
		golden{"update, to an agent", update(voice.UpdateIVRIntentParams{TargetQueueID: orbit.Null[string](), TargetAgentID: orbit.Set("agt_1")}),
			one, `{"target_queue_id":null,"target_agent_id":"agt_1"}`},
		golden{"update, zero values", update(voice.UpdateIVRIntentParams{
			Description: orbit.Set(""), TargetQueueID: orbit.Set(""), Active: orbit.Ptr(false),
		}), one, `{"description":"","target_queue_id":"","active":false}`},
		golden{"delete", func(ctx context.Context, s *voice.Service, _ ...orbit.CallOption) error {
			return s.IVRIntents.Delete(ctx, "1")
		},
			"DELETE /api/v1/voice/ivr-intents/1", ""},
		golden{"test", func(ctx context.Context, s *voice.Service, _ ...orbit.CallOption) error {
			return fails(s.IVRIntents.Test(ctx, voice.TestIVRIntentParams{Utterance: "my bill"}))
		}, "POST /api/v1/voice/ivr-intents/test", `{"utterance":"my bill"}`},
	)
}

func TestQueueRequests(t *testing.T) {
	t.Parallel()
	dispose := func(p voice.SetDispositionParams) operation {
		return func(ctx context.Context, s *voice.Service, o ...orbit.CallOption) error {
			return s.Queues.SetDisposition(ctx, "q/1", "call 1", p, o...)
		}
	}
	const path = "POST /api/v1/voice/queues/q%2F1/calls/call%201/disposition"
	testRequests(t,
		golden{"scripts", func(ctx context.Context, s *voice.Service, _ ...orbit.CallOption) error {
			return fails(s.Queues.ListScripts(ctx, "q_1"))
		},
			"GET /api/v1/voice/queues/q_1/scripts", ""},
		golden{"disposition, minimal", dispose(voice.SetDispositionParams{Disposition: "resolved"}), path, `{"disposition":"resolved"}`},
		golden{"disposition, full", dispose(voice.SetDispositionParams{Disposition: "resolved", Note: "Refunded"}),
			path, `{"disposition":"resolved","note":"Refunded"}`},
	)
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	create := func(p voice.CreateCallParams) operation {
		return func(ctx context.Context, s *voice.Service, o ...orbit.CallOption) error {
			return fails(s.Calls.Create(ctx, p, o...))
		}
	}
	const both, onlyOne = "target_queue_id, target_agent_id", "only one of them may be given"
	testRefusals(t,
		refusal{"nobody to call", create(voice.CreateCallParams{}), "Voice.Calls.Create", "to", ruleEmpty, ""},
		refusal{"separators", create(voice.CreateCallParams{To: "+1 (415) 555-2671"}), "Voice.Calls.Create", "to", ruleE164, "+14*******71"},
		refusal{"negative duration", create(voice.CreateCallParams{To: "+14155552671", MaxDurationSeconds: -1}),
			"Voice.Calls.Create", "max_duration", ruleNegative, ""},
		refusal{"negative limit of calls", func(ctx context.Context, s *voice.Service, _ ...orbit.CallOption) error {
			return fails(s.Calls.List(ctx, voice.ListCallsParams{Limit: -1}))
		}, "Voice.Calls.List", "limit", ruleNegative, ""},
		refusal{"negative limit of trunks", func(ctx context.Context, s *voice.Service, _ ...orbit.CallOption) error {
			return fails(s.SIPTrunks.List(ctx, voice.ListSIPTrunksParams{Limit: -1}))
		}, "Voice.SIPTrunks.List", "limit", ruleNegative, ""},
		refusal{"negative limit of credentials", func(ctx context.Context, s *voice.Service, _ ...orbit.CallOption) error {
			return fails(s.SIPCredentials.List(ctx, voice.ListSIPCredentialsParams{Limit: -1}))
		}, "Voice.SIPCredentials.List", "limit", ruleNegative, ""},
		refusal{"intent without a name", func(ctx context.Context, s *voice.Service, _ ...orbit.CallOption) error {
			return fails(s.IVRIntents.Create(ctx, voice.CreateIVRIntentParams{}))
		}, "Voice.IVRIntents.Create", "name", ruleEmpty, ""},
		refusal{"intent with two targets", func(ctx context.Context, s *voice.Service, _ ...orbit.CallOption) error {
			return fails(s.IVRIntents.Create(ctx, voice.CreateIVRIntentParams{Name: "x", TargetQueueID: "q", TargetAgentID: "a"}))
		}, "Voice.IVRIntents.Create", both, onlyOne, ""},
		refusal{"update with two targets", func(ctx context.Context, s *voice.Service, _ ...orbit.CallOption) error {
			return fails(s.IVRIntents.Update(ctx, "1", voice.UpdateIVRIntentParams{TargetQueueID: orbit.Set("q"), TargetAgentID: orbit.Set("a")}))
		}, "Voice.IVRIntents.Update", both, onlyOne, ""},
		refusal{"nothing said", func(ctx context.Context, s *voice.Service, _ ...orbit.CallOption) error {
			return fails(s.IVRIntents.Test(ctx, voice.TestIVRIntentParams{}))
		}, "Voice.IVRIntents.Test", "utterance", ruleEmpty, ""},
		refusal{"no disposition", func(ctx context.Context, s *voice.Service, _ ...orbit.CallOption) error {
			return s.Queues.SetDisposition(ctx, "q", "c", voice.SetDispositionParams{Note: "x"})
		}, "Voice.Queues.SetDisposition", "disposition", ruleEmpty, ""},
		refusal{"no ID of a call", func(ctx context.Context, s *voice.Service, _ ...orbit.CallOption) error {
			return fails(s.Calls.Hangup(ctx, ""))
		},
			"Voice.Calls.Hangup", "id", rulePath, ""},
		refusal{"no ID of a queue's call", func(ctx context.Context, s *voice.Service, _ ...orbit.CallOption) error {
			return s.Queues.SetDisposition(ctx, "q", "..", voice.SetDispositionParams{Disposition: "x"})
		}, "Voice.Queues.SetDisposition", "callId", rulePath, ""},
	)
}
