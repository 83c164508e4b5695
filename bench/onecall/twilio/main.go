// Command twilio makes one create with twilio-go.
package main

import (
	"fmt"
	"log"
	"os"

	"github.com/twilio/twilio-go"
	api "github.com/twilio/twilio-go/rest/api/v2010"
)

func main() {
	client := twilio.NewRestClientWithParams(twilio.ClientParams{Username: os.Getenv("ACCOUNT"), Password: os.Getenv("API_KEY")})
	params := &api.CreateMessageParams{}
	params.SetTo("+14155552671")
	params.SetFrom("+15005550006")
	params.SetBody("Hello")
	msg, err := client.Api.CreateMessage(params)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(*msg.Sid)
}
