package voice_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/orbittest"
	"github.com/devotel/orbit-go/voice"
)

func ExampleQueues_ListScripts() {
	server := orbittest.NewServer()
	client := server.Client()
	server.AddQueueScript("queue_billing", "Refund", nil)
	server.AddQueueScript("queue_billing", "Greeting", nil)

	page, err := client.Voice.Queues.ListScripts(context.Background(), "queue_billing")
	if err != nil {
		log.Fatal(err)
	}
	for _, script := range page.Items {
		fmt.Println(script.Name)
	}
	// Output:
	// Greeting
	// Refund
}

func ExampleQueues_SetDisposition() {
	server := orbittest.NewServer()
	client := server.Client()
	ctx := context.Background()
	call := server.AddCall(orbittest.Call{Status: "completed"})
	params := voice.SetDispositionParams{Disposition: "resolved", Note: "Refunded."}

	if err := client.Voice.Queues.SetDisposition(ctx, "queue_billing", call.ID, params); err != nil {
		log.Fatal(err)
	}
	fmt.Println(server.Calls()[0].Disposition)

	err := client.Voice.Queues.SetDisposition(ctx, "queue_billing", "call_of_a_colleague", params)
	fmt.Println("another agent's:", errors.Is(err, orbit.CodeNotOwningAgent))
	// Output:
	// resolved
	// another agent's: true
}
