package voice_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/orbittest"
	"github.com/devotel/orbit-go/voice"
)

func ExampleCalls_Create() {
	client := orbittest.NewServer().Client()
	call, err := client.Voice.Calls.Create(context.Background(), voice.CreateCallParams{
		To:       "+15005550002",
		From:     "+14155550100",
		AgentID:  "agt_reminder",
		Record:   true,
		Metadata: orbit.Metadata{"appointment": 42},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(call.Status)
	// Output: initiating
}

func ExampleCalls_Wait() {
	client := orbittest.NewServer().Client()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	call, err := client.Voice.Calls.Create(ctx, voice.CreateCallParams{To: "+15005550005"})
	if err != nil {
		log.Fatal(err)
	}
	ended, err := client.Voice.Calls.Wait(ctx, call.ID, voice.WaitParams{})
	if err != nil {
		log.Fatal(err)
	}
	if !ended.Status.Succeeded() {
		fmt.Println("nobody to talk to:", ended.Status)
	}
	// Output: nobody to talk to: busy
}

func ExampleCalls_Get() {
	server := orbittest.NewServer()
	client := server.Client()
	id := server.AddCall(orbittest.Call{From: "+14155550100", To: "+14155550199"}).ID

	call, err := client.Voice.Calls.Get(context.Background(), id)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(call.Direction, call.From, call.Status)
	// Output: inbound +14155550100 ringing
}

func ExampleCalls_List() {
	server := orbittest.NewServer()
	client := server.Client()
	server.AddCall(orbittest.Call{From: "+14155550100"})
	server.AddCall(orbittest.Call{From: "+14155550101", Status: "completed"})

	page, err := client.Voice.Calls.List(context.Background(), voice.ListCallsParams{Status: voice.CallStatusRinging})
	if err != nil {
		log.Fatal(err)
	}
	for _, call := range page.Items {
		fmt.Println(call.From, "is waiting")
	}
	// Output: +14155550100 is waiting
}

func ExampleCalls_Pages() {
	server := orbittest.NewServer()
	client := server.Client()
	for range 5 {
		server.AddCall(orbittest.Call{From: "+14155550100"})
	}
	for page, err := range client.Voice.Calls.Pages(context.Background(), voice.ListCallsParams{Limit: 2}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(len(page.Items), "calls, more:", page.HasMore)
	}
	// Output:
	// 2 calls, more: true
	// 2 calls, more: true
	// 1 calls, more: false
}

func ExampleCalls_All() {
	server := orbittest.NewServer()
	client := server.Client()
	for range 30 {
		server.AddCall(orbittest.Call{To: "+14155550199", Status: "no_answer"})
	}
	missed := 0
	for call, err := range client.Voice.Calls.All(context.Background(), voice.ListCallsParams{To: "+14155550199"}) {
		if err != nil {
			log.Fatal(err)
		}
		if call.Status == voice.CallStatusNoAnswer {
			missed++
		}
	}
	fmt.Println(missed, "missed calls")
	// Output: 30 missed calls
}

func ExampleCalls_Hangup() {
	client := orbittest.NewServer().Client()
	ctx := context.Background()
	call, err := client.Voice.Calls.Create(ctx, voice.CreateCallParams{To: "+15005550001"})
	if err != nil {
		log.Fatal(err)
	}
	ended, err := client.Voice.Calls.Hangup(ctx, call.ID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(ended.Status)
	// Output: canceled
}

func ExampleCalls_Accept() {
	server := orbittest.NewServer()
	client := server.Client()
	incoming := server.AddCall(orbittest.Call{From: "+14155550100"})

	call, err := client.Voice.Calls.Accept(context.Background(), incoming.ID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(call.From, call.Status)
	// Output: +14155550100 in_progress
}

func ExampleCalls_Decline() {
	server := orbittest.NewServer()
	client := server.Client()
	incoming := server.AddCall(orbittest.Call{From: "+14155550100"})

	call, err := client.Voice.Calls.Decline(context.Background(), incoming.ID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(call.From, "hears that the line is", call.Status)
	// Output: +14155550100 hears that the line is busy
}

func ExampleCalls_Mute() {
	server := orbittest.NewServer()
	client := server.Client()
	running := server.AddCall(orbittest.Call{Status: "in_progress"})

	call, err := client.Voice.Calls.Mute(context.Background(), running.ID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(call.Status, "muted:", server.Calls()[0].Muted)
	// Output: in_progress muted: true
}

func ExampleCalls_Unmute() {
	server := orbittest.NewServer()
	client := server.Client()
	running := server.AddCall(orbittest.Call{Status: "in_progress", Muted: true})

	call, err := client.Voice.Calls.Unmute(context.Background(), running.ID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(call.Status, "muted:", server.Calls()[0].Muted)
	// Output: in_progress muted: false
}
