// Command orbit makes one create with orbit-go.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
)

func main() {
	client, err := orbit.NewClient(os.Getenv("API_KEY"))
	if err != nil {
		log.Fatal(err)
	}
	msg, err := client.Messages.SendSMS(context.Background(), messages.SendSMSParams{To: "+14155552671", Body: "Hello"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(msg.ID)
}
