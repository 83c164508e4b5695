package flows_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/flows"
)

// TestFlowAnswers reads a flow in every form.
func TestFlowAnswers(t *testing.T) { // FWD-1, FWD-4
	t.Parallel()
	whole := flows.Flow{
		ID: "flw_1", Name: "Greeting", TriggerType: flows.TriggerTypeInboundMessage, Status: flows.StatusDraft, Version: 3,
		Definition: definition(t, `{"nodes":[]}`), CreatedAt: noon(0), UpdatedAt: noon(500 * time.Millisecond),
	}
	for name, c := range map[string]struct {
		body string
		want flows.Flow
	}{
		"envelope": {`{"data":{"id":"flw_1","name":"Greeting","trigger_type":"inbound_message","status":"draft","version":3,
			"definition":{"nodes":[]},"created_at":"2026-03-08T12:00:00Z","updated_at":"2026-03-08T12:00:00.500Z","folder":{"a":1}}}`, whole},
		"bare, other types": {`{"flow_id":"flw_1","name":"Greeting","trigger_type":"inbound_message","status":"draft","version":"3",
			"definition":{"nodes":[]},"created_at":1772971200,"updated_at":"2026-03-08 12:00:00.5"}`, whole},
		"unknown words": {`{"data":{"id":"flw_1","trigger_type":"moon","status":"asleep"}}`,
			flows.Flow{ID: "flw_1", TriggerType: "moon", Status: "asleep"}},
		"nulls": {`{"data":{"id":"flw_1","name":null,"trigger_type":null,"status":null,"version":null,"definition":null,"created_at":null,"updated_at":null}}`,
			flows.Flow{ID: "flw_1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := answering(t, http.StatusOK, c.body).Get(t.Context(), "flw_1")
			require.NoError(t, err)
			got.Info = nil
			got.CreatedAt, got.UpdatedAt = got.CreatedAt.UTC(), got.UpdatedAt.UTC()
			assert.Equal(t, c.want, *got)
		})
	}
	got, err := answering(t, http.StatusCreated, `{"data":{"flow_id":"flw_1"}}`).Create(t.Context(),
		flows.CreateParams{Name: "x", TriggerType: "api", Definition: whole.Definition})
	require.NoError(t, err)
	assert.Equal(t, "flw_1", got.ID)
}

// TestExecutionAnswers reads an execution in every form. One that comes bare with
// an error in it is a result.
func TestExecutionAnswers(t *testing.T) { // FWD-1, FWD-4, FWD-5
	t.Parallel()
	refused := flows.Failure{NodeID: "greet", Code: "SEND_FAILED", Message: "refused"}
	whole := flows.Execution{
		ID: "exec_1", FlowID: "flw_1", FlowVersion: 3, Status: flows.ExecutionStatusFailed,
		Trigger: flows.Trigger{
			Type: flows.TriggerTypeInboundMessage, Channel: "sms", MessageID: "msg_1",
			Raw: json.RawMessage(`{"type": "inbound_message", "channel": "sms", "message_id": "msg_1", "price": 1.0}`),
		},
		StartedAt: noon(123 * time.Millisecond), EndedAt: noon(2500 * time.Millisecond), DurationMS: 2377, NodeCount: 2, Error: refused,
		NodeRuns: []flows.NodeRun{
			{
				NodeID: "start", Input: json.RawMessage(`{"n": 1e3}`), Output: json.RawMessage(`[1.0]`),
				StartedAt: noon(123 * time.Millisecond), EndedAt: noon(time.Second),
			},
			{
				NodeID: "greet", Input: json.RawMessage("null"), Output: json.RawMessage(`"x"`),
				StartedAt: noon(time.Second), EndedAt: noon(2500 * time.Millisecond), Error: refused,
			},
		},
	}
	bare := flows.Execution{
		ID: "7", FlowID: "1", FlowVersion: 3, Status: flows.ExecutionStatusFailed,
		Trigger:   flows.Trigger{Type: flows.TriggerTypeAPI, Raw: json.RawMessage(`"api"`)},
		StartedAt: noon(123 * time.Millisecond), EndedAt: noon(2 * time.Second), DurationMS: 2377, NodeCount: 2,
		Error:    flows.Failure{Message: "refused"},
		NodeRuns: []flows.NodeRun{{NodeID: "1", Error: flows.Failure{Message: `{"reason": "unheard of"}`}}},
	}
	for name, c := range map[string]struct {
		body string
		want flows.Execution
	}{
		"envelope":          {load(t, "execution.json"), whole},
		"bare, other types": {load(t, "execution_bare.json"), bare},
		"nothing":           {`{"data":{"id":"exec_1"}}`, flows.Execution{ID: "exec_1"}},
		"nulls": {`{"id":"exec_1","status":null,"trigger":null,"started_at":null,"ended_at":null,"duration_ms":null,"node_count":null,"error":null,"node_runs":null}`,
			flows.Execution{ID: "exec_1"}},
		"unknown words": {`{"id":"exec_1","status":"asleep","trigger":{"type":"moon","channel":{"a":1}},"error":{"code":"X","node_id":["n"]}}`,
			flows.Execution{
				ID: "exec_1", Status: "asleep", Trigger: flows.Trigger{Type: "moon", Raw: json.RawMessage(`{"type":"moon","channel":{"a":1}}`)},
				Error: flows.Failure{Code: "X"},
			}},
		"no error": {`{"id":"exec_1","error":false,"trigger":[1]}`, flows.Execution{ID: "exec_1", Trigger: flows.Trigger{Raw: json.RawMessage("[1]")}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := answering(t, http.StatusOK, c.body).Executions.Get(t.Context(), "exec_1")
			require.NoError(t, err)
			assert.Equal(t, c.want, plain(*got))
			assert.Equal(t, c.want.Error == (flows.Failure{}), got.Error.IsZero())

			out, err := json.Marshal(got)
			require.NoError(t, err)
			var again flows.Execution
			require.NoError(t, json.Unmarshal(out, &again))
			if name != "envelope" && name != "bare, other types" { // whose raw parts hold white space
				assert.Equal(t, c.want, plain(again)) // ERG-3
			}
		})
	}
	out, err := json.Marshal(flows.Trigger{Type: flows.TriggerTypeAPI, Channel: "sms"})
	require.NoError(t, err)
	assert.JSONEq(t, `{"type":"api","channel":"sms"}`, string(out))
	out, err = json.Marshal(refused)
	require.NoError(t, err)
	assert.JSONEq(t, `{"node_id":"greet","code":"SEND_FAILED","message":"refused"}`, string(out))
}

