package flows_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/flows"
)

// accepted is an answer that every operation can read: a thing, and a list of one.
const accepted = `{"data":{"id":"x_1","status":"completed","rows":[{"id":"x_1"}]},"meta":{"request_id":"req_1"}}`

// golden is an operation and the exact request that it makes.
type golden struct {
	name                      string
	call                      operation
	method, path, query, body string
}

func goldens() []golden {
	type C = context.Context
	type S = *flows.Service
	id := "a/../b?c#d e+f%2F"
	const escaped = "a%2F..%2Fb%3Fc%23d%20e%2Bf%252F"
	definition := flows.NewDefinition(nil, nil)
	const empty = `{"nodes":[],"edges":[]}`

	create := func(p flows.CreateParams) operation {
		return func(ctx C, s S, opts ...orbit.CallOption) error { _, err := s.Create(ctx, p, opts...); return err }
	}
	update := func(p flows.UpdateParams) operation {
		return func(ctx C, s S, opts ...orbit.CallOption) error { _, err := s.Update(ctx, id, p, opts...); return err }
	}
	list := func(p flows.ListParams) operation {
		return func(ctx C, s S, opts ...orbit.CallOption) error { _, err := s.List(ctx, p, opts...); return err }
	}
	listRuns := func(p flows.ListExecutionsParams) operation {
		return func(ctx C, s S, opts ...orbit.CallOption) error {
			_, err := s.Executions.List(ctx, p, opts...)
			return err
		}
	}
	replay := func(p flows.ReplayExecutionParams) operation {
		return func(ctx C, s S, opts ...orbit.CallOption) error {
			_, err := s.Executions.Replay(ctx, id, p, opts...)
			return err
		}
	}
	someRuns := flows.ListExecutionsParams{FlowID: "flw_1", Status: flows.ExecutionStatusFailed, Cursor: "cur_1", Limit: 100}
	const someRunsQuery = "cursor=cur_1&flow_id=flw_1&limit=100&status=failed"
	return []golden{
		{"create", create(flows.CreateParams{Name: "Greeting <b>", TriggerType: flows.TriggerTypeInboundMessage, Definition: definition}),
			"POST", "/flows", "", `{"name":"Greeting \u003cb\u003e","trigger_type":"inbound_message","definition":` + empty + `}`},
		{"update nothing", update(flows.UpdateParams{}), "PUT", "/flows/" + escaped, "", `{}`},
		{"update name", update(flows.UpdateParams{Name: "New"}), "PUT", "/flows/" + escaped, "", `{"name":"New"}`},
		{"update definition", update(flows.UpdateParams{Definition: definition}), "PUT", "/flows/" + escaped, "", `{"definition":` + empty + `}`},
		{"update all", update(flows.UpdateParams{Name: "New", TriggerType: "event", Version: 3, Definition: definition}),
			"PUT", "/flows/" + escaped, "", `{"name":"New","trigger_type":"event","version":3,"definition":` + empty + `}`},
		{"get", func(ctx C, s S, opts ...orbit.CallOption) error { _, err := s.Get(ctx, id, opts...); return err },
			"GET", "/flows/" + escaped, "", ""},
		{"delete", func(ctx C, s S, opts ...orbit.CallOption) error { return s.Delete(ctx, id, opts...) },
			"DELETE", "/flows/" + escaped, "", ""},
		{"list", list(flows.ListParams{}), "GET", "/flows", "", ""},
		{"list some", list(flows.ListParams{Cursor: "cur_1", Limit: 7}), "GET", "/flows", "cursor=cur_1&limit=7", ""},
		{"pages", func(ctx C, s S, opts ...orbit.CallOption) error {
			return first(s.Pages(ctx, flows.ListParams{Limit: 7}, opts...))
		}, "GET", "/flows", "limit=7", ""},
		{"all", func(ctx C, s S, opts ...orbit.CallOption) error {
			return first(s.All(ctx, flows.ListParams{Limit: 7}, opts...))
		}, "GET", "/flows", "limit=7", ""},
		{"list executions", listRuns(flows.ListExecutionsParams{}), "GET", "/flows/executions", "", ""},
		{"list some executions", listRuns(someRuns), "GET", "/flows/executions", someRunsQuery, ""},
		{"pages of executions", func(ctx C, s S, opts ...orbit.CallOption) error {
			return first(s.Executions.Pages(ctx, someRuns, opts...))
		}, "GET", "/flows/executions", someRunsQuery, ""},
		{"all executions", func(ctx C, s S, opts ...orbit.CallOption) error {
			return first(s.Executions.All(ctx, someRuns, opts...))
		}, "GET", "/flows/executions", someRunsQuery, ""},
		{"get execution", func(ctx C, s S, opts ...orbit.CallOption) error {
			_, err := s.Executions.Get(ctx, id, opts...)
			return err
		}, "GET", "/flows/executions/" + escaped, "", ""},
		{"wait", func(ctx C, s S, opts ...orbit.CallOption) error {
			_, err := s.Executions.Wait(ctx, id, flows.WaitParams{}, opts...)
			return err
		}, "GET", "/flows/executions/" + escaped, "", ""},
		// ERG-2: not set, false and true are three requests.
		{"replay", replay(flows.ReplayExecutionParams{}), "POST", "/flows/executions/" + escaped + "/replay", "", `{}`},
		{"replay the same version", replay(flows.ReplayExecutionParams{UseLatestVersion: orbit.Ptr(false)}),
			"POST", "/flows/executions/" + escaped + "/replay", "", `{"use_latest_version":false}`},
		{"replay the latest version", replay(flows.ReplayExecutionParams{
			UseLatestVersion: orbit.Ptr(true), OverrideInputs: map[string]any{"name": "Ada", "n": nil, "empty": ""},
		}), "POST", "/flows/executions/" + escaped + "/replay", "",
			`{"use_latest_version":true,"override_inputs":{"empty":"","n":null,"name":"Ada"}}`},
		{"replay with nothing to override", replay(flows.ReplayExecutionParams{OverrideInputs: map[string]any{}}),
			"POST", "/flows/executions/" + escaped + "/replay", "", `{}`},
	}
}

