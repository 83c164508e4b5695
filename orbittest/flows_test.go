package orbittest_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/orbittest"
)

const (
	// aGraph has spellings and members that a server which decodes would lose.
	aGraph = `{ "nodes":[{"type":"trigger","id":"a","x":1.0},{"id":"b","type":"send","data":{"n":1e3,"t":"<\u00e9>"}}],"edges":[],"z":123456789012345678901234567890 }`
	aFlow  = `{"name":"n","trigger_type":"api","definition":` + aGraph + `}`
)

// TST-2: a definition is kept byte for byte, through versions.
func TestFlows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := full(t)
		a := do(t, s, "POST", "/flows", aFlow)
		require.Equal(t, 201, a.status, a.raw)
		id := a.id()
		whole := `{"id":"` + id + `","name":"n","trigger_type":"api","status":"draft","version":1,"definition":` + aGraph +
			`,"created_at":"2000-01-01T00:00:00.000Z","updated_at":"2000-01-01T00:00:00.000Z"}`
		assert.Contains(t, a.raw, `{"data":`+whole+`,"meta":`)
		assert.Contains(t, do(t, s, "GET", "/flows/"+id, "").raw, whole)
		assert.NotContains(t, do(t, s, "GET", "/flows", "").raw, "definition")

		time.Sleep(time.Second)
		a = do(t, s, "PUT", "/flows/"+id, `{"name":"m","version":1}`)
		assert.Equal(t, 200, a.status)
		assert.Equal(t, 2., a.at("data.version"))
		assert.Equal(t, "m", a.at("data.name"))
		assert.Equal(t, "2000-01-01T00:00:01.000Z", a.at("data.updated_at"))
		assert.Contains(t, a.raw, aGraph)
		for _, version := range []string{"1", "3"} {
			a = do(t, s, "PUT", "/flows/"+id, `{"name":"x","version":`+version+`}`)
			assert.Equal(t, 409, a.status, version)
			assert.Equal(t, "CONFLICT", a.code())
		}
		a = do(t, s, "PUT", "/flows/"+id, `{"definition":{"nodes":[{"id":"c","type":"t"}]},"trigger_type":"event"}`)
		assert.Equal(t, 3., a.at("data.version"))
		assert.Contains(t, a.raw, `"trigger_type":"event"`)
		assert.Contains(t, a.raw, `{"nodes":[{"id":"c","type":"t"}]}`)

		assert.Equal(t, 204, do(t, s, "DELETE", "/flows/"+id, "").status)
		for _, method := range []string{"GET", "PUT", "DELETE"} {
			assert.Equal(t, "NOT_FOUND", do(t, s, method, "/flows/"+id, `{}`).code(), method)
		}
		assert.Empty(t, do(t, s, "GET", "/flows/", "").ids())
	})
}

func TestRefusedFlows(t *testing.T) {
	const miss, invalid = "MISSING_REQUIRED_FIELD", "VALIDATION_ERROR"
	flow := func(definition string) string {
		return `{"name":"n","trigger_type":"api","definition":` + definition + `}`
	}
	s := orbittest.New(t, orbittest.AllowUnknownFields())
	for _, c := range []struct{ body, code, field string }{
		{`{"trigger_type":"api","definition":` + aGraph + `}`, miss, "name"},
		{`{"name":"n","definition":` + aGraph + `}`, miss, "trigger_type"},
		{`{"name":"n","trigger_type":"api"}`, miss, "definition"},
		{`{"name":"n","trigger_type":"moon","definition":` + aGraph + `}`, invalid, "trigger_type"},
		{flow(`[]`), invalid, "definition"},
		{flow(`{}`), miss, "definition.nodes"},
		{flow(`{"nodes":[]}`), miss, "definition.nodes"},
		{flow(`{"nodes":{}}`), invalid, "definition.nodes"},
		{flow(`{"nodes":[{"type":"t"}]}`), miss, "definition.nodes[0].id"},
		{flow(`{"nodes":[{"id":"a"}]}`), miss, "definition.nodes[0].type"},
		{flow(`{"nodes":[{"id":"a","type":"t"}],"edges":[{"source":"a"}]}`), miss, "definition.edges[0].target"},
	} {
		a := do(t, s, "POST", "/flows", c.body)
		assert.Equal(t, c.code, a.code(), c.body)
		assert.Equal(t, c.field, a.at("error.details.field"), c.body)
	}
	assert.Empty(t, do(t, s, "GET", "/flows", "").ids())
	do(t, s, "POST", "/flows", `{"colour":1}`)
	assert.Equal(t, []string{"colour"}, s.Requests("POST /flows")[11].UnknownFields)
}