// plain takes the answer's metadata off, and puts times into UTC.
func plain(e flows.Execution) flows.Execution {
	e.Info = nil
	for _, at := range []*time.Time{&e.StartedAt, &e.EndedAt} {
		*at = at.UTC()
	}
	for i := range e.NodeRuns {
		r := &e.NodeRuns[i]
		r.StartedAt, r.EndedAt = r.StartedAt.UTC(), r.EndedAt.UTC()
	}
	return e
}

// TestDisguisedErrors proves that only a thing with an ID may have an error.
func TestDisguisedErrors(t *testing.T) { // ERR-7
	t.Parallel()
	_, err := answering(t, http.StatusOK, `{"error":{"code":"EXECUTION_NOT_FOUND","message":"gone"}}`).Executions.Get(t.Context(), "exec_1")
	require.ErrorIs(t, err, orbit.CodeExecutionNotFound)
	require.ErrorIs(t, err, orbit.ErrNotFound)
}

// TestErrors proves the documented errors.
func TestErrors(t *testing.T) { // ERR-3
	t.Parallel()
	_, err := answering(t, http.StatusNotFound, `{"error":{"code":"EXECUTION_NOT_FOUND","message":"gone","status":404}}`).Executions.Get(t.Context(), "exec_1")
	require.ErrorIs(t, err, orbit.CodeExecutionNotFound)
	require.ErrorIs(t, err, orbit.ErrNotFound)
	_, err = answering(t, http.StatusConflict, `{"error":{"code":"VERSION_CONFLICT","message":"newer","status":409}}`).
		Update(t.Context(), "flw_1", flows.UpdateParams{Name: "x", Version: 1})
	require.ErrorIs(t, err, orbit.ErrConflict)
	assert.False(t, orbit.MaybeSent(err))

	for name, call := range map[string]func(s *flows.Service) error{
		"create": func(s *flows.Service) error {
			_, err := s.Create(t.Context(), flows.CreateParams{Name: "x", TriggerType: "api", Definition: flows.NewDefinition(nil, nil)})
			return err
		},
		"replay": func(s *flows.Service) error {
			_, err := s.Executions.Replay(t.Context(), "exec_1", flows.ReplayExecutionParams{})
			return err
		},
	} {
		var unreadable *orbit.DecodeError
		require.ErrorAs(t, call(answering(t, http.StatusCreated, `{"data":{"status":"pending"}}`)), &unreadable, name) // ERR-7
	}
	require.NoError(t, answering(t, http.StatusNoContent, "").Delete(t.Context(), "flw_1"))
}

func TestStatuses(t *testing.T) { // FWD-2
	t.Parallel()
	for status, want := range map[flows.ExecutionStatus][3]bool{ // known, an end, a good one
		flows.ExecutionStatusPending:   {true, false, false},
		flows.ExecutionStatusRunning:   {true, false, false},
		flows.ExecutionStatusCompleted: {true, true, true},
		flows.ExecutionStatusFailed:    {true, true, false},
		flows.ExecutionStatusCanceled:  {true, true, false},
		flows.ExecutionStatusTimedOut:  {true, true, false},
		"asleep":                       {},
		"":                             {},
	} {
		assert.Equal(t, want, [3]bool{status.Known(), status.IsTerminal(), status.Succeeded()}, status)
	}
	assert.Equal(t, []flows.ExecutionStatus{"pending", "running", "completed", "failed", "cancelled", "timed_out"}, []flows.ExecutionStatus{
		flows.ExecutionStatusPending, flows.ExecutionStatusRunning, flows.ExecutionStatusCompleted, flows.ExecutionStatusFailed, flows.ExecutionStatusCanceled, flows.ExecutionStatusTimedOut,
	})
	for _, s := range []flows.Status{"draft", "published", "paused", "archived"} {
		assert.True(t, s.Known(), s)
	}
	assert.False(t, flows.Status("asleep").Known())
	for _, s := range []flows.TriggerType{"inbound_message", "webhook", "schedule", "api", "event"} {
		assert.True(t, s.Known(), s)
	}
	assert.False(t, flows.TriggerType("moon").Known())
}

