package flows_test

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/flows"
	"github.com/devotel/orbit-go/orbittest"
)

// greeting makes a flow for the examples.
func greeting(client *orbit.Client) *flows.Flow {
	definition, err := flows.ParseDefinition([]byte(`{
		"nodes": [
			{"id": "start", "type": "trigger", "data": {}},
			{"id": "greet", "type": "send_message", "data": {"text": "Hello", "delay": 1.0}}
		],
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
	return flow
}

func ExampleService_Create() {
	client := orbittest.NewServer().Client()

	start, err := flows.NewNode("start", "trigger", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	greet, err := flows.NewNode("greet", "send_message", map[string]any{"text": "Hello"})
	if err != nil {
		fmt.Println(err)
		return
	}
	flow, err := client.Flows.Create(context.Background(), flows.CreateParams{
		Name:        "Greeting",
		TriggerType: flows.TriggerTypeInboundMessage,
		Definition:  flows.NewDefinition([]flows.Node{start, greet}, []flows.Edge{flows.NewEdge("start", "greet")}),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(flow.Name, flow.Status, flow.Version)
	// Output: Greeting draft 1
}

func ExampleService_Get() {
	client := orbittest.NewServer().Client()
	id := greeting(client).ID

	flow, err := client.Flows.Get(context.Background(), id)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, node := range flow.Definition.Nodes() {
		fmt.Println(node.ID(), node.Type(), string(node.Data()))
	}
	// Output:
	// start trigger {}
	// greet send_message {"text": "Hello", "delay": 1.0}
}

// One node changes, and everything else goes back as it came.
func ExampleService_Update() {
	client := orbittest.NewServer().Client()
	id := greeting(client).ID
	ctx := context.Background()

	flow, err := client.Flows.Get(ctx, id)
	if err != nil {
		fmt.Println(err)
		return
	}
	greet, _ := flow.Definition.Node("greet")
	if err := greet.Set("/data/text", "Good morning"); err != nil {
		fmt.Println(err)
		return
	}
	if err := flow.Definition.SetNode(greet); err != nil {
		fmt.Println(err)
		return
	}
	flow, err = client.Flows.Update(ctx, id, flows.UpdateParams{Definition: flow.Definition, Version: flow.Version})
	if err != nil {
		fmt.Println(err)
		return
	}
	greet, _ = flow.Definition.Node("greet")
	fmt.Println(flow.Version, string(greet.Data()))
	// Output: 2 {"text": "Good morning", "delay": 1.0}
}

// Somebody else was faster: read the flow again, and decide anew.
func ExampleService_Update_conflict() {
	client := orbittest.NewServer().Client()
	mine := greeting(client)
	ctx := context.Background()
	if _, err := client.Flows.Update(ctx, mine.ID, flows.UpdateParams{Name: "Welcome"}); err != nil {
		fmt.Println(err)
		return
	}

	_, err := client.Flows.Update(ctx, mine.ID, flows.UpdateParams{Name: "Hello", Version: mine.Version})
	fmt.Println(errors.Is(err, orbit.ErrConflict))
	// Output: true
}

func ExampleService_List() {
	client := orbittest.NewServer().Client()
	greeting(client)

	page, err := client.Flows.List(context.Background(), flows.ListParams{Limit: 10})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, flow := range page.Items {
		fmt.Println(flow.Name, flow.TriggerType)
	}
	fmt.Println(page.HasMore)
	// Output:
	// Greeting inbound_message
	// false
}

func ExampleService_Pages() {
	client := orbittest.NewServer().Client()
	greeting(client)
	greeting(client)

	for page, err := range client.Flows.Pages(context.Background(), flows.ListParams{Limit: 1}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(len(page.Items), page.HasMore)
	}
	// Output:
	// 1 true
	// 1 false
}

func ExampleService_All() {
	client := orbittest.NewServer().Client()
	greeting(client)
	greeting(client)

	for flow, err := range client.Flows.All(context.Background(), flows.ListParams{}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(flow.Name, flow.Status)
	}
	// Output:
	// Greeting draft
	// Greeting draft
}

func ExampleService_Delete() {
	client := orbittest.NewServer().Client()
	id := greeting(client).ID
	ctx := context.Background()

	if err := client.Flows.Delete(ctx, id); err != nil {
		fmt.Println(err)
		return
	}
	_, err := client.Flows.Get(ctx, id)
	fmt.Println(errors.Is(err, orbit.ErrNotFound))
	// Output: true
}

// A node and the edges that lead to it are taken out.
func ExampleDefinition_SetNodes() {
	definition := flows.NewDefinition(nil, []flows.Edge{flows.NewEdge("start", "greet"), flows.NewEdge("start", "end")})
	for _, id := range []string{"start", "greet", "end"} {
		node, err := flows.NewNode(id, "wait", nil)
		if err != nil {
			fmt.Println(err)
			return
		}
		if err := definition.SetNode(node); err != nil {
			fmt.Println(err)
			return
		}
	}

	nodes := slices.DeleteFunc(definition.Nodes(), func(n flows.Node) bool { return n.ID() == "greet" })
	edges := slices.DeleteFunc(definition.Edges(), func(e flows.Edge) bool { return e.Target() == "greet" })
	if err := definition.SetNodes(nodes); err != nil {
		fmt.Println(err)
		return
	}
	if err := definition.SetEdges(edges); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(definition.Nodes()), definition.Edges()[0].Target())
	// Output: 2 end
}
