package agents_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/agents"
	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/orbittest"
)

// newExampleAgent returns the ID of an agent that is there already.
func newExampleAgent(client *orbit.Client, name string) string {
	agent, err := client.Agents.Create(context.Background(), agents.CreateParams{
		Name: name, SystemPrompt: "You help the customers of a shop.", Tools: []agents.Tool{{ID: agents.ToolIDSearchKnowledge}},
		MaxCostPerRunCents: orbit.Ptr(10),
	})
	if err != nil {
		log.Fatal(err)
	}
	return agent.ID
}

func ExampleService_Create() {
	client := orbittest.NewServer().Client()
	agent, err := client.Agents.Create(context.Background(), agents.CreateParams{
		Name:         "Support",
		SystemPrompt: "You help the customers of a shop.",
		Temperature:  orbit.Ptr(0.2),
		Guardrails:   json.RawMessage(`{"output_checks": ["no_pii"]}`),
		Tools: []agents.Tool{
			{ID: agents.ToolIDSearchKnowledge},
			{
				Name:        "order_status",
				Description: "Tells where an order is.",
				Parameters:  json.RawMessage(`{"type": "object", "properties": {"order": {"type": "string"}}}`),
			},
		},
		MaxCostPerConversationCents: orbit.Ptr(50),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(agent.Status, agent.ToolsCount)
	// Output: draft 2
}

func ExampleService_List() {
	client := orbittest.NewServer().Client()
	newExampleAgent(client, "Support")
	newExampleAgent(client, "Sales")
	page, err := client.Agents.List(context.Background(), agents.ListParams{Status: agents.StatusDraft, Limit: 1})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(page.Items[0].Name, page.HasMore)
	// Output: Sales true
}

func ExampleService_Pages() {
	client := orbittest.NewServer().Client()
	newExampleAgent(client, "Support")
	newExampleAgent(client, "Sales")
	for page, err := range client.Agents.Pages(context.Background(), agents.ListParams{Limit: 1}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(page.Items[0].Name, page.NextCursor != "")
	}
	// Output:
	// Sales true
	// Support true
}

func ExampleService_All() {
	client := orbittest.NewServer().Client()
	newExampleAgent(client, "Support")
	newExampleAgent(client, "Sales")
	for agent, err := range client.Agents.All(context.Background(), agents.ListParams{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(agent.Name, agent.ConversationCount)
	}
	// Output:
	// Sales 0
	// Support 0
}

func ExampleService_Get() {
	client := orbittest.NewServer().Client()
	id := newExampleAgent(client, "Support")
	agent, err := client.Agents.Get(context.Background(), id)
	if err != nil {
		log.Fatal(err)
	}
	if agent.MaxCostPerRunCents != nil { // nil: no cap
		fmt.Println(agent.Name, *agent.MaxCostPerRunCents)
	}
	// Output: Support 10
}

func ExampleService_Replace() {
	client := orbittest.NewServer().Client()
	id := newExampleAgent(client, "Support")
	agent, err := client.Agents.Get(context.Background(), id)
	if err != nil {
		log.Fatal(err)
	}
	params, whole := agent.ReplaceParams()
	if !whole {
		log.Fatal("the agent must come from Get")
	}
	params.SystemPrompt += " Answer in one sentence."
	agent, err = client.Agents.Replace(context.Background(), id, params)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(agent.SystemPrompt)
	// Output: You help the customers of a shop. Answer in one sentence.
}

func ExampleAgent_ReplaceParams() {
	client := orbittest.NewServer().Client()
	agent, err := client.Agents.Get(context.Background(), newExampleAgent(client, "Support"))
	if err != nil {
		log.Fatal(err)
	}
	params, whole := agent.ReplaceParams()
	if !whole {
		log.Fatal("the agent must come from Get")
	}
	params.Name = "Help desk"
	fmt.Println(params.Name, params.Tools[0].ID, *params.MaxCostPerRunCents)
	// Output: Help desk search_knowledge 10
}

func ExampleService_Update() {
	client := orbittest.NewServer().Client()
	id := newExampleAgent(client, "Support")
	agent, err := client.Agents.Update(context.Background(), id, agents.UpdateParams{
		Status:             agents.StatusPaused,
		MaxCostPerRunCents: api.Null[int](), // no cap any more
		Temperature:        api.Set(0.),     // zero is a value
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(agent.Status, agent.MaxCostPerRunCents == nil, *agent.Temperature)
	// Output: paused true 0
}

func ExampleService_Delete() {
	client := orbittest.NewServer().Client()
	id := newExampleAgent(client, "Support")
	if err := client.Agents.Delete(context.Background(), id); err != nil {
		log.Fatal(err)
	}
	_, err := client.Agents.Get(context.Background(), id)
	fmt.Println(errors.Is(err, orbit.ErrNotFound))
	// Output: true
}

func ExampleService_Deploy() {
	client := orbittest.NewServer().Client()
	id := newExampleAgent(client, "Support")
	agent, err := client.Agents.Deploy(context.Background(), id, agents.DeployParams{Channel: agents.ChannelWhatsApp})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(agent.Status, agent.Channels)
	// Output: active [whatsapp]
}

func ExampleService_Chat() {
	server := orbittest.NewServer()
	client := server.Client()
	id := newExampleAgent(client, "Support")
	server.ReplyNext(orbittest.AgentReply{Message: "At nine."}, orbittest.AgentReply{Message: "On Sundays too."})

	reply, err := client.Agents.Chat(context.Background(), id, agents.ChatParams{Message: "When do you open?"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(reply.Message)
	reply, err = client.Agents.Chat(context.Background(), id, agents.ChatParams{
		Message: "On Sundays too?", ConversationID: reply.ConversationID,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(reply.Message)
	// Output:
	// At nine.
	// On Sundays too.
}

// The connection breaks after the agent was asked. A second question would cost a
// second time, so that the caller has to ask for it.
func ExampleService_Chat_repeated() {
	server := orbittest.NewServer()
	client := server.Client()
	id := newExampleAgent(client, "Support")
	server.FailNext("POST /agents/{id}/chat", orbittest.ResetAfter(), orbittest.ResetAfter())

	question := agents.ChatParams{Message: "When do you open?"}
	_, err := client.Agents.Chat(context.Background(), id, question)
	fmt.Println("may have been answered:", orbit.MaybeSent(err))

	reply, err := client.Agents.Chat(context.Background(), id, question,
		orbit.WithRetry(orbit.RetryDefault), orbit.WithAttemptTimeout(2*time.Minute))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("attempts:", reply.Info.Attempts)
	// Output:
	// may have been answered: true
	// attempts: 2
}

func ExampleService_ListTools() {
	client := orbittest.NewServer().Client()
	tools, err := client.Agents.ListTools(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	for _, tool := range tools.Items[:2] {
		fmt.Println(tool.ID, "-", tool.Description)
	}
	// Output:
	// send_sms - Sends a text message.
	// send_whatsapp - Sends a WhatsApp message.
}
