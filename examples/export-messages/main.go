// Command export-messages writes all messages to a file, one line of JSON each,
// the newest first. It can be killed at any moment and run again, and goes on where
// it was: no message is missing from the file then, and none is in it twice.
//
//	go run ./examples/export-messages -out messages.ndjson
//
// Without a key it exports the messages of an Orbit in memory; with ORBIT_API_KEY
// (and ORBIT_BASE_URL) set it exports those of the account.
//
// # What it shows
//
//   - Pages ranges over the pages of a list, and the cursor of each is where the
//     next run begins (export.go).
//   - Rows first, then the cursor: a page's rows are on disk before a second file
//     says that they are, and how long the file is with them (state.go). What lies
//     behind that length is of a page that was under way, and is cut off.
//   - The second file is replaced as a whole, never written over, and removed at
//     the end (state.go).
//
// A row is what the list holds of a message, which may be little: the documentation
// prints an ID and a status. Messages.Get returns the rest, at a request a message.
//
// Messages that arrive while the export goes on are not in it. One export must not
// run twice at the same time.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/orbittest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	os.Exit(run(ctx, os.Args[1:], osDisk{}, os.Stdout, os.Stderr))
}

// options are the flags.
type options struct {
	out      string
	channel  messages.Channel
	pageSize int
}

func parse(args []string, help io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("export-messages", flag.ContinueOnError)
	f.SetOutput(io.Discard) // run prints what is wrong
	f.StringVar(&o.out, "out", "messages.ndjson", "`file` that the messages are written to; beside it is one with .state at its end, while the export is not finished")
	f.StringVar((*string)(&o.channel), "channel", "", "`channel` to export, such as sms; all if empty")
	f.IntVar(&o.pageSize, "page-size", 100, "`number` of messages a request")
	err := f.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		f.SetOutput(help)
		f.PrintDefaults()
	}
	if err == nil && f.NArg() > 0 {
		err = fmt.Errorf("unexpected argument %q", f.Arg(0))
	}
	return o, err
}

// run is the program: it returns its exit code.
func run(ctx context.Context, args []string, d disk, stdout, stderr io.Writer) int {
	o, err := parse(args, stdout)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err == nil {
		err = execute(ctx, o, d, stdout, stderr)
	}
	if err != nil {
		fmt.Fprintln(stderr, "export-messages:", explain(err))
		return 1
	}
	return 0
}

func execute(ctx context.Context, o options, d disk, stdout, stderr io.Writer) error {
	client, from, err := connect(stderr)
	if err != nil {
		return err
	}
	defer client.CloseIdleConnections()
	e, err := open(d, o.out, state{From: from, Channel: o.channel})
	if err != nil {
		return err
	}
	defer e.file.Close() //nolint:errcheck // what counts is on disk already
	if e.state.Messages > 0 {
		fmt.Fprintf(stdout, "going on behind %d messages\n", e.state.Messages)
	}
	if err := e.run(ctx, client.Messages, o.pageSize); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%d messages in %s\n", e.state.Messages, o.out)
	return nil
}

// place is where messages come from.
type place string

const (
	placeMemory  place = "memory"
	placeSandbox place = "sandbox"
	placeLive    place = "live"
)

// connect returns a client of the real API, or of one in memory without a key.
func connect(notes io.Writer) (*orbit.Client, place, error) {
	key := os.Getenv(orbit.EnvAPIKey)
	if key == "" {
		fmt.Fprintln(notes, "No "+orbit.EnvAPIKey+" is set: these are messages of an Orbit in memory.")
		return demo().Client(), placeMemory, nil
	}
	client, err := orbit.NewClientFromEnv()
	if strings.HasPrefix(key, "dv_test_") {
		return client, placeSandbox, err
	}
	return client, placeLive, err
}

// demo is an Orbit in memory with some hundreds of messages, the same in each run.
func demo() *orbittest.Server {
	const count = 450
	server := orbittest.NewServer(orbittest.WithFullResponses())
	first := time.Date(2026, time.March, 8, 12, 0, 0, 0, time.UTC)
	for i := range count {
		server.AddMessage(orbittest.Message{
			ID:        fmt.Sprintf("msg_%d", i+1),
			From:      "+15005550002",
			To:        []string{fmt.Sprintf("+1415555%04d", i)},
			Body:      fmt.Sprintf("Message %d", i+1),
			CreatedAt: first.Add(time.Duration(i) * time.Minute),
		})
	}
	return server
}

// explain says what to do about an error.
func explain(err error) string {
	switch {
	case errors.Is(err, orbit.CodeInvalidCursor):
		return err.Error() + ": Orbit has forgotten where this export was; remove both files to begin anew"
	case errors.Is(err, context.Canceled):
		return "interrupted: run the same command again to go on"
	case orbit.Retryable(err):
		return err.Error() + ": run the same command again to go on"
	default:
		return err.Error()
	}
}
