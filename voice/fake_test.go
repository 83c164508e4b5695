package voice_test

import (
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/orbittest"
	"github.com/devotel/orbit-go/voice"
)

// eachGeneration runs a flow against both generations of the API. The fake fails
// the test if it is sent a field that the contract does not know.
func eachGeneration(t *testing.T, flow func(t *testing.T, server *orbittest.Server, service *voice.Service)) {
	t.Helper()
	for name, g := range map[string]orbittest.Generation{"newer": orbittest.Newer, "older": orbittest.Older} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server := orbittest.New(t, orbittest.WithGeneration(g))
				flow(t, server, server.Client().Voice)
			})
		})
	}
}

func TestCallFlow(t *testing.T) {
	t.Parallel()
	eachGeneration(t, func(t *testing.T, server *orbittest.Server, service *voice.Service) {
		ctx := t.Context()
		made, err := service.Calls.Create(ctx, voice.CreateCallParams{
			To: "+15005550002", From: "+14155552672", AgentID: "agt_1", IVRID: "ivr_1", Record: true, AMD: true,
			Direction: voice.DirectionOutbound, MaxDurationSeconds: 60, WebhookURL: "https://example.com/hook",
			Metadata: orbit.Metadata{"order": 7}, CampaignID: "camp_1", OrgTimezone: "Europe/Paris",
		})
		require.NoError(t, err)
		time.Sleep(time.Second)
		got, err := service.Calls.Get(ctx, made.ID)
		require.NoError(t, err)
		assert.Equal(t, voice.CallStatusCompleted, got.Status)
		assert.Equal(t, 1, got.DurationSeconds)
		assert.Equal(t, "agt_1", got.AgentID)
		assert.Equal(t, orbit.Ptr(true), got.Record)
		assert.NotEmpty(t, got.RecordingURL)
		assert.Equal(t, json.Number("7"), got.Metadata["order"])
		assert.NotEmpty(t, got.Summary)
		assert.False(t, got.AnsweredAt.IsZero() || got.EndedAt.IsZero() || got.CreatedAt.IsZero())

		in := server.AddCall(orbittest.Call{From: "+14155550100"})
		page, err := service.Calls.List(ctx, voice.ListCallsParams{Status: voice.CallStatusRinging, From: "+14155550100", Limit: 5})
		require.NoError(t, err)
		require.Len(t, page.Items, 1)
		assert.Equal(t, in.ID, page.Items[0].ID)
		_, err = service.Calls.Accept(ctx, in.ID)
		require.NoError(t, err)
		_, err = service.Calls.Mute(ctx, in.ID)
		require.NoError(t, err)
		assert.True(t, server.Calls()[1].Muted)
		_, err = service.Calls.Unmute(ctx, in.ID)
		require.NoError(t, err)
		_, err = service.Calls.Hangup(ctx, in.ID)
		require.NoError(t, err)
		assert.Equal(t, api.CallStatusCompleted, server.Calls()[1].Status)
		_, err = service.Calls.Decline(ctx, server.AddCall(orbittest.Call{}).ID)
		require.NoError(t, err)
		assert.Equal(t, api.CallStatusBusy, server.Calls()[2].Status)
	})
}

func TestSIPTrunkFlow(t *testing.T) {
	t.Parallel()
	eachGeneration(t, func(t *testing.T, _ *orbittest.Server, service *voice.Service) {
		ctx := t.Context()
		made, err := service.SIPTrunks.Create(ctx, voice.CreateSIPTrunkParams{
			Name: "Office", OutboundURI: "sip:pbx.example.com:5060", InboundURIs: []string{"sip:a.example.com"}, Username: "orbit",
			Password: "secret", Codecs: []string{"opus"}, Encryption: voice.SIPEncryptionTLS,
		})
		require.NoError(t, err)
		params := made.ReplaceParams()
		params.Name, params.Password = "Head office", "secret"
		changed, err := service.SIPTrunks.Replace(ctx, made.ID, params)
		require.NoError(t, err)
		got, err := service.SIPTrunks.Get(ctx, made.ID)
		require.NoError(t, err)
		assert.Equal(t, plain(*changed), plain(*got))
		assert.Equal(t, "Head office", got.Name)
		assert.Equal(t, []string{"opus"}, got.Codecs)
		assert.Equal(t, "active", got.Status)
		all, err := orbit.Collect(service.SIPTrunks.All(ctx, voice.ListSIPTrunksParams{Limit: 1}), 10)
		require.NoError(t, err)
		assert.Len(t, all, 1)
		require.NoError(t, service.SIPTrunks.Delete(ctx, made.ID))
		_, err = service.SIPTrunks.Get(ctx, made.ID)
		require.ErrorIs(t, err, orbit.ErrNotFound)
	})
}

