package verify_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/orbittest"
	"github.com/devotel/orbit-go/verify"
)

// aCode sends a code for the examples and returns the ID of its verification.
func aCode(client *orbit.Client) string {
	v, err := client.Verify.Send(context.Background(), verify.SendParams{To: "+14155552671", Channel: verify.ChannelSMS})
	if err != nil {
		panic(err)
	}
	return v.ID
}

func ExampleService_Send() {
	client := orbittest.NewServer().Client()

	v, err := client.Verify.Send(context.Background(), verify.SendParams{
		To:               "+14155552671",
		Channel:          verify.ChannelSMS,
		FallbackChannel:  verify.ChannelVoice,
		ExpiresInSeconds: 300,
		CustomMessage:    "{{code}} is your code for Acme.",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(v.Status, time.Until(v.ExpiresAt) > 4*time.Minute)
	// Output: pending true
}

func ExampleService_Check() {
	server := orbittest.NewServer()
	client := server.Client()
	id := aCode(client)
	typed := server.Code(id) // what the person read in the message

	v, err := client.Verify.Check(context.Background(), verify.CheckParams{VerificationID: id, Code: orbit.Secret(typed)})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(v.Approved())
	// Output: true
}

// A wrong code is no error. It may be typed again while attempts remain.
func ExampleService_Check_wrongCode() {
	client := orbittest.NewServer().Client()
	id := aCode(client)

	v, err := client.Verify.Check(context.Background(), verify.CheckParams{VerificationID: id, Code: "none"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(v.Approved(), v.Status.Wrong())
	if v.AttemptsRemaining != nil { // nil where Orbit does not say
		fmt.Println(*v.AttemptsRemaining)
	}
	// Output: false true
}

// Somebody who got no message is called. The new code has an ID of its own.
func ExampleService_Resend() {
	server := orbittest.NewServer()
	client := server.Client()
	ctx := context.Background()
	first, err := client.Verify.Send(ctx, verify.SendParams{To: "+14155552671", Channel: verify.ChannelSMS})
	if err != nil {
		fmt.Println(err)
		return
	}
	second, err := client.Verify.Resend(ctx, first.ID, verify.ResendParams{Channel: verify.ChannelVoice})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, id := range []string{first.ID, second.ID} {
		v, err := client.Verify.Check(ctx, verify.CheckParams{VerificationID: id, Code: orbit.Secret(server.Code(id))})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(v.Channel, v.Status)
	}
	// Output:
	// sms cancelled
	// voice approved
}

func ExampleService_List() {
	client := orbittest.NewServer().Client()
	aCode(client)

	page, err := client.Verify.List(context.Background(), verify.ListParams{Status: verify.StatusPending, Limit: 10})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, v := range page.Items {
		fmt.Println(v.Channel, v.Status)
	}
	// Output: sms pending
}

func ExampleService_Pages() {
	client := orbittest.NewServer().Client()
	aCode(client)
	aCode(client)

	for page, err := range client.Verify.Pages(context.Background(), verify.ListParams{Limit: 1}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(len(page.Items), page.HasMore)
	}
	// Output:
	// 1 true
	// 1 false
}

func ExampleService_All() {
	client := orbittest.NewServer().Client()
	aCode(client)
	aCode(client)

	pending := 0
	for v, err := range client.Verify.All(context.Background(), verify.ListParams{Channel: verify.ChannelSMS}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		if v.Status == verify.StatusPending {
			pending++
		}
	}
	fmt.Println(pending)
	// Output: 2
}

func ExampleService_Get() {
	client := orbittest.NewServer().Client()
	id := aCode(client)

	v, err := client.Verify.Get(context.Background(), id)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(v.Channel, v.Status, v.Attempts)
	// Output: sms pending 0
}

func ExampleService_GetDetail() {
	client := orbittest.NewServer().Client()
	id := aCode(client)

	d, err := client.Verify.GetDetail(context.Background(), id)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, attempt := range d.ChannelAttempts {
		fmt.Println(attempt.Channel, attempt.Status)
	}
	// Output: sms sent
}

func ExampleService_Cancel() {
	server := orbittest.NewServer()
	client := server.Client()
	ctx := context.Background()
	id := aCode(client)

	v, err := client.Verify.Cancel(ctx, id)
	if err != nil {
		fmt.Println(err)
		return
	}
	late, err := client.Verify.Check(ctx, verify.CheckParams{VerificationID: id, Code: orbit.Secret(server.Code(id))})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(v.Status, late.Approved())
	// Output: cancelled false
}

// Some recipients may fail although the call succeeds.
func ExampleService_SendBulk() {
	client := orbittest.NewServer().Client()

	result, err := client.Verify.SendBulk(context.Background(), verify.SendBulkParams{
		Recipients: []verify.BulkRecipient{{To: "ada@example.com"}, {To: "bob at example.com"}},
		Channel:    verify.ChannelEmail,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for row := range result.Failed() {
		fmt.Println(row.Error.Code)
	}
	// Output: INVALID_EMAIL
}

// Where all recipients fail, the error tells why each did.
func ExampleBulkRows() {
	client := orbittest.NewServer().Client()

	_, err := client.Verify.SendBulk(context.Background(), verify.SendBulkParams{
		Recipients: []verify.BulkRecipient{{To: "bob at example.com"}},
		Channel:    verify.ChannelEmail,
	})
	fmt.Println(errors.Is(err, orbit.ErrInvalid))
	for _, row := range verify.BulkRows(err) {
		fmt.Println(row.To, row.Error.Code)
	}
	// Output:
	// true
	// bob at example.com INVALID_EMAIL
}
