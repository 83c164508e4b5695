package flows_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/flows"
	"github.com/devotel/orbit-go/orbittest"
)

// inBothGenerations runs a test against a strict fake of each generation.
func inBothGenerations(t *testing.T, test func(t *testing.T, server *orbittest.Server, service *flows.Service)) {
	for name, generation := range map[string]orbittest.Generation{"newer": orbittest.Newer, "older": orbittest.Older} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := orbittest.New(t, orbittest.WithGeneration(generation))
				test(t, server, server.Client().Flows)
			})
		})
	}
}

// created makes the flow of testdata on a fake.
func created(t *testing.T, service *flows.Service) *flows.Flow {
	t.Helper()
	flow, err := service.Create(t.Context(), flows.CreateParams{
		Name: "Greeting", TriggerType: flows.TriggerTypeInboundMessage, Definition: definition(t, load(t, "definition.json")),
	})
	require.NoError(t, err)
	return flow
}

// TestFlowLife creates, reads, lists, changes and deletes a flow. The definition
// is the same text all the way, but for what was changed.
func TestFlowLife(t *testing.T) {
	inBothGenerations(t, func(t *testing.T, server *orbittest.Server, service *flows.Service) {
		ctx, text := t.Context(), strings.TrimSpace(load(t, "definition.json"))
		flow := created(t, service)
		assert.Equal(t, 1, flow.Version)
		assert.Equal(t, flows.StatusDraft, flow.Status)
		assert.NotEmpty(t, flow.RequestID())

		got, err := service.Get(ctx, flow.ID)
		require.NoError(t, err)
		assert.Equal(t, "Greeting", got.Name)
		assert.Equal(t, flows.TriggerTypeInboundMessage, got.TriggerType)
		assert.Equal(t, text, string(got.Definition.Raw()))
		assert.Equal(t, time.Now().UTC(), got.CreatedAt.UTC())

		time.Sleep(time.Hour)
		greet, _ := got.Definition.Node("greet")
		require.NoError(t, greet.Set("/data/retries", 4))
		require.NoError(t, got.Definition.SetNode(greet))
		mine, err := service.Update(ctx, flow.ID, flows.UpdateParams{Definition: got.Definition, Version: got.Version})
		require.NoError(t, err)
		assert.Equal(t, 2, mine.Version)
		assert.Equal(t, strings.Replace(text, "3.0", "4", 1), string(mine.Definition.Raw()))
		assert.True(t, mine.UpdatedAt.After(mine.CreatedAt))

		_, err = service.Update(ctx, flow.ID, flows.UpdateParams{Name: "Theirs", Version: got.Version})
		require.ErrorIs(t, err, orbit.ErrConflict)
		forced, err := service.Update(ctx, flow.ID, flows.UpdateParams{Name: "Theirs", TriggerType: flows.TriggerTypeAPI})
		require.NoError(t, err)
		assert.Equal(t, 3, forced.Version)
		assert.Equal(t, "Theirs", forced.Name)
		assert.Equal(t, mine.Definition, forced.Definition)

		page, err := service.List(ctx, flows.ListParams{})
		require.NoError(t, err)
		require.Len(t, page.Items, 1)
		assert.Equal(t, flow.ID, page.Items[0].ID)
		assert.True(t, page.Items[0].Definition.IsZero(), "lists have no definitions")

		require.NoError(t, service.Delete(ctx, flow.ID))
		_, err = service.Get(ctx, flow.ID)
		require.ErrorIs(t, err, orbit.ErrNotFound)
		require.ErrorIs(t, service.Delete(ctx, flow.ID), orbit.ErrNotFound)
		assert.Len(t, server.Requests("PUT /flows/{id}"), 3)
	})
}

