package main

import (
	"bytes"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/flows"
	"github.com/devotel/orbit-go/orbittest"
)

// start runs the program and returns its exit code and what it printed.
func start(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), args, &out, &errs)
	return code, out.String(), errs.String()
}

// withKey sets a key, and puts server where the real API would be.
func withKey(t *testing.T, server *orbittest.Server) {
	t.Helper()
	t.Setenv(orbit.EnvAPIKey, orbittest.DefaultAPIKey)
	t.Setenv(orbit.EnvBaseURL, "")
	network := http.DefaultTransport
	http.DefaultTransport = server
	t.Cleanup(func() { http.DefaultTransport = network })
}

// failing makes a flow with one node, and one execution that fails so often.
func failing(t *testing.T, server *orbittest.Server, at time.Time, often int) (flow, execution string) {
	t.Helper()
	node, err := flows.NewNode("send", "send_message", nil)
	require.NoError(t, err)
	made, err := server.Client().Flows.Create(t.Context(), flows.CreateParams{
		Name: "x", TriggerType: flows.TriggerTypeAPI, Definition: flows.NewDefinition([]flows.Node{node}, nil),
	})
	require.NoError(t, err)
	return made.ID, server.TriggerFlow(made.ID, orbittest.FlowRun{FailAt: "send", Failures: often, StartedAt: at})
}

// DOC-2: without a key the program does everything by itself.
func TestOffline(t *testing.T) {
	t.Setenv(orbit.EnvAPIKey, "")
	synctest.Test(t, func(t *testing.T) {
		started := time.Now()
		code, stdout, stderr := start(t)
		assert.Zero(t, code)
		assert.Empty(t, stderr)
		assert.Regexp(t, `^No ORBIT_API_KEY is set: .* nobody gets a message\.
exec_\d+ failed at greet: MESSAGE_SEND_FAILED The provider is down\.
exec_\d+ failed at greet: MESSAGE_SEND_FAILED The provider is down\.
exec_\d+ runs again as exec_\d+, with version 1
exec_\d+ runs again as exec_\d+, with version 1
exec_\d+ is completed after 250 ms
exec_\d+ is completed after 250 ms
$`, stdout)
		assert.Less(t, time.Since(started), time.Second)
	})
}

func TestOnlyListed(t *testing.T) {
	server := orbittest.New(t)
	withKey(t, server)
	synctest.Test(t, func(t *testing.T) {
		_, id := failing(t, server, time.Now().Add(-time.Minute), 1)
		_, old := failing(t, server, time.Now().Add(-2*time.Hour), 1)
		code, stdout, stderr := start(t, "-since", "1h")
		assert.Zero(t, code, stderr)
		assert.Equal(t, id+" failed at send: NODE_FAILED The node failed.\n1 failed, none was replayed.\n", stdout)
		assert.NotContains(t, stdout, old)
	})
	assert.Empty(t, server.Requests("POST /flows/executions/{id}/replay"))
}

func TestOneFlow(t *testing.T) {
	server := orbittest.New(t)
	withKey(t, server)
	synctest.Test(t, func(t *testing.T) {
		flow, id := failing(t, server, time.Now().Add(-time.Minute), 1)
		failing(t, server, time.Now().Add(-time.Minute), 1)
		for range 2 { // in a hurry
			code, stdout, stderr := start(t, "-yes", flow)
			assert.Zero(t, code, stderr)
			assert.Contains(t, stdout, id+" runs again as ")
		}
		replays := server.Requests("POST /flows/executions/{id}/replay")
		require.Len(t, replays, 2)
		assert.True(t, replays[0].Stored)
		assert.True(t, replays[1].Replayed, "the second time nothing ran")
		assert.Len(t, server.Requests("GET /flows/executions"), 2)
	})
}

func TestFailsAgain(t *testing.T) {
	server := orbittest.New(t)
	withKey(t, server)
	synctest.Test(t, func(t *testing.T) {
		failing(t, server, time.Now().Add(-time.Minute), 2)
		code, stdout, stderr := start(t, "-yes")
		assert.Equal(t, 1, code)
		assert.Contains(t, stdout, " is failed after 150 ms\n")
		assert.Equal(t, "1 of 1 executions did not come through\n", stderr)
	})
}

func TestErrors(t *testing.T) {
	server := orbittest.New(t, orbittest.WithAPIKeys("dv_test_sk_another"))
	withKey(t, server)
	code, _, stderr := start(t)
	assert.Equal(t, 1, code)
	assert.Regexp(t, `401 INVALID_API_KEY.*: correct ORBIT_API_KEY\n$`, stderr)
	code, _, stderr = start(t, "-since", "yesterday")
	assert.Equal(t, 2, code)
	assert.Contains(t, stderr, "-since")
	assert.Contains(t, explain(orbit.CodeExecutionNotFound), "90 days")
}
