// Command send-batch sends one SMS to each row of a CSV file. It can be killed at any
// moment and run again, and nobody gets the message twice:
//
//	go run ./examples/send-batch -in people.csv -text "Hello {name}" -job spring-2026
//
// Without flags it takes the 200 rows of testdata/recipients.csv. Without a key it
// sends them to an Orbit in memory; with ORBIT_API_KEY (and ORBIT_BASE_URL) set it
// sends through the real API. With -dry-run it sends nothing, and counts.
//
// # What it shows
//
//   - Package bulk does the hard part: it remembers in a journal what was sent, and
//     goes on where the last run ended, whatever ended it.
//   - The key of a row is its phone number, so that it does not depend on the order of
//     the file or on how somebody writes the number (recipients.go). The campaign's
//     name is that of the job, and of the place: a rehearsal in memory or in the sandbox
//     has a journal of its own.
//   - The results are a copy of the input with the columns outcome, message_id and error
//     (csv.go).
//
// Rows whose number or text cannot be used fail alone. The exit code is 0 when every row
// is sent or rejected, and 1 when a row is unclear or was not sent: run the same command
// again then.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/bulk"
	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/orbittest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	os.Exit(run(ctx, os.Args[1:], connect, os.Stdout, os.Stderr))
}

// place is where messages go to.
type place string

const (
	placeMemory  place = "memory"
	placeSandbox place = "sandbox"
	placeLive    place = "live"
)

// dialer makes the client, and says where it leads. It may tell people on the
// writer.
type dialer func(io.Writer) (*orbit.Client, place, error)

// connect returns a client of the real API, or of one in memory without a key.
func connect(notes io.Writer) (*orbit.Client, place, error) {
	key := os.Getenv(orbit.EnvAPIKey)
	if key == "" {
		fmt.Fprintln(notes, "No "+orbit.EnvAPIKey+" is set: this is an Orbit in memory, and nobody gets a message.")
		// The published limit of 100 SMS a minute would make a demonstration long.
		return orbittest.NewServer(orbittest.WithoutLimits()).Client(), placeMemory, nil
	}
	client, err := orbit.NewClientFromEnv()
	if strings.HasPrefix(key, "dv_test_") {
		return client, placeSandbox, err
	}
	return client, placeLive, err
}

// options are the flags.
type options struct {
	in, out, journal string
	job, text, from  string
	concurrency      int
	dryRun           bool
}

func parse(args []string, help io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("send-batch", flag.ContinueOnError)
	f.SetOutput(io.Discard) // run prints what is wrong
	f.StringVar(&o.in, "in", "examples/send-batch/testdata/recipients.csv", "CSV `file` of recipients: a column \"phone\", perhaps a column \"country\" (US, GB, ...) for national numbers, and any others")
	f.StringVar(&o.out, "out", "send-batch.results.csv", "CSV `file` that the results are written to")
	f.StringVar(&o.journal, "journal", "send-batch.journal", "`file` that remembers what was sent; keep it until the job is done")
	f.StringVar(&o.job, "job", "demo", "`name` of the job: each number gets one message a job")
	f.StringVar(&o.text, "text", "Hello {name}, your order {order} is ready.", "`text` of the messages; {column} stands for the row's value in that column")
	f.StringVar(&o.from, "from", "", "`sender`; the account's own if empty")
	f.IntVar(&o.concurrency, "concurrency", 8, "`number` of messages under way at the same time")
	f.BoolVar(&o.dryRun, "dry-run", false, "send nothing, and count rows and segments")
	switch err := f.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		f.SetOutput(help)
		f.PrintDefaults()
		return o, err
	case err != nil:
		return o, err
	case f.NArg() > 0:
		return o, fmt.Errorf("unexpected argument %q; put the text in quotes", f.Arg(0))
	}
	return o, o.check()
}

// check refuses what would lose a file or send nothing.
func (o options) check() error {
	in, out, journal := filepath.Clean(o.in), filepath.Clean(o.out), filepath.Clean(o.journal)
	switch {
	case in == out, in == journal, out == journal:
		return errors.New("-in, -out and -journal must be three files")
	case o.concurrency < 1:
		return errors.New("-concurrency must be at least 1")
	case o.job == "":
		return errors.New("-job must not be empty")
	}
	return nil
}

// run is the program: it returns its exit code.
func run(ctx context.Context, args []string, dial dialer, stdout, stderr io.Writer) int {
	o, err := parse(args, stdout)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	var done bool
	if err == nil {
		done, err = execute(ctx, o, dial, stdout, stderr)
	}
	if err != nil {
		fmt.Fprintln(stderr, "send-batch:", err)
	}
	if err != nil || !done {
		return 1
	}
	return 0
}

// execute does the job, and reports whether another run can do no more. Everything that
// can be refused is refused before the first message is sent.
func execute(ctx context.Context, o options, dial dialer, stdout, stderr io.Writer) (done bool, err error) {
	input, err := readTable(o.in)
	if err != nil {
		return false, err
	}
	client, where, err := dial(stderr)
	if err != nil {
		return false, err
	}
	defer client.CloseIdleConnections()
	recipients, err := prepare(input, o.text)
	if err != nil {
		return false, err
	}
	items := itemsOf(recipients, o.from)
	if o.dryRun {
		f, err := bulk.DryRun(ctx, items, client.Messages.SendSMS, bulk.SendOptions{})
		fmt.Fprintf(stdout, "%d of %d rows would be sent, as %d segments\n", f.Rows-f.Rejected, len(recipients), f.Segments)
		return true, err
	}
	if where != placeLive {
		o.journal += "." + string(where)
	}
	job, err := bulk.Open(o.journal, bulk.WithCampaign(string(where)+"/"+o.job))
	if err != nil {
		return false, err
	}
	defer job.Close() //nolint:errcheck // every record is on disk already
	out, err := openResults(o.out)
	if err != nil {
		return false, err
	}
	options := bulk.SendOptions{Find: bulk.InMessages(client), Concurrency: o.concurrency}
	if isTerminal(stderr) {
		options.Progress = bulk.ProgressLine(stderr)
	}
	_, err = bulk.Send(ctx, job, items, client.Messages.SendSMS, options)
	total, writeErr := out.write(input.header, recipients, bulk.Join(job, items))
	fmt.Fprintf(stdout, "%d rows: %v; results in %s\n", len(recipients), total, o.out)
	return total.done(), errors.Join(err, writeErr)
}

// itemsOf ranges over the messages to send, each with its key.
func itemsOf(recipients []*recipient, from string) iter.Seq2[string, messages.SendSMSParams] {
	return func(yield func(string, messages.SendSMSParams) bool) {
		for _, r := range recipients {
			if r.err == nil && !yield(r.to.String(), messages.SendSMSParams{To: r.to.String(), Body: r.text, From: from}) {
				return
			}
		}
	}
}

// isTerminal reports whether w is a device for characters, as terminals are: a log would
// have a line of progress for each second.
func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