// first takes one item of an iterator.
func first[T any](items func(func(T, error) bool)) error {
	for _, err := range items {
		return err
	}
	return errors.New("there is no item")
}

func TestRequests(t *testing.T) { // ERG-1, ERG-2, HTTP-5
	t.Parallel()
	for _, c := range goldens() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			mock := newMock(t)
			var got request
			mock.RegisterNoResponder(record(&got, http.StatusOK, accepted))

			require.NoError(t, c.call(t.Context(), newService(t, mock), orbit.WithHeader("X-Extra", "1")))

			assert.Equal(t, c.method, got.method)
			assert.Equal(t, "/api/v1"+c.path, got.path)
			assert.Equal(t, c.query, got.query)
			assert.Equal(t, c.body, got.body)
			assert.Equal(t, "1", got.header.Get("X-Extra"), "options are passed on")
			assert.Equal(t, apiKey, got.header.Get("X-API-Key"))
			assert.Equal(t, c.body != "", got.header.Get("Content-Type") == "application/json")
			assert.Equal(t, c.method != "GET", got.header["Idempotency-Key"] != nil) // RET-1
			assert.Equal(t, 1, mock.GetTotalCallCount())
		})
	}
}

// TestExtraFields sends what the SDK does not know beside a definition that stays
// as it is.
func TestExtraFields(t *testing.T) { // NEW-2
	t.Parallel()
	mock := newMock(t)
	var got request
	mock.RegisterNoResponder(record(&got, http.StatusOK, accepted))
	text := load(t, "definition.json")
	d := definition(t, text)
	_, err := newService(t, mock).Update(t.Context(), "flw_1", flows.UpdateParams{Name: "New", Definition: d}, orbit.WithBodyField("folder", "f"))
	require.NoError(t, err)
	assert.Equal(t, `{"name":"New","definition":`+string(d.Raw())+`,"folder":"f"}`, got.body)
}

