// Command limits sends under a rate limit, on real time and over loopback, and
// prints how long it took, how many 429 answers it cost, and what was lost. The
// server counts in fixed windows and says nothing but the X-RateLimit headers,
// in whole seconds.
//
//	go run ./limits                  every case, about 80 seconds
//	go run ./limits -quick           the first case, 8 seconds
//	go run ./limits -plot out.svg    draw requests over time, with and without sharing
//	go run ./limits -outage out.svg  draw requests through an outage, two minutes
package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/orbittest"
)

// scenario is one run.
type scenario struct {
	name    string
	window  time.Duration
	options []orbittest.Option
	clients int // that share the key; the goroutines are spread over them
	least   time.Duration
}

// The load of every run.
const (
	sends      = 1500
	perWindow  = 300
	goroutines = 32
	route      = "POST /messages/sms"
)

func scenarios() []scenario {
	return []scenario{
		{"windows of 2 s", 2 * time.Second, nil, 1, 8 * time.Second},
		{"the client's clock 3 h behind", 2 * time.Second, []orbittest.Option{orbittest.WithClockOffset(3 * time.Hour)}, 1, 8 * time.Second},
		{"windows not aligned, resets cut to seconds", 2 * time.Second, []orbittest.Option{orbittest.WithWindowPhase(700 * time.Millisecond)}, 1, 8 * time.Second},
		{"two clients share the key", 2 * time.Second, nil, 2, 8 * time.Second},
		{"windows of 10 s", 10 * time.Second, nil, 1, 40 * time.Second},
	}
}

func main() {
	quick := flag.Bool("quick", false, "run the first case only")
	plot := flag.String("plot", "", "draw requests over time to this SVG file, and do nothing else")
	outage := flag.String("outage", "", "draw requests through an outage to this SVG file, and do nothing else")
	flag.Parse()
	if err := run(*quick, *plot, *outage); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(quick bool, plot, outage string) error {
	if outage != "" {
		return drawOutageTo(outage)
	}
	if plot != "" {
		return drawTo(plot)
	}
	fmt.Printf("%d sends at %d a window from %d goroutines\n\n", sends, perWindow, goroutines)
	fmt.Printf("%-44s %8s %8s %5s %5s\n", "case", "least", "took", "429s", "lost")
	for _, s := range scenarios() {
		r, err := s.run()
		if err != nil {
			return err
		}
		fmt.Printf("%-44s %7.2fs %7.2fs %5d %5d\n", s.name, s.least.Seconds(), r.took.Seconds(), r.tooMany, sends-r.stored)
		if quick {
			break
		}
	}
	return nil
}

// result is what came of a run.
type result struct {
	took     time.Duration
	tooMany  int
	stored   int
	requests []orbittest.Request
}

// run plays the scenario, from the start of a window on.
func (s scenario) run() (result, error) {
	options := append([]orbittest.Option{orbittest.WithLimit(route, perWindow, s.window)}, s.options...)
	fake := orbittest.NewServer(options...)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return result{}, err
	}
	server := &http.Server{Handler: fake, ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }()
	defer server.Close() //nolint:errcheck // it ends with the program

	clients := make([]*orbit.Client, s.clients)
	for i := range clients {
		clients[i], err = orbit.NewClient(orbittest.DefaultAPIKey, orbit.WithBaseURL("http://"+listener.Addr().String()+"/api/v1"))
		if err != nil {
			return result{}, err
		}
		defer clients[i].CloseIdleConnections()
	}
	time.Sleep(time.Until(time.Now().Truncate(s.window).Add(s.window)))
	started := time.Now()
	send(clients)
	r := result{took: time.Since(started), stored: len(fake.Messages()), requests: fake.Requests(route)}
	for _, request := range r.requests {
		if request.Status == http.StatusTooManyRequests {
			r.tooMany++
		}
	}
	return r, nil
}

// send makes all sends. An error is a loss, which the count of what was stored
// shows.
func send(clients []*orbit.Client) {
	jobs := make(chan int)
	var wg sync.WaitGroup
	for g := range max(goroutines, len(clients)) {
		wg.Go(func() {
			client := clients[g%len(clients)]
			for i := range jobs {
				_, err := client.Messages.SendSMS(context.Background(), messages.SendSMSParams{To: "+15005550002", Body: fmt.Sprint("message ", i)})
				if err != nil {
					fmt.Fprintln(os.Stderr, err)
				}
			}
		})
	}
	for i := range sends {
		jobs <- i
	}
	close(jobs)
	wg.Wait()
}
