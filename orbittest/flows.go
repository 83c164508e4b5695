package orbittest

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// flows is the service under /flows.
type flows struct {
	server *Server
	rows   *collection[*flow]
	runs   *collection[*execution]
}

func newFlows(a *account) *flows {
	return &flows{server: a.server, rows: newCollection[*flow](), runs: newCollection[*execution]()}
}

func (f *flows) routes() []*route {
	const read, write = "flows:read", "flows:write"
	const created, none = http.StatusCreated, http.StatusNoContent
	return []*route{
		{method: "POST", path: "/flows", scope: write, status: created, body: newFlowFields, translate: translateFlow, check: checkDefinition, handle: f.create},
		{method: "GET", path: "/flows", scope: read, query: flowQuery, handle: f.list},
		{method: "GET", path: "/flows/{id}", scope: read, handle: f.get},
		{method: "PUT", path: "/flows/{id}", scope: write, body: flowFields, check: checkDefinition, handle: f.update},
		{method: "DELETE", path: "/flows/{id}", scope: write, status: none, handle: f.remove},
		{method: "GET", path: "/flows/executions", scope: read, shape: cursorOnly, milliseconds: true, query: executionQuery, handle: f.listRuns},
		{method: "GET", path: "/flows/executions/{id}", scope: read, milliseconds: true, handle: f.getRun},
		{method: "POST", path: "/flows/executions/{id}/replay", scope: write, status: created, milliseconds: true, body: replayFields, handle: f.replay},
	}
}

func newFlowFields() schema {
	fields := flowFields()[:3]
	for i := range fields {
		fields[i].required = true
	}
	return fields
}

// flowFields takes a definition as any object: what Orbit does not know in it, it
// keeps.
func flowFields() schema {
	return schema{
		{name: "name", kind: text},
		{name: "trigger_type", kind: text, format: oneOf("inbound_message", "webhook", "schedule", "api", "event")},
		{name: "definition", kind: record},
		{name: "version", kind: integer},
	}
}

func flowQuery() schema { return listQuery() }

// executionQuery is what a list of executions can be filtered by. A status is an
// open set: one that no execution has finds nothing.
func executionQuery() schema {
	return listQuery(field{name: "flow_id", kind: text}, field{name: "status", kind: text})
}

func replayFields() schema {
	return schema{{name: "use_latest_version", kind: flag}, {name: "override_inputs", kind: record}}
}

// checkDefinition asks for nodes and edges with what is known of each.
func checkDefinition(c *call) *failure {
	definition, given := c.fields["definition"].(map[string]any)
	if !given {
		return nil
	}
	graph := schema{
		{name: "nodes", kind: list, required: true, item: &field{kind: record, fields: schema{
			{name: "id", kind: text, required: true}, {name: "type", kind: text, required: true}}}},
		{name: "edges", kind: list, item: &field{kind: record, fields: schema{
			{name: "source", kind: text, required: true}, {name: "target", kind: text, required: true}}}},
	}
	return graph.validate(definition, "definition.")
}

// sentDefinition is the definition of a request, byte for byte unless it came in
// an older form; nil if it has none.
func sentDefinition(c *call) json.RawMessage {
	var body struct {
		Definition json.RawMessage `json:"definition"`
	}
	if !c.has("definition") || json.Unmarshal(c.body, &body) != nil {
		return nil
	}
	if body.Definition == nil {
		body.Definition, _ = json.Marshal(c.fields["definition"]) // it came from JSON
	}
	return body.Definition
}

func (f *flows) create(c *call) (result, *failure) {
	row := &flow{id: f.server.newID("flw_"), status: "draft", created: c.now}
	row.change(c)
	f.rows.add(row.id, row.created, row)
	return result{data: row.object(true)}, nil
}

func (f *flows) list(c *call) (result, *failure) {
	all := func(*flow) bool { return true }
	return listPage(c, f.rows, all, func(row *flow) object { return row.object(false) })
}

// find returns the flow that a path names.
func (f *flows) find(c *call) (*flow, *failure) {
	row, ok := f.rows.get(c.value("id"))
	if !ok {
		return nil, notFound("There is no flow with this ID.")
	}
	return row, nil
}

func (f *flows) get(c *call) (result, *failure) {
	row, problem := f.find(c)
	if problem != nil {
		return result{}, problem
	}
	return result{data: row.object(true)}, nil
}

// update makes a new version, unless the caller has read another than the last.
func (f *flows) update(c *call) (result, *failure) {
	row, problem := f.find(c)
	if problem != nil {
		return result{}, problem
	}
	if n, given := c.fields["version"].(json.Number); given && n.String() != strconv.Itoa(row.version()) {
		return result{}, conflict(codeConflict, "The flow has another version than the one that was read.")
	}
	row.change(c)
	return result{data: row.object(true)}, nil
}

// remove takes a flow away. Its executions have what they need, and finish.
func (f *flows) remove(c *call) (result, *failure) {
	row, problem := f.find(c)
	if problem == nil {
		f.rows.remove(row.id)
	}
	return result{}, problem
}

func (f *flows) listRuns(c *call) (result, *failure) {
	flowID, status := c.query.Get("flow_id"), c.query.Get("status")
	keep := func(run *execution) bool {
		return !run.purged(c.now) && (flowID == "" || flowID == run.flowID) && (status == "" || status == run.status(c.now))
	}
	return listPage(c, f.runs, keep, func(run *execution) object { return run.object(c.now, false) })
}

// findRun returns the execution that a path names, unless it is too old.
func (f *flows) findRun(c *call) (*execution, *failure) {
	run, ok := f.runs.get(c.value("id"))
	if !ok || run.purged(c.now) {
		problem := notFound("There is no execution with this ID.")
		problem.code = codeExecutionNotFound
		return nil, problem
	}
	return run, nil
}

func (f *flows) getRun(c *call) (result, *failure) {
	run, problem := f.findRun(c)
	if problem != nil {
		return result{}, problem
	}
	return result{data: run.object(c.now, true)}, nil
}

// replay starts an execution that ended once more: of the flow as it is now, or
// as it was then.
func (f *flows) replay(c *call) (result, *failure) {
	old, problem := f.findRun(c)
	if problem != nil {
		return result{}, problem
	}
	row, ok := f.rows.get(old.flowID)
	switch {
	case !ok:
		return result{}, notFound("The flow of this execution is gone.")
	case !old.ended(c.now):
		return result{}, conflict(codeConflict, "Only an execution that has ended can be replayed.")
	}
	version := row.version()
	if latest, given := c.fields["use_latest_version"].(bool); given && !latest {
		version = old.version
	}
	inputs, _ := c.fields["override_inputs"].(map[string]any)
	run := f.start(row, version, old.script.again(), c.now)
	run.trigger, run.inputs = old.trigger, merged(old.inputs, inputs)
	return result{data: run.object(c.now, false)}, nil
}

// start runs a version of a flow.
func (f *flows) start(row *flow, version int, script FlowRun, at time.Time) *execution {
	run := &execution{
		id:      f.server.newID("exec_"),
		flowID:  row.id,
		version: version,
		nodes:   nodesOf(row.definitions[version-1]),
		script:  script,
		started: at,
		trigger: merged(map[string]any{"type": row.triggerType}, script.Trigger),
	}
	run.inputs = run.trigger
	f.runs.add(run.id, run.started, run)
	return run
}
