package orbittest_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/devotel/orbit-go/orbittest"
	"github.com/devotel/orbit-go/voice"
)

func ExampleServer_AddCall() {
	server := orbittest.NewServer()
	incoming := server.AddCall(orbittest.Call{From: "+14155550100", To: "+14155550199"})

	if _, err := server.Client().Voice.Calls.Decline(context.Background(), incoming.ID); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(server.Calls()[0].From, server.Calls()[0].Status)
	// Output: +14155550100 busy
}

// The handler of a number's answer URL is tried without a telephone.
func ExampleServer_AnswerRequest() {
	answer := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		call, err := voice.ParseAnswerRequest(r)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println("a call from", call.From)
	})

	server := orbittest.NewServer()
	call := server.AddCall(orbittest.Call{From: "+14155550100", To: "+14155550199"})
	answer.ServeHTTP(httptest.NewRecorder(), server.AnswerRequest(context.Background(), http.MethodPost, call.ID))
	// Output: a call from +14155550100
}

func ExampleServer_SetCallStatus() {
	server := orbittest.NewServer()
	call := server.AddCall(orbittest.Call{})
	server.SetCallStatus(call.ID, "transferred") // one that the SDK has never heard of

	got, err := server.Client().Voice.Calls.Get(context.Background(), call.ID)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(got.Status, got.Status.Known(), got.Status.IsTerminal())
	// Output: transferred false false
}

// The connection to the storage host breaks halfway. The download is resumed
// where it broke off.
func ExampleServer_SetRecording() {
	server := orbittest.NewServer()
	call := server.AddCall(orbittest.Call{Status: "completed"})
	server.SetRecording(call.ID, orbittest.Recording{Content: []byte("0123456789"), ContentType: "audio/mpeg"})
	server.FailNext("GET /recordings/{id}", orbittest.Truncated())

	var sound bytes.Buffer
	if _, err := server.Client().Voice.Recordings.Download(context.Background(), call.ID, &sound, voice.DownloadParams{}); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(sound.String())
	for _, r := range server.Requests("GET /recordings/{id}") {
		fmt.Printf("%d %q\n", r.Status, r.Header.Get("Range"))
	}
	// Output:
	// 0123456789
	// 200 ""
	// 206 "bytes=5-"
}

func ExampleServer_AddQueueScript() {
	server := orbittest.NewServer()
	server.AddQueueScript("queue_billing", "Greeting", map[string]any{"text": "Good morning"})

	page, err := server.Client().Voice.Queues.ListScripts(context.Background(), "queue_billing")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(page.Items[0].Name)
	// Output: Greeting
}
