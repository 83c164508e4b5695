package orbittest

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/devotel/orbit-go/api"
)

// A flow is one flow as the server holds it.
type flow struct {
	id, name, triggerType, status string
	definitions                   []json.RawMessage // of each version, the first one first
	created, updated              time.Time
}

// version is the number of the last version.
func (f *flow) version() int { return len(f.definitions) }

// change makes a version of what a request gives, and of what was there before.
func (f *flow) change(c *call) {
	f.name = cmp.Or(c.text("name"), f.name)
	f.triggerType = cmp.Or(c.text("trigger_type"), f.triggerType)
	f.updated = c.now
	definition := sentDefinition(c)
	if definition == nil {
		definition = f.definitions[len(f.definitions)-1]
	}
	f.definitions = append(f.definitions, definition)
}

// object is the flow in an answer.
func (f *flow) object(whole bool) object {
	o := object{
		{"id", f.id}, {"name", f.name}, {"trigger_type", f.triggerType}, {"status", f.status}, {"version", f.version()},
	}
	if whole {
		o.add("definition", f.definitions[len(f.definitions)-1])
	}
	return append(o, member{"created_at", f.created}, member{"updated_at", f.updated})
}

// nodesOf are the IDs of a definition's nodes.
func nodesOf(definition json.RawMessage) []string {
	var graph struct {
		Nodes []struct {
			ID string `json:"id"`
		} `json:"nodes"`
	}
	_ = json.Unmarshal(definition, &graph) // it was checked when it came
	ids := make([]string, len(graph.Nodes))
	for i, n := range graph.Nodes {
		ids[i] = n.ID
	}
	return ids
}

// A FlowRun says how an execution goes that [Server.TriggerFlow] starts. The zero
// FlowRun starts now and completes.
type FlowRun struct {
	// Trigger holds what set the flow off, such as channel and message_id. It is
	// the input of the first node.
	Trigger map[string]any
	// FailAt is the ID of the node that fails. Empty completes.
	FailAt string
	// Failures counts the executions that fail, with those that replay them. 0
	// means 1: the first replay completes.
	Failures int
	// Code is the code of the failure, NODE_FAILED unless given.
	Code api.Code
	// Message is the message of the failure.
	Message string
	// End is the status that an execution ends with in which no node fails:
	// flows.ExecutionStatusCompleted unless given, or Canceled or TimedOut.
	End api.ExecutionStatus
	// Step is how long each node takes, 100 ms unless given.
	Step time.Duration
	// StartedAt is when the execution started, by the server's clock; now unless
	// given. A time in the past makes one that has ended.
	StartedAt time.Time
}

// again is how the replay of an execution goes.
func (r FlowRun) again() FlowRun {
	r.StartedAt = time.Time{}
	if r.Failures--; r.Failures <= 0 {
		r.FailAt = ""
	}
	return r
}

// TriggerFlow starts an execution of the last version of a flow, whatever the
// flow's status, and returns the execution's ID: Orbit documents no path for it.
// The execution is pending for 50 ms. Then the nodes run one after the other, in
// the order in which the definition lists them. A flow or node that the server
// does not know fails the test.
func (s *Server) TriggerFlow(flowID string, run FlowRun) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, row, ok := held(s, flowID, func(a *account) *collection[*flow] { return a.flows.rows })
	if !ok {
		s.misused("there is no flow with ID %s", flowID)
		return ""
	}
	if run.FailAt != "" && !slices.Contains(nodesOf(row.definitions[row.version()-1]), run.FailAt) {
		s.misused("flow %s has no node %s", flowID, run.FailAt)
		return ""
	}
	at := run.StartedAt
	if at.IsZero() {
		at = s.now()
	}
	return a.flows.start(row, row.version(), run, at).id
}

// An execution is one run of a flow. It has no timer: where it is follows from its
// age.
type execution struct {
	id, flowID      string
	version         int
	nodes           []string // of that version, in order
	script          FlowRun
	started         time.Time
	trigger, inputs map[string]any
}

const (
	// runPending is how long an execution waits for its turn.
	runPending = 50 * time.Millisecond
	// runKept is for how long executions are kept.
	runKept = 90 * 24 * time.Hour
)

func (r *execution) step() time.Duration { return cmp.Or(r.script.Step, 100*time.Millisecond) }

func (r *execution) purged(now time.Time) bool { return now.Sub(r.started) >= runKept }

// failing is the index of the node that fails, or -1.
func (r *execution) failing() int {
	if r.script.FailAt == "" {
		return -1
	}
	return slices.Index(r.nodes, r.script.FailAt) // a later version may lack it
}

// nodeStart is when the node of an index starts.
func (r *execution) nodeStart(i int) time.Time {
	return r.started.Add(runPending + time.Duration(i)*r.step())
}

// end is when the execution ends.
func (r *execution) end() time.Time {
	if i := r.failing(); i >= 0 {
		return r.nodeStart(i + 1)
	}
	return r.nodeStart(len(r.nodes))
}

func (r *execution) ended(now time.Time) bool { return !now.Before(r.end()) }

func (r *execution) status(now time.Time) string {
	switch {
	case r.ended(now) && r.failing() >= 0:
		return "failed"
	case r.ended(now):
		return orElse(r.script.End, "completed")
	case now.Before(r.nodeStart(0)):
		return "pending"
	default:
		return "running"
	}
}

// object is the execution in an answer.
func (r *execution) object(now time.Time, whole bool) object {
	o := object{
		{"id", r.id}, {"flow_id", r.flowID}, {"flow_version", r.version}, {"status", r.status(now)},
		{"trigger", r.trigger}, {"started_at", r.started},
	}
	runs := r.nodeRuns(now)
	if r.ended(now) {
		o.add("ended_at", r.end())
		o.add("duration_ms", int(r.end().Sub(r.started).Milliseconds()))
	}
	o.add("node_count", len(runs))
	if r.ended(now) && r.failing() >= 0 {
		o.add("error", r.failure())
	}
	if whole {
		o.add("node_runs", runs)
	}
	return o
}

// nodeRuns are the nodes that have started.
func (r *execution) nodeRuns(now time.Time) []object {
	runs := []object{}
	for i, id := range r.nodes {
		start, end := r.nodeStart(i), r.nodeStart(i+1)
		if now.Before(start) || !start.Before(r.end()) {
			break
		}
		var input any = map[string]any{}
		if i == 0 {
			input = r.inputs
		}
		run := object{{"node_id", id}, {"input", input}, {"output", nil}, {"started_at", start}}
		switch {
		case now.Before(end):
		case i == r.failing():
			run = append(run, member{"ended_at", end}, member{"error", r.failure()})
		default:
			run.set("output", map[string]any{"ok": true})
			run.add("ended_at", end)
		}
		runs = append(runs, run)
	}
	return runs
}

// failure is the error of an execution, and of the node that failed.
func (r *execution) failure() object {
	return object{
		{"node_id", r.script.FailAt},
		{"code", orElse(r.script.Code, "NODE_FAILED")},
		{"message", orElse(r.script.Message, "The node failed.")},
	}
}

// merged is a map with the members of both, the second one's where both have one.
func merged(a, b map[string]any) map[string]any {
	out := maps.Clone(a)
	maps.Copy(out, b)
	return out
}
