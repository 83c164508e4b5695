package orbittest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/orbittest"
)

// In a test, New(t) takes the place of NewServer.
func Example() {
	server := orbittest.NewServer()
	client := server.Client()

	_, err := client.Messages.SendSMS(context.Background(), messages.SendSMSParams{
		To: "+15005550002", From: "Shop", Body: "Your parcel has arrived.",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range server.Messages() {
		fmt.Println(m.Channel, m.To[0], m.Body)
	}
	// Output: sms +15005550002 Your parcel has arrived.
}

// The connection breaks after Orbit has accepted the message. The client asks
// again under the same idempotency key, and nobody gets the message twice.
func ExampleServer_FailNext() {
	server := orbittest.NewServer()
	server.FailNext("POST /messages/sms", orbittest.ResetAfter())

	_, err := server.Client().Messages.SendSMS(context.Background(), messages.SendSMSParams{
		To: "+15005550002", Body: "Hello",
	})
	fmt.Println("error:", err)
	fmt.Println("requests:", len(server.Requests("POST /messages/sms")))
	fmt.Println("messages:", len(server.Messages()))
	// Output:
	// error: <nil>
	// requests: 2
	// messages: 1
}

func ExampleServer_Requests() {
	server := orbittest.NewServer()
	client := server.Client()
	_, err := client.Messages.SendSMS(context.Background(), messages.SendSMSParams{To: "+15005550002", Body: "Hello"},
		orbit.WithIdempotencyKey("order-1138"), orbit.WithBodyField("colour", "red"))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range server.Requests("POST *") {
		fmt.Println(r.Route, r.Status, r.IdempotencyKey, r.UnknownFields)
	}
	// Output: /messages/sms 202 order-1138 [colour]
}

func ExampleServer_AddMessage() {
	server := orbittest.NewServer()
	server.AddMessage(orbittest.Message{From: "+14155550100", To: []string{"+14155550199"}, Body: "STOP"})

	inbound := messages.ListParams{Direction: "inbound"}
	for m, err := range server.Client().Messages.All(context.Background(), inbound) {
		if err != nil {
			fmt.Println(err)
			return
		}
		whole, err := server.Client().Messages.Get(context.Background(), m.ID) // a list holds IDs and statuses
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(whole.From, whole.Body)
	}
	// Output: +14155550100 STOP
}

func ExampleServer_SetMessageStatus() {
	server := orbittest.NewServer()
	client := server.Client()
	sent, err := client.Messages.SendSMS(context.Background(), messages.SendSMSParams{To: "+15005550002", Body: "Hello"})
	if err != nil {
		fmt.Println(err)
		return
	}
	server.SetMessageStatus(sent.ID, "read")
	got, err := client.Messages.Get(context.Background(), sent.ID)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(got.Status)
	// Output: read
}

// Code that takes an address instead of a client talks to a listener.
func ExampleServer_ServeHTTP() {
	listener := httptest.NewServer(orbittest.NewServer())
	defer listener.Close()

	client, err := orbit.NewClient(orbittest.DefaultAPIKey, orbit.WithBaseURL(listener.URL+"/api/v1"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.CloseIdleConnections()
	sent, err := client.Messages.SendSMS(context.Background(), messages.SendSMSParams{To: "+15005550002", Body: "Hello"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(sent.Status)
	// Output: queued
}

// A server is the transport of any HTTP client.
func ExampleServer_HTTPClient() {
	req, err := http.NewRequestWithContext(context.Background(), "GET", orbit.DefaultBaseURL+"/messages", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	req.Header.Set("X-API-Key", orbittest.DefaultAPIKey)
	resp, err := orbittest.NewServer().HTTPClient().Do(req)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	fmt.Println(resp.Status, resp.Header.Get("X-RateLimit-Remaining"))
	// Output: 200 OK 119
}

// Sender is what a program needs of Orbit, and all that a fake of its own has to
// have.
type Sender interface {
	SendSMS(ctx context.Context, params messages.SendSMSParams, opts ...orbit.CallOption) (*messages.Message, error)
}

type brokeSender struct{}

func (brokeSender) SendSMS(context.Context, messages.SendSMSParams, ...orbit.CallOption) (*messages.Message, error) {
	return nil, orbittest.NewError("Messages.SendSMS", "POST /messages/sms", 402, orbit.CodeBalanceTooLow)
}

func ExampleNewError() {
	var sender Sender = brokeSender{}
	_, err := sender.SendSMS(context.Background(), messages.SendSMSParams{})
	fmt.Println(errors.Is(err, orbit.ErrNoBalance))
	// Output: true
}

func ExampleNewMeta() {
	m := messages.Message{Meta: orbittest.NewMeta(202), ID: "msg_1"}
	fmt.Println(m.ID, m.RequestID(), m.RateLimit().Remaining)
	// Output: msg_1 req_orbittest 99
}
