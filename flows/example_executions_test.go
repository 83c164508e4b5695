package flows_test

import (
	"context"
	"fmt"
	"time"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/flows"
	"github.com/devotel/orbit-go/orbittest"
)

// anHourAgo makes two executions for the examples: one failed, one came through.
func anHourAgo(server *orbittest.Server) (client *orbit.Client, failed string) {
	client = server.Client()
	definition, err := flows.ParseDefinition([]byte(`{
		"nodes": [{"id": "start", "type": "trigger"}, {"id": "greet", "type": "send_message"}],
		"edges": [{"source": "start", "target": "greet"}]
	}`))
	if err != nil {
		panic(err)
	}
	flow, err := client.Flows.Create(context.Background(), flows.CreateParams{
		Name: "Greeting", TriggerType: flows.TriggerTypeInboundMessage, Definition: definition,
	})
	if err != nil {
		panic(err)
	}
	at := time.Now().Add(-time.Hour)
	failed = server.TriggerFlow(flow.ID, orbittest.FlowRun{FailAt: "greet", Message: "The provider is down.", StartedAt: at})
	server.TriggerFlow(flow.ID, orbittest.FlowRun{StartedAt: at.Add(time.Minute)})
	return client, failed
}

func ExampleExecutions_List() {
	client, _ := anHourAgo(orbittest.NewServer())

	page, err := client.Flows.Executions.List(context.Background(), flows.ListExecutionsParams{Limit: 10})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range page.Items {
		fmt.Println(e.Status, e.FlowVersion)
	}
	// Output:
	// completed 1
	// failed 1
}

func ExampleExecutions_Pages() {
	client, _ := anHourAgo(orbittest.NewServer())

	for page, err := range client.Flows.Executions.Pages(context.Background(), flows.ListExecutionsParams{Limit: 1}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(page.Items[0].Status, page.HasMore)
	}
	// Output:
	// completed true
	// failed false
}

func ExampleExecutions_All() {
	client, _ := anHourAgo(orbittest.NewServer())

	failed := flows.ListExecutionsParams{Status: flows.ExecutionStatusFailed}
	for e, err := range client.Flows.Executions.All(context.Background(), failed) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(e.Error.NodeID, e.Error.Message)
	}
	// Output: greet The provider is down.
}

func ExampleExecutions_Get() {
	client, id := anHourAgo(orbittest.NewServer())

	e, err := client.Flows.Executions.Get(context.Background(), id)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, run := range e.NodeRuns {
		fmt.Println(run.NodeID, run.EndedAt.Sub(run.StartedAt), run.Error.IsZero())
	}
	// Output:
	// start 100ms true
	// greet 100ms false
}

func ExampleExecutions_Replay() {
	client, id := anHourAgo(orbittest.NewServer())

	e, err := client.Flows.Executions.Replay(context.Background(), id, flows.ReplayExecutionParams{
		UseLatestVersion: orbit.Ptr(false), // the flow as it was then
		OverrideInputs:   map[string]any{"name": "Ada"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(e.Status, e.FlowVersion)
	// Output: pending 1
}

func ExampleExecutions_Wait() {
	client, id := anHourAgo(orbittest.NewServer())
	ctx := context.Background()
	e, err := client.Flows.Executions.Replay(ctx, id, flows.ReplayExecutionParams{})
	if err != nil {
		fmt.Println(err)
		return
	}

	e, err = client.Flows.Executions.Wait(ctx, e.ID, flows.WaitParams{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(e.Status.Succeeded(), e.Error.IsZero())
	// Output: true true
}
