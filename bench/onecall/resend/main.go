// Command resend makes one create with resend-go.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/resend/resend-go/v3"
)

func main() {
	client := resend.NewClient(os.Getenv("API_KEY"))
	sent, err := client.Emails.SendWithContext(context.Background(), &resend.SendEmailRequest{
		From: "a@example.com", To: []string{"jane@example.com"}, Subject: "Hello", Text: "Hello",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(sent.Id)
}
