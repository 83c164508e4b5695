package webhooks_test

import (
	"context"
	"fmt"
	"log"
	"net/http"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/orbittest"
	"github.com/devotel/orbit-go/webhooks"
)

// newWebhook returns a client and the ID of a webhook. A program uses
// orbit.NewClient(apiKey).
func newWebhook() (*orbit.Client, string) {
	_, client, id := newWebhookOn()
	return client, id
}

// newWebhookOn returns the server as well, whose deliveries are accepted.
func newWebhookOn() (*orbittest.Server, *orbit.Client, string) {
	server := orbittest.NewServer(orbittest.WithWebhookHandler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})))
	client := server.Client()
	hook, err := client.Webhooks.Create(context.Background(), webhooks.CreateParams{
		URL: "https://shop.example/orbit", Events: []webhooks.EventType{webhooks.AllEvents},
	})
	if err != nil {
		log.Fatal(err)
	}
	return server, client, hook.ID
}

func ExampleService_Create() {
	client := orbittest.NewServer().Client()
	hook, err := client.Webhooks.Create(context.Background(), webhooks.CreateParams{
		URL:    "https://shop.example/orbit",
		Events: webhooks.Types(webhooks.MessageDelivered, webhooks.MessageFailed),
	})
	if err != nil {
		log.Fatal(err)
	}
	// Store string(hook.SigningSecret): no later response holds it.
	verifier, err := webhooks.NewVerifier(hook.SigningSecret)
	fmt.Println(hook.Events, hook.SigningSecret, verifier != nil, err)
	// Output: [message.delivered message.failed] [redacted] true <nil>
}

func ExampleService_List() {
	client, _ := newWebhook()
	page, err := client.Webhooks.List(context.Background(), webhooks.ListParams{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(page.Items), page.HasMore)
	// Output: 1 false
}

func ExampleService_Pages() {
	client, _ := newWebhook()
	for page, err := range client.Webhooks.Pages(context.Background(), webhooks.ListParams{Limit: 10}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(len(page.Items))
	}
	// Output: 1
}

func ExampleService_All() {
	client, _ := newWebhook()
	for hook, err := range client.Webhooks.All(context.Background(), webhooks.ListParams{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(hook.URL)
	}
	// Output: https://shop.example/orbit
}

func ExampleService_Get() {
	client, id := newWebhook()
	hook, err := client.Webhooks.Get(context.Background(), id)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("paused:", hook.Active != nil && !*hook.Active)
	// Output: paused: false
}

func ExampleService_Update() {
	client, id := newWebhook()
	hook, err := client.Webhooks.Update(context.Background(), id, webhooks.UpdateParams{Active: orbit.Ptr(false)})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("paused:", hook.Active != nil && !*hook.Active)
	// Output: paused: true
}

func ExampleService_Delete() {
	client, id := newWebhook()
	fmt.Println(client.Webhooks.Delete(context.Background(), id))
	// Output: <nil>
}

func ExampleService_Test() {
	client, id := newWebhook()
	fmt.Println(client.Webhooks.Test(context.Background(), id))
	// Output: <nil>
}

// clientWithDelivery returns a client and the ID of a webhook that was tested.
func clientWithDelivery() (*orbit.Client, string) {
	server, client, id := newWebhookOn()
	if err := client.Webhooks.Test(context.Background(), id); err != nil {
		log.Fatal(err)
	}
	if _, err := server.DeliverEvents(context.Background()); err != nil {
		log.Fatal(err)
	}
	return client, id
}

func ExampleDeliveries_List() {
	client, id := clientWithDelivery()
	page, err := client.Webhooks.Deliveries.List(context.Background(), id, webhooks.ListDeliveriesParams{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(page.Items[0].EventType, page.Items[0].Success)
	// Output: webhook.test true
}

func ExampleDeliveries_Pages() {
	client, id := clientWithDelivery()
	for page, err := range client.Webhooks.Deliveries.Pages(context.Background(), id, webhooks.ListDeliveriesParams{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(len(page.Items))
	}
	// Output: 1
}

func ExampleDeliveries_All() {
	client, id := clientWithDelivery()
	for delivery, err := range client.Webhooks.Deliveries.All(context.Background(), id, webhooks.ListDeliveriesParams{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(delivery.EventType)
	}
	// Output: webhook.test
}
