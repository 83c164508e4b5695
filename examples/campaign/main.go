// Command campaign sends an SMS to each of a million customers. It can be killed at any
// moment and run again, and nobody gets the message twice:
//
//	go run ./examples/campaign -in customers.csv -text "Spring is here" -journal spring.orbit
//
// The file has the columns id and phone; it is read row by row, never as a whole. Without
// it the program makes customers up, as many as -rows says. Without a key it sends to an
// Orbit in memory; with ORBIT_API_KEY (and ORBIT_BASE_URL) set it sends through the real
// API, and made-up customers only with a sandbox key.
//
// # What it shows
//
//   - Items are a range function: a query or a file, of any length (customers.go).
//   - bulk.Send finds its concurrency by itself, shows its progress, and goes on where the
//     last run ended.
//   - bulk.Reconcile counts the final statuses with one pass over the list of messages.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/bulk"
	"github.com/devotel/orbit-go/orbittest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// options are the flags.
type options struct {
	in, text, journal string
	rows              int
	rate              float64
}

func parse(args []string, help io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("campaign", flag.ContinueOnError)
	f.SetOutput(io.Discard) // run prints what is wrong
	f.StringVar(&o.in, "in", "", "CSV `file` of customers, with the columns id and phone; made-up ones if empty")
	f.IntVar(&o.rows, "rows", 1_000_000, "`number` of customers to make up")
	f.StringVar(&o.text, "text", "Spring is here", "`text` of the message")
	f.StringVar(&o.journal, "journal", "campaign.orbit", "`file` that remembers what was sent; keep it until the campaign is over")
	f.Float64Var(&o.rate, "rate", 0, "most messages a `second`; 0 for as many as the API takes")
	err := f.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		f.SetOutput(help)
		f.PrintDefaults()
	}
	if err == nil && f.NArg() > 0 {
		err = fmt.Errorf("unexpected argument %q; put the text in quotes", f.Arg(0))
	}
	return o, err
}

// run is the program: it returns its exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parse(args, stdout)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err == nil {
		err = execute(ctx, o, stdout, stderr)
	}
	if err != nil {
		fmt.Fprintln(stderr, "campaign:", explain(err))
		return 1
	}
	return 0
}

func execute(ctx context.Context, o options, stdout, stderr io.Writer) error {
	client, where, err := connect(o, stderr)
	if err != nil {
		return err
	}
	defer client.CloseIdleConnections()
	// A rehearsal's journal is refused by the real campaign, which would take its rows for
	// sent.
	job, err := bulk.Open(o.journal, bulk.WithCampaign(where+"/"+filepath.Base(o.journal)))
	if err != nil {
		return err
	}
	defer job.Close() //nolint:errcheck // every record is on disk already

	customers := o.customers()
	report, err := bulk.Send(ctx, job, customers.messages(o.text), client.Messages.SendSMS, bulk.SendOptions{
		Find:     bulk.InMessages(client),
		Rate:     o.rate,
		Progress: bulk.ProgressLine(stderr),
		ItemsErr: customers.err,
	})
	fmt.Fprintf(stdout, "%d sent, %d known from earlier runs, %d found, %d rejected, %d unclear\n",
		report.Sent, report.Known, report.Found, report.Rejected, report.Unclear)
	if err != nil {
		return err
	}

	sum, err := bulk.Reconcile(ctx, job, bulk.InMessages(client))
	if err != nil {
		return err
	}
	for _, status := range slices.Sorted(maps.Keys(sum.ByStatus)) {
		fmt.Fprintf(stdout, "%d %s\n", sum.ByStatus[status], status)
	}
	if sum.Unclear > 0 || sum.Absent > 0 {
		return fmt.Errorf("%d rows are unclear, and %d were not sent", sum.Unclear, sum.Absent)
	}
	return nil
}

// connect returns a client of the real API, or of one in memory without a key, and where
// it leads.
func connect(o options, notes io.Writer) (client *orbit.Client, where string, err error) {
	key := os.Getenv(orbit.EnvAPIKey)
	sandbox := strings.HasPrefix(key, "dv_test_")
	switch {
	case key == "":
		fmt.Fprintln(notes, "No "+orbit.EnvAPIKey+" is set: this is an Orbit in memory, and nobody gets a message.")
		// The published limit of 100 SMS a minute would make a demonstration long.
		return orbittest.NewServer(orbittest.WithoutLimits(), orbittest.KeepRequests(0)).Client(), "memory", nil
	case o.in == "" && !sandbox:
		return nil, "", errors.New("made-up customers need a sandbox key (dv_test_sk_...): name a file with -in")
	}
	client, err = orbit.NewClientFromEnv()
	if sandbox {
		return client, "sandbox", err
	}
	return client, "live", err
}

// explain says what to do about an error.
func explain(err error) string {
	switch {
	case errors.Is(err, context.Canceled):
		return "interrupted: run the same command again to go on"
	case errors.Is(err, bulk.ErrPaused):
		return err.Error() + ": run the same command again to go on"
	}
	return err.Error()
}
