// Command quickstart sends an SMS, waits until it is delivered and lists the
// last messages:
//
//	go run ./examples/quickstart [number [text]]
//
// Without a key it talks to an Orbit in memory and sends nothing to anybody.
// With ORBIT_API_KEY set it talks to the real API; a sandbox key (dv_test_sk_...)
// bills nothing there. ORBIT_BASE_URL names another address of the API.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/orbittest"
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
}

// run is the program: it returns its exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if err := quickstart(ctx, args, stdout); err != nil {
		fmt.Fprintln(stderr, explain(err))
		return 1
	}
	return 0
}

func quickstart(ctx context.Context, args []string, out io.Writer) error {
	params, err := read(args)
	if err != nil {
		return err
	}
	client, err := connect(out)
	if err != nil {
		return err
	}
	defer client.CloseIdleConnections()

	// The answer says that Orbit accepted the message, not that it arrived.
	sent, err := client.Messages.SendSMS(ctx, params)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "sent:  %s is %s (request %s)\n", sent.ID, sent.Status, sent.RequestID())

	ended, err := client.Messages.Wait(ctx, sent.ID, messages.WaitParams{}, orbit.WithTimeout(time.Minute))
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "ended: %s is %s (request %s)\n", ended.ID, ended.Status, ended.RequestID())

	page, err := client.Messages.List(ctx, messages.ListParams{Limit: 5})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "the last messages (request %s):\n", page.RequestID())
	for _, m := range page.Items {
		fmt.Fprintf(out, "       %s is %s\n", m.ID, m.Status) // Get returns the rest
	}
	if !ended.Status.Succeeded() {
		return fmt.Errorf("the message was not delivered: it is %s", ended.Status)
	}
	return nil
}

// read makes the message of the command line. What cannot be sent is refused by
// SendSMS, before anything leaves the machine.
func read(args []string) (messages.SendSMSParams, error) {
	params := messages.SendSMSParams{
		To:   "+15005550002", // a sandbox number: what ends in 2 is delivered
		Body: "Hello from Orbit!",
	}
	switch len(args) {
	case 2:
		params.To, params.Body = args[0], args[1]
	case 1:
		params.To = args[0]
	case 0:
	default:
		return params, errors.New("usage: quickstart [number [text]]; put the text in quotes")
	}
	return params, nil
}

// connect returns a client of the real API, or of one in memory without a key.
func connect(out io.Writer) (*orbit.Client, error) {
	if os.Getenv(orbit.EnvAPIKey) != "" {
		return orbit.NewClientFromEnv()
	}
	fmt.Fprintln(out, "No "+orbit.EnvAPIKey+" is set: this is an Orbit in memory, and nobody gets the message.")
	return orbittest.NewServer().Client(), nil
}

// explain says what to do about an error. The SDK's own text is one line, without
// the key and without whole phone numbers.
func explain(err error) string {
	var param *orbit.ParamError
	switch {
	case errors.As(err, &param) && param.Field == "to" && param.Suggestion == "":
		return err.Error() + ": write the country code too, as in +15005550002"
	case errors.Is(err, orbit.ErrUnauthorized):
		return err.Error() + ": correct " + orbit.EnvAPIKey
	default:
		return err.Error()
	}
}