func TestSIPCredentialFlow(t *testing.T) {
	t.Parallel()
	eachGeneration(t, func(t *testing.T, _ *orbittest.Server, service *voice.Service) {
		ctx := t.Context()
		made, err := service.SIPCredentials.Create(ctx, voice.CreateSIPCredentialParams{Label: "Desk", Extension: "2001", AllowedOutbound: orbit.Ptr(false)})
		require.NoError(t, err)
		assert.Equal(t, orbit.Ptr(false), made.AllowedOutbound)
		assert.NotEmpty(t, made.SIPPassword)
		assert.Equal(t, 5061, made.SIPPort)
		changed, err := service.SIPCredentials.Update(ctx, made.ID, voice.UpdateSIPCredentialParams{Label: "Hall", AllowedOutbound: orbit.Ptr(true)})
		require.NoError(t, err)
		got, err := service.SIPCredentials.Get(ctx, made.ID)
		require.NoError(t, err)
		assert.Equal(t, plain(*changed), plain(*got))
		assert.Equal(t, "Hall", got.Label)
		assert.Equal(t, orbit.Ptr(true), got.AllowedOutbound)
		assert.Empty(t, got.SIPPassword)
		rotated, err := service.SIPCredentials.Rotate(ctx, made.ID)
		require.NoError(t, err)
		assert.NotEqual(t, made.SIPPassword, rotated.SIPPassword)
		require.NoError(t, service.SIPCredentials.Unregister(ctx, made.ID))
		all, err := orbit.Collect(service.SIPCredentials.All(ctx, voice.ListSIPCredentialsParams{Limit: 1}), 10)
		require.NoError(t, err)
		assert.Len(t, all, 1)
		require.NoError(t, service.SIPCredentials.Delete(ctx, made.ID))
		require.ErrorIs(t, service.SIPCredentials.Delete(ctx, made.ID), orbit.ErrNotFound)
	})
}

func TestIVRIntentFlow(t *testing.T) {
	t.Parallel()
	eachGeneration(t, func(t *testing.T, _ *orbittest.Server, service *voice.Service) {
		ctx := t.Context()
		made, err := service.IVRIntents.Create(ctx, voice.CreateIVRIntentParams{
			Name: "billing", Description: "Invoices and refunds", TargetQueueID: "q_1", Active: orbit.Ptr(false),
		})
		require.NoError(t, err)
		assert.Equal(t, orbit.Ptr(false), made.Active)
		changed, err := service.IVRIntents.Update(ctx, made.ID, voice.UpdateIVRIntentParams{
			Name: "bills", Description: orbit.Set("Refunds"), TargetQueueID: orbit.Null[string](), TargetAgentID: orbit.Set("agt_1"), Active: orbit.Ptr(true),
		})
		require.NoError(t, err)
		assert.Equal(t, voice.IVRIntent{
			ID: made.ID, Name: "bills", Description: "Refunds", TargetAgentID: "agt_1", Active: orbit.Ptr(true),
			CreatedAt: made.CreatedAt.UTC(), UpdatedAt: changed.UpdatedAt.UTC(),
		}, plain(*changed))
		match, err := service.IVRIntents.Test(ctx, voice.TestIVRIntentParams{Utterance: "I want a refund, refunds!"})
		require.NoError(t, err)
		assert.Contains(t, string(match.Intent), made.ID)
		match, err = service.IVRIntents.Test(ctx, voice.TestIVRIntentParams{Utterance: "Good morning"})
		require.NoError(t, err)
		assert.Empty(t, match.Intent)
		page, err := service.IVRIntents.List(ctx)
		require.NoError(t, err)
		assert.Len(t, page.Items, 1)
		assert.False(t, page.HasMore)
		_, err = service.IVRIntents.Create(ctx, voice.CreateIVRIntentParams{Name: "bills"})
		require.ErrorIs(t, err, orbit.ErrConflict)
		require.NoError(t, service.IVRIntents.Delete(ctx, made.ID))
	})
}

func TestQueueFlow(t *testing.T) {
	t.Parallel()
	eachGeneration(t, func(t *testing.T, server *orbittest.Server, service *voice.Service) {
		ctx := t.Context()
		id := server.AddQueueScript("q_1", "Greeting", map[string]any{"text": "Hello"})
		page, err := service.Queues.ListScripts(ctx, "q_1")
		require.NoError(t, err)
		require.Len(t, page.Items, 1)
		assert.Equal(t, id, page.Items[0].ID)
		assert.Equal(t, "Greeting", page.Items[0].Name)
		assert.Contains(t, string(page.Items[0].Raw), `"text":"Hello"`)
		call := server.AddCall(orbittest.Call{})
		params := voice.SetDispositionParams{Disposition: "resolved", Note: "Refunded"}
		require.NoError(t, service.Queues.SetDisposition(ctx, "q_1", call.ID, params))
		assert.Equal(t, "resolved", server.Calls()[0].Disposition)
		require.ErrorIs(t, service.Queues.SetDisposition(ctx, "q_1", "call_x", params), orbit.CodeNotOwningAgent)
	})
}
