// Command orbit-local serves an Orbit in memory on an address of this machine, for
// programs in any language:
//
//	go run ./orbittest/orbit-local
//
// It is the server of package orbittest: it sends nothing to anybody, takes every
// key that begins with dv_test_sk_ or dv_live_sk_, and forgets everything when it
// ends. At its start it says how to use it. Then it prints a line for each request,
// with its method, route, status and request ID, and with the names of fields that
// Orbit does not know and would drop; never what a request holds.
//
// With -webhook it tells a program of yours on this machine what happens, signed
// as Orbit signs it, and tries again as long as Orbit does.
//
// It is served by address and as localhost. Other names, such as that of a service
// in a compose file, must be given with -allow-host: a web page could otherwise bind
// a name of its own to this machine, and read here.
//
// SIGINT (Ctrl-C) and SIGTERM end it. Requests that are under way are answered
// first, within five seconds.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/devotel/orbit-go/orbittest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// options are the flags.
type options struct {
	addr     string
	insecure bool
	hosts    hosts
	licenses bool
	latency  time.Duration
	noLimits bool
	older    bool
	webhook  string
}

func parse(args []string, help io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("orbit-local", flag.ContinueOnError)
	f.SetOutput(io.Discard) // run prints what is wrong
	f.StringVar(&o.addr, "addr", "127.0.0.1:8025", "`address` to serve at; port 0 takes a free one")
	f.BoolVar(&o.insecure, "insecure", false, "serve other machines too: all who reach the address can read and send here")
	f.Var(&o.hosts, "allow-host", "`name` that programs may reach this server by, besides localhost and addresses; may be repeated")
	f.DurationVar(&o.latency, "latency", 0, "`time` that every answer takes, such as 200ms")
	f.BoolVar(&o.noLimits, "no-limits", false, "lift the rate limits that Orbit publishes")
	f.BoolVar(&o.older, "older", false, "phrase answers as Orbit did before")
	f.StringVar(&o.webhook, "webhook", "", "`address` on this machine to deliver events to, such as http://127.0.0.1:8080/orbit")
	f.BoolVar(&o.licenses, "licenses", false, "say what else this program consists of, and end")
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
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parse(args, stdout)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err == nil {
		err = execute(ctx, o, stdout)
	}
	if err != nil {
		fmt.Fprintln(stderr, "orbit-local:", err)
		return 1
	}
	return 0
}

func execute(ctx context.Context, o options, out io.Writer) error {
	if o.licenses {
		printLicenses(out)
		return nil
	}
	log := &requestLog{out: out}
	server := orbittest.NewServer(o.server(log)...)
	if o.webhook != "" {
		to, err := receiverAt(o.webhook)
		if err != nil {
			return err
		}
		server.DeliverTo(forward(to), webhookSecret)
	}
	listener, err := listen(ctx, o.addr, o.insecure)
	if err != nil {
		return err
	}
	greet(out, listener.Addr().(*net.TCPAddr), o.webhook)

	ctx, cancel := context.WithCancel(ctx)
	var deliveries sync.WaitGroup
	deliveries.Go(func() { deliver(ctx, server, log) })
	defer deliveries.Wait()
	defer cancel()
	return serve(ctx, listener, o.hosts.only(limited(server)), grace)
}

// server are the options of the Orbit in memory.
func (o options) server(log *requestLog) []orbittest.Option {
	opts := []orbittest.Option{
		orbittest.KeepRequests(0), // nobody asks for them
		orbittest.WithRequestLog(log.print),
		orbittest.WithLatency(o.latency),
	}
	if o.noLimits {
		opts = append(opts, orbittest.WithoutLimits())
	}
	if o.older {
		opts = append(opts, orbittest.WithGeneration(orbittest.Older))
	}
	return opts
}
