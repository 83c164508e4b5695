// Command interface keeps the client behind an interface of its own.
package main

import (
	"context"
	"fmt"
	"log"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
)

type sender interface {
	SendSMS(ctx context.Context, params messages.SendSMSParams, opts ...orbit.CallOption) (*messages.Message, error)
}

type program struct{ sender sender }

func main() {
	client, err := orbit.NewClientFromEnv()
	if err != nil {
		log.Fatal(err)
	}
	var p any = &program{client.Messages} // reachable through reflection, too
	msg, err := p.(*program).sender.SendSMS(context.Background(), messages.SendSMSParams{To: "+14155552671", Body: "Hello"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%v %+v\n", msg.ID, p)
}
