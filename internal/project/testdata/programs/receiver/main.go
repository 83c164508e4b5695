// Command receiver receives deliveries and calls nothing.
package main

import (
	"context"
	"log"
	"net/http"
	"os"

	"github.com/devotel/orbit-go/webhooks"
)

func main() {
	verifier, err := webhooks.NewVerifier(os.Getenv("ORBIT_WEBHOOK_SECRET"))
	if err != nil {
		log.Fatal(err)
	}
	http.Handle("/orbit", webhooks.Handler(verifier,
		webhooks.On(webhooks.MessageDelivered, func(_ context.Context, _ *webhooks.Event, data *webhooks.MessageData) error {
			log.Print(data.Status.IsTerminal())
			return nil
		}),
	))
	log.Fatal(http.ListenAndServe("127.0.0.1:8080", nil))
}