// triggered makes the flow of aFlow and one execution of it.
func triggered(t *testing.T, s *orbittest.Server, run orbittest.FlowRun) (flow, id string) {
	t.Helper()
	a := do(t, s, "POST", "/flows", aFlow)
	require.Equal(t, 201, a.status, a.raw)
	flow, _ = a.at("data.id").(string)
	if flow == "" {
		t.Fatal(a.raw)
	}
	return flow, s.TriggerFlow(flow, run)
}

// TST-2: executions move by the clock.
func TestExecutions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := full(t)
		flow, id := triggered(t, s, orbittest.FlowRun{Trigger: map[string]any{"message_id": "msg_1"}, Step: time.Second})
		get := func() answer { return do(t, s, "GET", "/flows/executions/"+id, "") }
		runs := func() []any { return get().at("data.node_runs").([]any) }

		assert.Equal(t, map[string]any{
			"id": id, "flow_id": flow, "flow_version": 1., "status": "pending", "trigger": map[string]any{"type": "api", "message_id": "msg_1"},
			"started_at": "2000-01-01T00:00:00.000Z", "node_count": 0., "node_runs": []any{},
		}, get().at("data"))
		time.Sleep(50 * time.Millisecond)
		assert.Equal(t, "running", get().at("data.status"))
		assert.Equal(t, []any{map[string]any{
			"node_id": "a", "input": map[string]any{"type": "api", "message_id": "msg_1"}, "output": nil, "started_at": "2000-01-01T00:00:00.050Z",
		}}, runs())
		time.Sleep(time.Second)
		assert.Equal(t, "2000-01-01T00:00:01.050Z", runs()[0].(map[string]any)["ended_at"])
		assert.Equal(t, map[string]any{"ok": true}, runs()[0].(map[string]any)["output"])
		assert.Len(t, runs(), 2)
		time.Sleep(time.Second - 1)
		assert.Equal(t, "running", get().at("data.status"))
		assert.Equal(t, 409, do(t, s, "POST", "/flows/executions/"+id+"/replay", `{}`).status)
		time.Sleep(time.Nanosecond)
		a := get()
		assert.Equal(t, "completed", a.at("data.status"))
		assert.Equal(t, "2000-01-01T00:00:02.050Z", a.at("data.ended_at"))
		assert.Equal(t, 2050., a.at("data.duration_ms"))
		assert.Equal(t, 2., a.at("data.node_count"))
		assert.Nil(t, a.at("data.error"))

		time.Sleep(90*24*time.Hour - 3*time.Second)
		assert.Equal(t, 200, get().status)
		time.Sleep(time.Second)
		assert.Equal(t, "EXECUTION_NOT_FOUND", get().code())
		assert.Empty(t, do(t, s, "GET", "/flows/executions", "").ids())
	})
}