// TestLists reads the pages of flows, and those of executions, which end where no
// cursor is named.
func TestLists(t *testing.T) { // PAG-1, PAG-7
	t.Parallel()
	for name, pages := range map[string][2]string{
		"pagination": {
			`{"data":[{"id":"a"},{"id":"b"}],"meta":{"pagination":{"cursor":"cur_2","has_more":true,"total":3}}}`,
			`{"data":[{"id":"c"}],"meta":{"pagination":{"cursor":"cur_3","has_more":false}}}`,
		},
		"next_cursor": {
			`{"data":[{"id":"a"},{"id":"b"}],"meta":{"next_cursor":"cur_2"}}`,
			`{"data":[{"id":"c"}],"meta":{"request_id":"req_1"}}`,
		},
		"null": {
			`{"data":[{"id":"a"},{"id":"b"}],"meta":{"next_cursor":"cur_2"}}`,
			`{"data":[{"id":"c"}],"meta":{"next_cursor":null}}`,
		},
	} {
		for _, path := range []string{"/flows", "/flows/executions"} {
			mock := newMock(t)
			mock.RegisterResponderWithQuery(http.MethodGet, orbit.DefaultBaseURL+path, "limit=2", httpmock.NewStringResponder(http.StatusOK, pages[0]))
			mock.RegisterResponderWithQuery(http.MethodGet, orbit.DefaultBaseURL+path, "limit=2&cursor=cur_2", httpmock.NewStringResponder(http.StatusOK, pages[1]))
			service := newService(t, mock)
			var ids []string
			if path == "/flows" {
				for f, err := range service.All(t.Context(), flows.ListParams{Limit: 2}) {
					require.NoError(t, err)
					ids = append(ids, f.ID)
				}
			} else {
				for e, err := range service.Executions.All(t.Context(), flows.ListExecutionsParams{Limit: 2}) {
					require.NoError(t, err)
					ids = append(ids, e.ID)
				}
			}
			assert.Equal(t, []string{"a", "b", "c"}, ids, "%s %s", name, path)
			assert.Equal(t, 2, mock.GetTotalCallCount())
		}
	}
}

// TestWait looks until the execution has ended, whatever the end.
func TestWait(t *testing.T) {
	t.Parallel()
	for _, end := range []flows.ExecutionStatus{"completed", "failed", "cancelled", "timed_out"} {
		synctest.Test(t, func(t *testing.T) {
			mock := newMock(t)
			answers := []string{`{}`, `{"id":"exec_1","status":"pending"}`, `{"id":"exec_1","status":"asleep"}`, `{"id":"exec_1","status":"` + string(end) + `","error":{"code":"X"}}`}
			mock.RegisterResponder(http.MethodGet, orbit.DefaultBaseURL+"/flows/executions/exec_1", func(*http.Request) (*http.Response, error) {
				n := mock.GetTotalCallCount() - 1
				if n == 0 { // it does not exist yet
					return httpmock.NewStringResponse(http.StatusNotFound, `{"error":{"code":"EXECUTION_NOT_FOUND"}}`), nil
				}
				return httpmock.NewStringResponse(http.StatusOK, answers[n]), nil
			})
			started := time.Now()
			got, err := newService(t, mock).Executions.Wait(t.Context(), "exec_1", flows.WaitParams{Interval: time.Second})
			require.NoError(t, err, "a bad end is a result")
			assert.Equal(t, end, got.Status)
			assert.Equal(t, 4, mock.GetTotalCallCount())
			assert.InDelta(t, 3, time.Since(started).Seconds(), 0.7)
		})
	}
}

func TestWaitGivenUp(t *testing.T) { // CTX-2
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		service := answering(t, http.StatusOK, `{"id":"exec_1","status":"running"}`)
		started := time.Now()
		got, err := service.Executions.Wait(t.Context(), "exec_1", flows.WaitParams{})
		var given *orbit.WaitError
		require.ErrorAs(t, err, &given)
		assert.Equal(t, "Flows.Executions.Wait", given.Op)
		assert.Equal(t, "still running after 1h0m0s", given.State)
		require.NotNil(t, got)
		assert.Equal(t, flows.ExecutionStatusRunning, got.Status)
		assert.Equal(t, time.Hour, time.Since(started))
	})
}
