package main

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/bench/peers"
	"github.com/devotel/orbit-go/bulk"
	"github.com/devotel/orbit-go/messages"
)

// campaign measures package bulk: BULK-2.
func campaign(o options) (*table, error) {
	n := o.of(1_000_000, 20_000)
	limited := o.of(4500, 900)
	t := newTable(fmt.Sprintf("A campaign of %d messages", n),
		fmt.Sprintf("`bulk.Send` over loopback, with its defaults: the intent of each message is durable before it is sent, and its result after it. "+
			"The sender is a process of its own; the server, in another, accepts each idempotency key once and does nothing else. "+
			"The job is then opened, and run again over the same items, by further processes. Peak is the largest resident memory of the process. Under a limit "+
			"are %d messages at %d in %v; the least possible time is %v.",
			limited, perWindow, spelled(window), spelled(time.Duration(limited/perWindow-1)*window)),
		"run", "messages", "seconds", "messages a second", "peak memory, MB")
	folder, err := os.MkdirTemp("", "orbit-bench")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder) //nolint:errcheck // a temporary folder
	path := filepath.Join(folder, "journal")

	server := newStrict(nil)
	sent, err := campaignPart(server, part{Task: taskSend, Path: path, Rows: n})
	if err != nil {
		return nil, err
	}
	t.row(sent.row("sent without a limit")...)
	opened, err := runPart(part{Task: taskOpen, Path: path})
	if err != nil {
		return nil, err
	}
	opened.Rows = n
	t.row(opened.row("opened")...)
	again, err := campaignPart(server, part{Task: taskSend, Path: path, Rows: n}) // which sends nothing
	if err != nil {
		return nil, err
	}
	t.row(again.row("run again, nothing left")...)
	t.aim("a campaign: µs a message", 200, sent.Seconds*1e6/float64(n))
	t.aim(fmt.Sprintf("a campaign of %d: peak memory of the sender, MB", n), 150, max(sent.PeakMB, again.PeakMB))
	t.aim(fmt.Sprintf("a campaign of %d: seconds to open its journal", n), 15, opened.Seconds)

	limit := &limiter{tooMany: peers.All()[0].Limited}
	time.Sleep(time.Until(time.Now().Truncate(window).Add(window + 20*time.Millisecond)))
	slow, err := campaignPart(newStrict(limit), part{Task: taskSend, Path: filepath.Join(folder, "limited"), Rows: limited})
	if err != nil {
		return nil, err
	}
	t.row(slow.row("sent under a limit")...)
	least := time.Duration(limited/perWindow-1) * window
	t.aim("a campaign under a limit: % of the rate lost", 1, 100*max(0, 1-least.Seconds()/slow.Seconds))
	t.aim("a campaign under a limit: 429 answers", 0, float64(limit.refused.Load()))
	return t, nil
}

// campaignPart runs a part against a server, and checks what arrived.
func campaignPart(server *strict, p part) (measured, error) {
	listener := httptest.NewServer(server)
	defer listener.Close()
	p.Base = listener.URL
	m, err := runPart(p)
	if err == nil {
		err = server.require(p.Rows)
	}
	return m, err
}

// part is what a process of its own does for the sections campaign and stores.
type part struct {
	Task    string
	Base    string // of the server
	Path    string // of the journal, or of the store's file
	Rows    int
	Seconds float64 // how long a store is written to
}

// Tasks, besides the names of the stores.
const (
	taskSend = "send"
	taskOpen = "open"
)

// measured is what a part took.
type measured struct {
	Rows    int
	Seconds float64
	PeakMB  float64 // 0 if unknown
}

func (m measured) row(name string) []any {
	peak := "unknown"
	if m.PeakMB > 0 {
		peak = fmt.Sprintf("%.0f", m.PeakMB)
	}
	return []any{name, m.Rows, fmt.Sprintf("%.2f", m.Seconds), fmt.Sprintf("%.0f", float64(m.Rows)/m.Seconds), peak}
}

// runPart runs a part in a process of its own.
func runPart(p part) (m measured, err error) {
	self, err := os.Executable()
	if err != nil {
		return m, err
	}
	order, err := json.Marshal(p)
	if err != nil {
		return m, err
	}
	cmd := exec.Command(self, "-part", string(order))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(out, &m)
	}
	return m, err
}

// doPart does a part in this process, and prints what it took.
func doPart(order string) error {
	var p part
	if err := json.Unmarshal([]byte(order), &p); err != nil {
		return err
	}
	m, err := p.do()
	if err != nil {
		return err
	}
	m.PeakMB = peakMemory()
	return json.NewEncoder(os.Stdout).Encode(m)
}

func (p part) do() (measured, error) {
	switch p.Task {
	case taskSend:
		return p.send()
	case taskOpen:
		started := time.Now()
		job, err := bulk.Open(p.Path)
		if err != nil {
			return measured{}, err
		}
		return measured{Seconds: time.Since(started).Seconds()}, job.Close()
	}
	return p.write()
}

// send runs a campaign.
func (p part) send() (measured, error) {
	client, err := orbit.NewClient("dv_test_sk_bench", orbit.WithBaseURL(p.Base))
	if err != nil {
		return measured{}, err
	}
	job, err := bulk.Open(p.Path)
	if err != nil {
		return measured{}, err
	}
	defer job.Close() //nolint:errcheck // every record is on disk already
	started := time.Now()
	report, err := bulk.Send(context.Background(), job, recipients(p.Rows), client.Messages.SendSMS, bulk.SendOptions{Find: bulk.InMessages(client)})
	if err == nil && report.Sent+report.Known != p.Rows {
		err = fmt.Errorf("%+v", report)
	}
	return measured{Rows: p.Rows, Seconds: time.Since(started).Seconds()}, err
}

// recipients makes n messages, as they are asked for.
func recipients(n int) iter.Seq2[string, messages.SendSMSParams] {
	return func(yield func(string, messages.SendSMSParams) bool) {
		for i := range n {
			key := "customer-" + strconv.Itoa(i)
			if !yield(key, messages.SendSMSParams{To: fmt.Sprintf("+49151%08d", i), Body: "Hello " + key}) {
				return
			}
		}
	}
}

// peakMemory is the largest resident memory of this process so far, in MB, 0 where the
// system does not say. What getrusage says includes the parent, before the exec.
func peakMemory() float64 {
	text, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(text)) {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == "VmHWM:" {
			kb, _ := strconv.Atoi(fields[1])
			return mega(int64(kb) << 10)
		}
	}
	return 0
}
