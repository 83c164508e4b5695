package voice_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"

	"github.com/devotel/orbit-go/orbittest"
	"github.com/devotel/orbit-go/voice"
)

func ExampleRecordings_Download() {
	server := orbittest.NewServer()
	client := server.Client()
	call := server.AddCall(orbittest.Call{Status: "completed"})
	server.SetRecording(call.ID, orbittest.Recording{Content: make([]byte, 50_000)})

	var sound bytes.Buffer // or a file: what breaks off is resumed in either
	recording, err := client.Voice.Recordings.Download(context.Background(), call.ID, &sound, voice.DownloadParams{
		Progress: func(received, size int64) { fmt.Println(100*received/size, "%") },
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(recording.ContentType, recording.Size, sound.Len())
	// Output:
	// 65 %
	// 100 %
	// audio/wav 50000 50000
}

// The recording of a call is there some time after its end.
func ExampleRecordings_Wait() {
	client := orbittest.NewServer().Client()
	ctx := context.Background()
	call, err := client.Voice.Calls.Create(ctx, voice.CreateCallParams{To: "+15005550002", Record: true})
	if err != nil {
		log.Fatal(err)
	}
	ended, err := client.Voice.Recordings.Wait(ctx, call.ID, voice.WaitParams{})
	if errors.Is(err, voice.ErrNoRecording) {
		log.Fatal("nobody answered, or nobody agreed to be recorded")
	}
	if err != nil {
		log.Fatal(err)
	}
	recording, err := client.Voice.Recordings.Download(ctx, call.ID, io.Discard, voice.DownloadParams{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(ended.Status, recording.ContentType)
	// Output: completed audio/wav
}

// A call that still goes on has no recording yet.
func ExampleRecordings_Download_noRecording() {
	server := orbittest.NewServer()
	client := server.Client()
	call := server.AddCall(orbittest.Call{Status: "in_progress", Record: true})

	_, err := client.Voice.Recordings.Download(context.Background(), call.ID, io.Discard, voice.DownloadParams{})
	var none *voice.NoRecordingError
	switch {
	case errors.As(err, &none) && !none.Status.IsTerminal():
		fmt.Println("later: the call is", none.Status)
	case errors.Is(err, voice.ErrNoRecording):
		fmt.Println("perhaps never")
	}
	// Output: later: the call is in_progress
}

func ExampleRecordings_Open() {
	server := orbittest.NewServer()
	client := server.Client()
	call := server.AddCall(orbittest.Call{Status: "completed"})
	server.SetRecording(call.ID, orbittest.Recording{Content: []byte("RIFF...."), ContentType: "audio/wav"})

	recording, err := client.Voice.Recordings.Open(context.Background(), call.ID)
	if err != nil {
		log.Fatal(err)
	}
	defer recording.Close()
	start := make([]byte, 4)
	if _, err := io.ReadFull(recording, start); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s of %d bytes begins with %s\n", recording.ContentType, recording.Size, start)
	// Output: audio/wav of 8 bytes begins with RIFF
}
