// Command voice-call makes a phone call, waits until it has ended and downloads
// its recording:
//
//	go run ./examples/voice-call [number [file]]
//
// Without a file the recording stays in memory, and only its size is shown.
// Without a key it talks to an Orbit in memory and nobody's phone rings. With
// ORBIT_API_KEY set it talks to the real API; a live key makes a call that costs
// money. ORBIT_BASE_URL names another address of the API.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/orbittest"
	"github.com/devotel/orbit-go/voice"
)

// longestCall is how long the program waits for the end of the call.
const longestCall = 10 * time.Minute

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the program: it returns its exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if err := phone(ctx, args, stdout); err != nil {
		fmt.Fprintln(stderr, explain(err))
		return 1
	}
	return 0
}

func phone(ctx context.Context, args []string, out io.Writer) error {
	number, file, err := read(args)
	if err != nil {
		return err
	}
	client, err := connect(out)
	if err != nil {
		return err
	}
	defer client.CloseIdleConnections()

	// The answer says that Orbit accepted the call, not that anybody took it.
	call, err := client.Voice.Calls.Create(ctx, voice.CreateCallParams{To: number, Record: true})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "call:      %s is %s (request %s)\n", call.ID, call.Status, call.RequestID())

	ended, err := wait(ctx, client, call.ID)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "ended:     %s is %s after %d s\n", ended.ID, ended.Status, ended.DurationSeconds)
	if !ended.Status.Succeeded() {
		return fmt.Errorf("nobody was talked to: the call is %s", ended.Status)
	}

	if _, err := client.Voice.Recordings.Wait(ctx, call.ID, voice.WaitParams{}); err != nil {
		return err
	}
	recording, err := save(ctx, client, call.ID, file)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "recording: %d bytes of %s\n", recording.Size, recording.ContentType)
	return nil
}

// read makes sense of the command line. What cannot be called is refused by
// Create, before anything leaves the machine.
func read(args []string) (number, file string, err error) {
	number = "+15005550002" // a sandbox number: what ends in 2 is answered
	switch len(args) {
	case 2:
		return args[0], args[1], nil
	case 1:
		return args[0], "", nil
	case 0:
		return number, "", nil
	default:
		return "", "", errors.New("usage: voice-call [number [file]]; write the number without spaces")
	}
}

// connect returns a client of the real API, or of one in memory without a key.
func connect(out io.Writer) (*orbit.Client, error) {
	if os.Getenv(orbit.EnvAPIKey) != "" {
		return orbit.NewClientFromEnv()
	}
	fmt.Fprintln(out, "No "+orbit.EnvAPIKey+" is set: this is an Orbit in memory, and nobody's phone rings.")
	return orbittest.NewServer().Client(), nil
}

// wait looks at the call until it has ended. A call that nobody waits for any
// more is hung up.
func wait(ctx context.Context, client *orbit.Client, id string) (*voice.Call, error) {
	ended, err := client.Voice.Calls.Wait(ctx, id, voice.WaitParams{}, orbit.WithTimeout(longestCall))
	if err == nil {
		return ended, nil
	}
	_, failure := client.Voice.Calls.Hangup(context.WithoutCancel(ctx), id)
	return nil, errors.Join(err, failure)
}

// save downloads the recording to a file, or to memory if none is named. Under
// the name of the file is a whole recording, or nothing.
func save(ctx context.Context, client *orbit.Client, callID, file string) (*voice.Recording, error) {
	if file == "" {
		var sound bytes.Buffer
		return client.Voice.Recordings.Download(ctx, callID, &sound, voice.DownloadParams{})
	}
	part, err := os.Create(file + ".part")
	if err != nil {
		return nil, err
	}
	defer os.Remove(part.Name()) //nolint:errcheck // it is gone if all went well
	recording, err := client.Voice.Recordings.Download(ctx, callID, part, voice.DownloadParams{})
	if err = errors.Join(err, part.Close()); err != nil {
		return nil, err
	}
	return recording, os.Rename(part.Name(), file)
}

// explain says what to do about an error. The SDK's own text is one line, without
// the key and without whole phone numbers.
func explain(err error) string {
	var param *orbit.ParamError
	switch {
	case errors.As(err, &param) && param.Field == "to":
		return err.Error() + ": write the country code too, as in +15005550002"
	case errors.Is(err, orbit.ErrUnauthorized):
		return err.Error() + ": correct " + orbit.EnvAPIKey
	case errors.Is(err, voice.ErrNoRecording):
		return err.Error() + ": was the caller asked for consent?"
	default:
		return err.Error()
	}
}