func TestParamsStay(t *testing.T) { // ERG-5
	t.Parallel()
	params := flows.UpdateParams{Name: "New", Definition: definition(t, load(t, "definition.json"))}
	before := string(params.Definition.Raw())
	_, err := answering(t, http.StatusOK, accepted).Update(t.Context(), "flw_1", params)
	require.NoError(t, err)
	assert.Equal(t, before, string(params.Definition.Raw()))
}

func TestRefusals(t *testing.T) { // NUM-4
	t.Parallel()
	d := flows.NewDefinition(nil, nil)
	create := func(p flows.CreateParams) operation {
		return func(ctx context.Context, s *flows.Service, opts ...orbit.CallOption) error {
			_, err := s.Create(ctx, p, opts...)
			return err
		}
	}
	for _, c := range []struct {
		name, op, field, rule string
		call                  operation
	}{
		{"no name", "Flows.Create", "name", "must not be empty", create(flows.CreateParams{TriggerType: "api", Definition: d})},
		{"no trigger", "Flows.Create", "trigger_type", "must not be empty", create(flows.CreateParams{Name: "x", Definition: d})},
		{"no definition", "Flows.Create", "definition", "must be given", create(flows.CreateParams{Name: "x", TriggerType: "api"})},
		{"negative limit", "Flows.List", "limit", "must not be negative", func(ctx context.Context, s *flows.Service, opts ...orbit.CallOption) error {
			_, err := s.List(ctx, flows.ListParams{Limit: -1}, opts...)
			return err
		}},
		{"negative limit of executions", "Flows.Executions.List", "limit", "must not be negative", func(ctx context.Context, s *flows.Service, opts ...orbit.CallOption) error {
			return first(s.Executions.All(ctx, flows.ListExecutionsParams{Limit: -1}, opts...))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			mock := newMock(t)
			err := c.call(t.Context(), newService(t, mock))
			var refused *orbit.ParamError
			require.ErrorAs(t, err, &refused)
			assert.Equal(t, c.op, refused.Op)
			assert.Equal(t, c.field, refused.Field)
			assert.Equal(t, c.rule, refused.Rule)
			require.ErrorIs(t, err, orbit.ErrNotSent)
			assert.Zero(t, mock.GetTotalCallCount())

			var got request
			mock.RegisterNoResponder(record(&got, http.StatusOK, accepted))
			require.NoError(t, c.call(t.Context(), newService(t, mock, orbit.WithoutChecks())), "without checks the server decides")
			assert.NotContains(t, got.body, "null", "what is not given is left out")
		})
	}
}

// TestIDsAreRefused proves that no ID turns a call into another one, also with
// the checks off.
func TestIDsAreRefused(t *testing.T) { // HTTP-5
	t.Parallel()
	for name, call := range map[string]func(context.Context, *flows.Service, string) error{
		"get": func(ctx context.Context, s *flows.Service, id string) error { _, err := s.Get(ctx, id); return err },
		"update": func(ctx context.Context, s *flows.Service, id string) error {
			_, err := s.Update(ctx, id, flows.UpdateParams{})
			return err
		},
		"delete": func(ctx context.Context, s *flows.Service, id string) error { return s.Delete(ctx, id) },
		"get execution": func(ctx context.Context, s *flows.Service, id string) error {
			_, err := s.Executions.Get(ctx, id)
			return err
		},
		"replay": func(ctx context.Context, s *flows.Service, id string) error {
			_, err := s.Executions.Replay(ctx, id, flows.ReplayExecutionParams{})
			return err
		},
		"wait": func(ctx context.Context, s *flows.Service, id string) error {
			_, err := s.Executions.Wait(ctx, id, flows.WaitParams{})
			return err
		},
	} {
		for _, id := range []string{"", ".", ".."} {
			err := call(t.Context(), newService(t, newMock(t), orbit.WithoutChecks()), id)
			var refused *orbit.ParamError
			require.ErrorAs(t, err, &refused, "%s %q", name, id)
			assert.Equal(t, "id", refused.Field)
		}
	}
}
