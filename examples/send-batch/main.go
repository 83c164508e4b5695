// Command send-batch sends one SMS to each row of a CSV file. It can be killed
// at any moment and run again, and nobody gets the message twice:
//
//	go run ./examples/send-batch -in people.csv -text "Hello {name}" -job spring-2026
//
// Without flags it takes the 200 rows of testdata/recipients.csv. Without a key it
// sends them to an Orbit in memory; with ORBIT_API_KEY (and ORBIT_BASE_URL) set it
// sends through the real API.
//
// # What it shows
//
//   - Every row has an idempotency key of its own, made of the job's name and the
//     number, so that it is the same in every run (recipients.go). A rehearsal in
//     memory or in the sandbox has other keys than the real job.
//   - Before a row is sent, a journal says so on disk; afterwards it says what came
//     of it (journal.go).
//   - A new run reads the journal. What has a result is not sent again. What was
//     under way when the last run was killed is sent again with the same key, but
//     only while Orbit surely remembers that key; later it is reported as unclear
//     (send.go).
//   - The results are a copy of the input with the columns status, message_id,
//     request_id and error (csv.go).
//
// Rows whose number or text cannot be used fail by themselves and stop nothing.
// The exit code is 0 when every row is sent or has failed for a reason of its own,
// and 1 when a row is unclear or has not been sent. Run the same command again
// then; what stays unclear is to be looked up, or sent with -resend-unclear. One
// job must not run twice at the same time.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/devotel/orbit-go"
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
	resendUnclear    bool
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
	f.BoolVar(&o.resendUnclear, "resend-unclear", false, "send again what may have been sent before: somebody may get it twice")
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
	var total tally
	if err == nil {
		total, err = execute(ctx, o, dial, stdout, stderr)
	}
	if err != nil {
		fmt.Fprintln(stderr, "send-batch:", err)
	}
	if err != nil || !total.finished() {
		return 1
	}
	return 0
}

// execute does the job. Everything that can be refused is refused before the
// first message is sent.
func execute(ctx context.Context, o options, dial dialer, stdout, stderr io.Writer) (tally, error) {
	input, err := readTable(o.in)
	if err != nil {
		return tally{}, err
	}
	client, where, err := dial(stderr)
	if err != nil {
		return tally{}, err
	}
	defer client.CloseIdleConnections()
	recipients, err := prepare(input, job{name: o.job, place: where}, o.text)
	if err != nil {
		return tally{}, err
	}
	j, known, err := openJournal(o.journal)
	if err != nil {
		return tally{}, err
	}
	defer j.close() //nolint:errcheck // every entry is on disk already
	out, err := openResults(o.out)
	if err != nil {
		return tally{}, err
	}
	b := &batch{options: o, client: client, journal: j, known: known, progress: newProgress(stderr, len(recipients))}
	err = errors.Join(b.run(ctx, recipients), out.write(input.header, recipients))
	total := count(recipients)
	fmt.Fprintf(stdout, "%d rows: %v; results in %s\n", len(recipients), total, o.out)
	return total, err
}
