package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/bulk"
	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/orbittest"
)

const (
	sample    = "testdata/recipients.csv"
	sendRoute = "POST /messages/sms"
)

// bench is where a job runs: one server and one directory over several runs.
type bench struct {
	t         *testing.T
	server    *orbittest.Server
	dir       string
	transport http.RoundTripper
	apiKey    string
	place     place
}

func newBench(t *testing.T, opts ...orbittest.Option) *bench {
	server := orbittest.New(t, opts...)
	return &bench{t: t, server: server, dir: t.TempDir(), transport: server, apiKey: orbittest.DefaultAPIKey, place: placeSandbox}
}

func (b *bench) path(name string) string { return filepath.Join(b.dir, name) }

// write makes a file in the directory and returns its path.
func (b *bench) write(name, content string) string {
	b.t.Helper()
	require.NoError(b.t, os.WriteFile(b.path(name), []byte(content), 0o600))
	return b.path(name)
}

func (b *bench) read(name string) string {
	b.t.Helper()
	data, err := os.ReadFile(b.path(name))
	require.NoError(b.t, err)
	return string(data)
}

func (b *bench) dial(io.Writer) (*orbit.Client, place, error) {
	client, err := orbit.NewClient(b.apiKey, orbit.WithHTTPClient(&http.Client{Transport: b.transport}))
	return client, b.place, err
}

// outcome is one run of the program.
type outcome struct {
	code           int
	stdout, stderr string
	rows           []outcomeRow
}

// outcomeRow is a row of the results.
type outcomeRow struct {
	cells                 []string
	outcome, message, err string
}

// start runs the program on the sample, unless args say otherwise.
func (b *bench) start(ctx context.Context, args ...string) outcome {
	b.t.Helper()
	var stdout, stderr bytes.Buffer
	all := append([]string{"-in", sample, "-out", b.path("results.csv"), "-journal", b.path("journal")}, args...)
	o := outcome{code: run(ctx, all, b.dial, &stdout, &stderr)}
	o.stdout, o.stderr = stdout.String(), stderr.String()
	if _, err := os.Stat(b.path("results.csv")); err == nil {
		o.rows = b.results()
	}
	return o
}

func (b *bench) results() []outcomeRow {
	b.t.Helper()
	all, err := csv.NewReader(strings.NewReader(b.read("results.csv"))).ReadAll()
	require.NoError(b.t, err)
	require.NotEmpty(b.t, all)
	n := len(all[0]) - 3
	require.Equal(b.t, []string{"outcome", "message_id", "error"}, all[0][n:])
	rows := make([]outcomeRow, 0, len(all)-1)
	for _, r := range all[1:] {
		rows = append(rows, outcomeRow{r[:n], r[n], r[n+1], r[n+2]})
	}
	return rows
}

// count counts the rows of some outcomes.
func (o outcome) count(of ...bulk.Outcome) int {
	n := 0
	for _, r := range o.rows {
		if slices.Contains(of, bulk.Outcome(r.outcome)) {
			n++
		}
	}
	return n
}

// prepared are the recipients of a file.
func prepared(t *testing.T, path string) []*recipient {
	t.Helper()
	input, err := readTable(path)
	require.NoError(t, err)
	recipients, err := prepare(input, "Hello {name}")
	require.NoError(t, err)
	return recipients
}

// stored counts the messages that the server holds for each number.
func (b *bench) stored() map[string]int {
	n := make(map[string]int)
	for _, m := range b.server.Messages() {
		if m.Body != "Something else" {
			n[m.To[0]]++
		}
	}
	return n
}

// requireOnceEach proves that the server holds one message for each valid row of
// a file, and no other.
func (b *bench) requireOnceEach(path string) {
	b.t.Helper()
	want := make(map[string]int)
	for _, r := range prepared(b.t, path) {
		if r.to != "" {
			want[r.to.String()] = 1
		}
	}
	require.Equal(b.t, want, b.stored())
}

// requireInputKept proves that the rows of a file came back, in their order.
func (o outcome) requireInputKept(t *testing.T, path string) {
	t.Helper()
	input, err := readTable(path)
	require.NoError(t, err)
	require.Len(t, o.rows, len(input.rows))
	for i, r := range o.rows {
		require.Equal(t, input.rows[i], r.cells)
	}
}

// dying is a network on which the process ends at some send, before or after it arrives:
// nothing happens any more, and the journal stays as it is at this moment.
type dying struct {
	bench         *bench
	before, after func(send int) bool // the first is 1

	sends atomic.Int64
	once  sync.Once
	dead  chan struct{} // closed then
}

// diesAt dies at the n-th send.
func (b *bench) diesAt(n int, after bool) *dying {
	return b.dying(func(send int) bool { return send > n || send == n && !after }, func(send int) bool { return send == n })
}

func (b *bench) dying(before, after func(send int) bool) *dying {
	return &dying{bench: b, before: before, after: after, dead: make(chan struct{})}
}

func (d *dying) RoundTrip(r *http.Request) (*http.Response, error) {
	n := int(d.sends.Add(1))
	if !d.before(n) {
		resp, err := d.bench.server.RoundTrip(r)
		if err != nil || !d.after(n) {
			return resp, err
		}
		_ = resp.Body.Close()
	}
	d.once.Do(func() { close(d.dead) })
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// startUntilDead runs the program until the network is dead, and leaves the journal as it
// was then.
func (b *bench) startUntilDead(d *dying, args ...string) {
	b.t.Helper()
	b.transport = d
	ctx, cancel := context.WithCancel(b.t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		b.start(ctx, args...)
	}()
	select {
	case <-d.dead:
	case <-ended: // the process ended before it could die
	}
	synctest.Wait()
	journal := b.journal()
	cancel()
	<-ended
	b.write(journalName, journal)
	b.transport = b.server
}

// journalName is the journal of a job in the sandbox.
const journalName = "journal.sandbox"

func (b *bench) journal() string {
	b.t.Helper()
	return b.read(journalName)
}

// after calls f behind the n-th response, once.
func after(n int, transport http.RoundTripper, f func()) http.RoundTripper {
	answers := make(chan struct{}, n)
	return roundTrip(func(req *http.Request) (*http.Response, error) {
		resp, err := transport.RoundTrip(req)
		select {
		case answers <- struct{}{}:
			if len(answers) == n {
				f()
			}
		default:
		}
		return resp, err
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// people is a small input.
const people = `name,phone,country
Ada,+14155550100,
Ben,07700 900101,GB
Chloé,(415) 555-0102,US
`

// assertDiscreet proves that text shows neither the key nor a phone number of the
// sample.
func assertDiscreet(t *testing.T, text string) {
	t.Helper()
	assert.NotContains(t, text, "dv_test_sk_")
	for _, r := range prepared(t, sample) {
		if r.to != "" {
			assert.NotContains(t, text, strings.TrimPrefix(r.to.String(), "+"))
		}
	}
}

// shows makes lists show metadata, or only what the documentation's example has.
func shows(all bool) []orbittest.Option {
	if all {
		return []orbittest.Option{orbittest.WithFullResponses()}
	}
	return nil
}

// sendSomethingElse sends a message that the program does not know.
func (b *bench) sendSomethingElse() {
	b.t.Helper()
	_, err := b.server.Client().Messages.SendSMS(b.t.Context(), messages.SendSMSParams{To: "+15005550009", Body: "Something else"})
	require.NoError(b.t, err)
}
