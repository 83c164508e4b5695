package voice_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/orbittest"
	"github.com/devotel/orbit-go/voice"
)

// newIntent adds an intent to work with.
func newIntent(client *orbit.Client) *voice.IVRIntent {
	intent, err := client.Voice.IVRIntents.Create(context.Background(), voice.CreateIVRIntentParams{
		Name: "billing", Description: "Questions about an invoice", TargetQueueID: "queue_billing",
	})
	if err != nil {
		log.Fatal(err)
	}
	return intent
}

func ExampleIVRIntents_Create() {
	client := orbittest.NewServer().Client()
	intent, err := client.Voice.IVRIntents.Create(context.Background(), voice.CreateIVRIntentParams{
		Name:          "billing",
		Description:   "Questions about an invoice",
		TargetQueueID: "queue_billing",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(intent.Name, intent.TargetQueueID)
	// Output: billing queue_billing
}

func ExampleIVRIntents_List() {
	client := orbittest.NewServer().Client()
	newIntent(client)
	page, err := client.Voice.IVRIntents.List(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	for _, intent := range page.Items {
		fmt.Println(intent.Name, "active:", intent.Active != nil && *intent.Active)
	}
	// Output: billing active: true
}

// An intent leads to a queue or to an agent: the null takes the queue away.
func ExampleIVRIntents_Update() {
	client := orbittest.NewServer().Client()
	id := newIntent(client).ID
	intent, err := client.Voice.IVRIntents.Update(context.Background(), id, voice.UpdateIVRIntentParams{
		TargetQueueID: orbit.Null[string](),
		TargetAgentID: orbit.Set("agt_billing"),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%q %q\n", intent.TargetQueueID, intent.TargetAgentID)
	// Output: "" "agt_billing"
}

func ExampleIVRIntents_Delete() {
	client := orbittest.NewServer().Client()
	ctx := context.Background()
	if err := client.Voice.IVRIntents.Delete(ctx, newIntent(client).ID); err != nil {
		log.Fatal(err)
	}
	page, err := client.Voice.IVRIntents.List(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(page.Items), "left")
	// Output: 0 left
}

func ExampleIVRIntents_Test() {
	client := orbittest.NewServer().Client()
	newIntent(client)
	match, err := client.Voice.IVRIntents.Test(context.Background(), voice.TestIVRIntentParams{
		Utterance: "My invoice is wrong.",
	})
	if err != nil {
		log.Fatal(err)
	}
	var intent voice.IVRIntent
	if err := json.Unmarshal(match.Intent, &intent); err != nil {
		log.Fatal(err)
	}
	fmt.Println(intent.Name, string(match.Confidence))
	// Output: billing 0.9
}
