package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/devotel/orbit-go/bench/peers"
)

// busy is how many goroutines call at once.
const busy = 64

func underLoad(o options) (*table, error) {
	const slice = 2 * time.Second
	slices := o.of(5, 1)
	length := time.Duration(slices) * slice
	t := newTable(fmt.Sprintf("%d goroutines for %v", busy, spelled(length)),
		fmt.Sprintf("Creates over loopback to a server in a process of its own. Both callers have the same pool of connections, "+
			"and take turns of %v. Processor time is that of the caller, user and system; the server's is not in it.", spelled(slice)),
		"caller", "requests a second", "processor time a request, µs")
	base, stop, err := startServer()
	if err != nil {
		return nil, err
	}
	defer stop()
	p := peers.All()[0]
	hand, ours := &load{call: p.Hand(base, transport())}, &load{call: p.Create(base, transport())}
	for range slices {
		for _, l := range []*load{hand, ours} {
			if err := l.run(slice); err != nil {
				return nil, err
			}
		}
	}
	t.row("by hand", fmt.Sprintf("%.0f", hand.rate(length)), hand.cost())
	t.row(p.Name, fmt.Sprintf("%.0f", ours.rate(length)), ours.cost())
	if hand.processor > 0 {
		t.row("ratio", fmt.Sprintf("%.2f", ours.rate(length)/hand.rate(length)),
			fmt.Sprintf("%.2f", ours.processor.Seconds()/float64(ours.calls)/(hand.processor.Seconds()/float64(hand.calls))))
	}
	return t, nil
}

// load is what a caller has done so far.
type load struct {
	call      peers.Call
	calls     int64
	processor time.Duration
}

func (l *load) rate(length time.Duration) float64 { return float64(l.calls) / length.Seconds() }

func (l *load) cost() string {
	if l.processor == 0 {
		return "unknown"
	}
	return micros(l.processor / time.Duration(l.calls))
}

// run makes as many calls as it can for a time.
func (l *load) run(length time.Duration) error {
	if err := l.call(); err != nil { // which opens the way
		return err
	}
	var calls, failures atomic.Int64
	var wg sync.WaitGroup
	before, until := processorTime(), time.Now().Add(length)
	for range busy {
		wg.Go(func() {
			for time.Now().Before(until) {
				if l.call() != nil {
					failures.Add(1)
					return
				}
				calls.Add(1)
			}
		})
	}
	wg.Wait()
	l.processor += processorTime() - before
	l.calls += calls.Load()
	if n := failures.Load(); n > 0 {
		return fmt.Errorf("%d calls failed", n)
	}
	return nil
}

// startServer starts this program once more, as the server, and returns its address.
func startServer() (base string, stop func(), err error) {
	self, err := os.Executable()
	if err != nil {
		return "", nil, err
	}
	cmd := exec.Command(self, "-serve")
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return "", nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	stop = func() {
		_ = stdin.Close() // which ends it
		_ = cmd.Wait()
	}
	address, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		stop()
		return "", nil, err
	}
	return strings.TrimSpace(address), stop, nil
}

// serveCreates prints its address, and answers creates until its input ends.
func serveCreates() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println("http://" + listener.Addr().String())
	server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: creates(peers.All()[0].Answer)}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		_ = server.Close()
	}()
	_ = server.Serve(listener)
}
