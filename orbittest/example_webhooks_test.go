package orbittest_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"

	"github.com/devotel/orbit-go/orbittest"
	"github.com/devotel/orbit-go/webhooks"
)

// newShop returns a handler that prints the delivery reports of messages.
func newShop(secret string) http.Handler {
	verifier, err := webhooks.NewVerifier(secret)
	if err != nil {
		log.Fatal(err)
	}
	return webhooks.Handler(verifier,
		webhooks.On(webhooks.MessageReceived, func(_ context.Context, _ *webhooks.Event, data *webhooks.MessageData) error {
			fmt.Println("received:", data.Body)
			return nil
		}),
		webhooks.OnReject(func(_ *http.Request, err error) { fmt.Println("too old:", errors.Is(err, webhooks.ErrTooOld)) }),
	)
}

// What happens on the server reaches the program's own handler, signed.
func ExampleServer_DeliverEvents() {
	const secret = "whsec_example"
	server := orbittest.NewServer() // orbittest.New(t) in a test
	server.DeliverTo(newShop(secret), secret)
	server.AddMessage(orbittest.Message{From: "+14155550100", To: []string{"+14155550199"}, Body: "STOP"})

	made, err := server.DeliverEvents(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(made[0].EventType, made[0].Status)
	// Output:
	// received: STOP
	// message.received 200
}

// A delivery that somebody kept and sends again is refused. Orbit makes it anew a
// minute later.
func ExampleServer_FailDeliveries() {
	const secret = "whsec_example"
	server := orbittest.NewServer()
	server.DeliverTo(newShop(secret), secret)
	server.AddEvent("message.received", map[string]any{"message_id": "msg_1", "body": "STOP"})

	server.FailDeliveries(orbittest.DeliveryStale)
	made, err := server.DeliverEvents(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(made[0].Status)
	// Output:
	// too old: true
	// 401
}