func TestExecutionsThatFail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := orbittest.New(t)
		flow, id := triggered(t, s, orbittest.FlowRun{FailAt: "a", Failures: 2})
		replay := func(id, body string) answer { return do(t, s, "POST", "/flows/executions/"+id+"/replay", body) }
		status := func(id string) any { return do(t, s, "GET", "/flows/executions/"+id, "").at("data.status") }
		time.Sleep(time.Second)
		a := do(t, s, "GET", "/flows/executions/"+id, "")
		failure := map[string]any{"node_id": "a", "code": "NODE_FAILED", "message": "The node failed."}
		assert.Equal(t, "failed", a.at("data.status"))
		assert.Equal(t, failure, a.at("data.error"))
		assert.Equal(t, 150., a.at("data.duration_ms"))
		nodes := a.at("data.node_runs").([]any)
		require.Len(t, nodes, 1, "what comes after the failure does not run")
		assert.Equal(t, failure, nodes[0].(map[string]any)["error"])

		again := replay(id, `{"override_inputs":{"a":1}}`)
		assert.Equal(t, 201, again.status)
		assert.Equal(t, "pending", again.at("data.status"))
		assert.Nil(t, again.at("data.node_runs"))
		time.Sleep(time.Second)
		assert.Equal(t, "failed", status(again.id()), "twice")
		third := replay(again.id(), `{}`)
		time.Sleep(time.Second)
		assert.Equal(t, "completed", status(third.id()))
		input := do(t, s, "GET", "/flows/executions/"+third.id(), "").at("data.node_runs").([]any)[0].(map[string]any)["input"]
		assert.Equal(t, map[string]any{"type": "api", "a": 1.}, input, "inputs stay overridden")

		do(t, s, "PUT", "/flows/"+flow, `{"definition":{"nodes":[{"id":"new","type":"t"}]}}`)
		for body, version := range map[string]float64{`{}`: 2, `{"use_latest_version":true}`: 2, `{"use_latest_version":false}`: 1} {
			assert.Equal(t, version, replay(id, body).at("data.flow_version"), body)
		}
		time.Sleep(time.Second)
		assert.Equal(t, []string{again.id(), id}, do(t, s, "GET", "/flows/executions?status=failed&flow_id="+flow, "").ids()[1:],
			"the replay of the first version failed as well")
		assert.Empty(t, do(t, s, "GET", "/flows/executions?flow_id=other", "").ids())

		assert.Equal(t, "EXECUTION_NOT_FOUND", replay("x", `{}`).code())
		do(t, s, "DELETE", "/flows/"+flow, "")
		assert.Equal(t, "NOT_FOUND", replay(id, `{}`).code())
		assert.Equal(t, "failed", status(id))
	})
}

func TestExecutionsWithOtherEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := orbittest.New(t)
		_, id := triggered(t, s, orbittest.FlowRun{End: "timed_out", StartedAt: bubbleStart().Add(-time.Hour)})
		a := do(t, s, "GET", "/flows/executions/"+id, "")
		assert.Equal(t, "timed_out", a.at("data.status"))
		assert.Equal(t, "1999-12-31T23:00:00.000Z", a.at("data.started_at"))
	})
}

// Lists of executions have a cursor only, in both generations.
func TestExecutionCursors(t *testing.T) {
	for _, g := range []orbittest.Generation{orbittest.Newer, orbittest.Older} {
		s := orbittest.New(t, orbittest.WithGeneration(g))
		flow, first := triggered(t, s, orbittest.FlowRun{})
		second := s.TriggerFlow(flow, orbittest.FlowRun{})
		a := do(t, s, "GET", "/flows/executions?limit=1", "")
		assert.Equal(t, []string{second}, a.ids())
		assert.Nil(t, a.at("meta.pagination"))
		cursor, _ := a.at("meta.next_cursor").(string)
		require.NotEmpty(t, cursor)
		a = do(t, s, "GET", "/flows/executions?limit=1&cursor="+cursor, "")
		assert.Equal(t, []string{first}, a.ids())
		assert.Nil(t, a.at("meta.next_cursor"))
		assert.NotContains(t, a.raw, "next_cursor")
		assert.Equal(t, first, cursor, "it looks like an ID")
		assert.Equal(t, "INVALID_CURSOR", do(t, s, "GET", "/flows/executions?status=failed&cursor="+cursor, "").code(), "of another list")
		assert.Equal(t, "INVALID_CURSOR", do(t, s, "GET", "/flows/executions?cursor="+second, "").code(), "an ID that was not given out")
	}
}

func TestOlderFlows(t *testing.T) {
	s := orbittest.New(t, orbittest.WithGeneration(orbittest.Older))
	a := do(t, s, "POST", "/flows", aFlow)
	assert.Equal(t, 1., a.at("data.version"))
	assert.Contains(t, do(t, s, "GET", "/flows/"+a.id(), "").raw, aGraph, "a definition is nobody's to rephrase")
}

func TestTriggerFlowOfNothing(t *testing.T) {
	tb := &fakeTB{}
	s := orbittest.New(tb)
	assert.Empty(t, s.TriggerFlow("x", orbittest.FlowRun{}))
	assert.Equal(t, "orbittest: there is no flow with ID x", tb.fatal)
	id := do(t, s, "POST", "/flows", aFlow).id()
	assert.Empty(t, s.TriggerFlow(id, orbittest.FlowRun{FailAt: "z"}))
	assert.Equal(t, "orbittest: flow "+id+" has no node z", tb.fatal)
}