// TestExecutionLife runs a flow that fails, and replays it.
func TestExecutionLife(t *testing.T) {
	inBothGenerations(t, func(t *testing.T, server *orbittest.Server, service *flows.Service) {
		ctx := t.Context()
		flow := created(t, service)
		id := server.TriggerFlow(flow.ID, orbittest.FlowRun{
			Trigger: map[string]any{"channel": "sms", "message_id": "msg_1"}, FailAt: "greet", Code: "SEND_FAILED", Message: "refused",
		})
		pending, err := service.Executions.Get(ctx, id)
		require.NoError(t, err)
		assert.Equal(t, flows.ExecutionStatusPending, pending.Status)
		assert.Empty(t, pending.NodeRuns)

		failed, err := service.Executions.Wait(ctx, id, flows.WaitParams{})
		require.NoError(t, err)
		assert.Equal(t, flows.ExecutionStatusFailed, failed.Status)
		assert.Equal(t, flows.Failure{NodeID: "greet", Code: "SEND_FAILED", Message: "refused"}, failed.Error)
		assert.Equal(t, flows.TriggerTypeInboundMessage, failed.Trigger.Type)
		assert.Equal(t, "msg_1", failed.Trigger.MessageID)
		assert.Equal(t, flow.ID, failed.FlowID)
		assert.Equal(t, 1, failed.FlowVersion)
		assert.EqualValues(t, 250, failed.DurationMS)
		assert.Equal(t, 2, failed.NodeCount)
		require.Len(t, failed.NodeRuns, 2)
		assert.JSONEq(t, `{"channel":"sms","message_id":"msg_1","type":"inbound_message"}`, string(failed.NodeRuns[0].Input))
		assert.True(t, failed.NodeRuns[0].Error.IsZero())
		assert.Equal(t, failed.Error, failed.NodeRuns[1].Error)

		_, err = service.Update(ctx, flow.ID, flows.UpdateParams{Name: "Second"})
		require.NoError(t, err)
		again, err := service.Executions.Replay(ctx, id, flows.ReplayExecutionParams{
			UseLatestVersion: orbit.Ptr(false), OverrideInputs: map[string]any{"message_id": "msg_2"},
		})
		require.NoError(t, err)
		assert.NotEqual(t, id, again.ID)
		assert.Equal(t, 1, again.FlowVersion)
		again, err = service.Executions.Wait(ctx, again.ID, flows.WaitParams{})
		require.NoError(t, err)
		assert.True(t, again.Status.Succeeded())
		assert.True(t, again.Error.IsZero())
		assert.Contains(t, string(again.NodeRuns[0].Input), `"msg_2"`)
		assert.Equal(t, "msg_1", again.Trigger.MessageID)

		latest, err := service.Executions.Replay(ctx, id, flows.ReplayExecutionParams{})
		require.NoError(t, err)
		assert.Equal(t, 2, latest.FlowVersion)
		_, err = service.Executions.Replay(ctx, latest.ID, flows.ReplayExecutionParams{UseLatestVersion: orbit.Ptr(true)})
		require.ErrorIs(t, err, orbit.ErrConflict, "it runs")

		var ids []string
		for e, err := range service.Executions.All(ctx, flows.ListExecutionsParams{FlowID: flow.ID, Status: flows.ExecutionStatusFailed, Limit: 1}) {
			require.NoError(t, err)
			assert.Empty(t, e.NodeRuns, "lists do not tell what nodes did")
			ids = append(ids, e.ID)
		}
		assert.Equal(t, []string{id}, ids)

		require.NoError(t, service.Delete(ctx, flow.ID))
		latest, err = service.Executions.Wait(ctx, latest.ID, flows.WaitParams{})
		require.NoError(t, err)
		assert.True(t, latest.Status.Succeeded(), "what runs finishes")

		time.Sleep(90 * 24 * time.Hour)
		_, err = service.Executions.Get(ctx, id)
		require.ErrorIs(t, err, orbit.CodeExecutionNotFound)
	})
}

// TestFakeKnowsEveryRequest proves that each operation reaches a route of the fake
// with no field or parameter that it does not know.
func TestFakeKnowsEveryRequest(t *testing.T) {
	routes := []string{"/flows", "/flows/{id}", "/flows/executions", "/flows/executions/{id}", "/flows/executions/{id}/replay"}
	for _, c := range goldens() {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := orbittest.New(t) // fails on what it does not know
				_ = c.call(t.Context(), server.Client().Flows)
				for _, r := range server.Requests() {
					assert.Empty(t, r.UnknownFields)
					assert.NotEqual(t, http.StatusMethodNotAllowed, r.Status)
					assert.Contains(t, routes, r.Route)
				}
				assert.NotEmpty(t, server.Requests())
			})
		})
	}
}
