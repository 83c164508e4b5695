// Command flow-replay finds the executions of flows that failed, runs them again
// and waits for their ends:
//
//	go run ./examples/flow-replay [-since 24h] [-yes] [flow]
//
// Without a key it talks to an Orbit in memory, with a flow that failed twice.
// With ORBIT_API_KEY set it talks to the real API, and only lists what failed
// unless -yes is given: a replay does again all that the flow does, such as
// sending messages. Orbit does not tell which executions were replayed before, so
// that -since should reach back to the last time and no further. ORBIT_BASE_URL
// names another address of the API.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/flows"
	"github.com/devotel/orbit-go/orbittest"
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
}

// run is the program: it returns its exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := read(args, stderr)
	if err != nil {
		return 2 // the flag package has said why
	}
	client, err := connect(ctx, &o, stdout)
	if err == nil {
		defer client.CloseIdleConnections()
		err = replayAll(ctx, client, o, stdout)
	}
	if err != nil {
		fmt.Fprintln(stderr, explain(err))
		return 1
	}
	return 0
}

// options is what the command line asks for.
type options struct {
	flow  string
	since time.Duration
	yes   bool
}

func read(args []string, stderr io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("flow-replay", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.DurationVar(&o.since, "since", 24*time.Hour, "how far back to look")
	flags.BoolVar(&o.yes, "yes", false, "replay, and do not only list")
	err := flags.Parse(args)
	o.flow = flags.Arg(0)
	return o, err
}

// connect returns a client of the real API, or of one in memory without a key.
func connect(ctx context.Context, o *options, out io.Writer) (*orbit.Client, error) {
	if os.Getenv(orbit.EnvAPIKey) != "" {
		return orbit.NewClientFromEnv()
	}
	fmt.Fprintln(out, "No "+orbit.EnvAPIKey+" is set: this is an Orbit in memory, and nobody gets a message.")
	o.yes = true
	return memory(ctx)
}

// memory is an Orbit with a flow whose provider was down for a while.
func memory(ctx context.Context) (*orbit.Client, error) {
	server := orbittest.NewServer()
	client := server.Client()
	definition, err := flows.ParseDefinition([]byte(`{
		"nodes": [{"id": "start", "type": "trigger"}, {"id": "greet", "type": "send_message", "data": {"text": "Hello!"}}],
		"edges": [{"source": "start", "target": "greet"}]
	}`))
	if err != nil {
		return nil, err
	}
	flow, err := client.Flows.Create(ctx, flows.CreateParams{Name: "Greeting", TriggerType: flows.TriggerTypeInboundMessage, Definition: definition})
	if err != nil {
		return nil, err
	}
	at := time.Now().Add(-time.Hour)
	down := orbittest.FlowRun{FailAt: "greet", Code: "MESSAGE_SEND_FAILED", Message: "The provider is down."}
	for i, went := range []orbittest.FlowRun{{}, down, down, {}} {
		went.StartedAt = at.Add(time.Duration(i) * time.Minute)
		server.TriggerFlow(flow.ID, went)
	}
	return client, nil
}

// replayAll runs again what failed, all at once, and waits for the ends.
func replayAll(ctx context.Context, client *orbit.Client, o options, out io.Writer) error {
	failed, err := find(ctx, client, o)
	if err != nil {
		return err
	}
	for _, e := range failed {
		fmt.Fprintf(out, "%s failed at %s: %s %s\n", e.ID, e.Error.NodeID, e.Error.Code, e.Error.Message)
	}
	if len(failed) == 0 || !o.yes {
		fmt.Fprintf(out, "%d failed, none was replayed.\n", len(failed))
		return nil
	}
	var replays []string
	for _, e := range failed {
		again, err := client.Flows.Executions.Replay(ctx, e.ID, flows.ReplayExecutionParams{},
			orbit.WithIdempotencyKey("replay-"+e.ID)) // who starts the program twice in a hurry replays once
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%s runs again as %s, with version %d\n", e.ID, again.ID, again.FlowVersion)
		replays = append(replays, again.ID)
	}
	return waitForAll(ctx, client, replays, out)
}

// find lists what failed lately. The list begins with the newest, so that it can
// stop at the first that is too old.
func find(ctx context.Context, client *orbit.Client, o options) ([]flows.Execution, error) {
	oldest := time.Now().Add(-o.since)
	var failed []flows.Execution
	params := flows.ListExecutionsParams{FlowID: o.flow, Status: flows.ExecutionStatusFailed}
	for e, err := range client.Flows.Executions.All(ctx, params) {
		if err != nil {
			return nil, err
		}
		if e.StartedAt.Before(oldest) {
			break
		}
		failed = append(failed, e)
	}
	return failed, nil
}

// waitForAll waits until the last one has ended, and tells how many ended badly.
func waitForAll(ctx context.Context, client *orbit.Client, ids []string, out io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	bad := 0
	for _, id := range ids {
		e, err := client.Flows.Executions.Wait(ctx, id, flows.WaitParams{})
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%s is %s after %d ms\n", e.ID, e.Status, e.DurationMS)
		if !e.Status.Succeeded() {
			bad++
		}
	}
	if bad > 0 {
		return fmt.Errorf("%d of %d executions did not come through", bad, len(ids))
	}
	return nil
}

// explain says what to do about an error.
func explain(err error) string {
	switch {
	case errors.Is(err, orbit.ErrUnauthorized):
		return err.Error() + ": correct " + orbit.EnvAPIKey
	case errors.Is(err, orbit.CodeExecutionNotFound):
		return err.Error() + ": executions are kept for 90 days"
	default:
		return err.Error()
	}
}
