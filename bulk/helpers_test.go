package bulk_test

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/bulk"
	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/orbittest"
)

// errCrash stands for a process that has ended: nothing that it does afterwards counts.
var errCrash = errors.New("the process has crashed")

// world is one Orbit and one ledger over several processes.
type world struct {
	*testing.T

	server *orbittest.Server
	ledger *bulk.MemoryLedger
}

// inWorld runs f with a clock of its own.
func inWorld(t *testing.T, f func(w *world), opts ...orbittest.Option) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		f(&world{T: t, server: orbittest.New(t, opts...), ledger: bulk.NewMemoryLedger()})
	})
}

// process is one run of a program. Where a place is named, it crashes there.
type process struct {
	*world

	crash   string
	dead    bool
	network http.RoundTripper
}

// Places at which a process crashes.
const (
	beforeClaim  = "before the claim"
	afterClaim   = "after the claim"
	beforeSend   = "before the request"
	afterSend    = "after the request"
	beforeSettle = "before the result is settled"
)

func (p *process) at(place string) error {
	if p.crash == place {
		p.dead = true
	}
	if p.dead {
		return errCrash
	}
	return nil
}

func (p *process) Claim(ctx context.Context, c bulk.Claim) (bulk.Entry, error) {
	if err := p.at(beforeClaim); err != nil {
		return bulk.Entry{}, err
	}
	entry, err := p.ledger.Claim(ctx, c)
	return entry, errors.Join(err, p.at(afterClaim))
}

func (p *process) Settle(ctx context.Context, c bulk.Claim, s bulk.Settlement) error {
	if err := p.at(beforeSettle); err != nil {
		return err
	}
	return p.ledger.Settle(ctx, c, s)
}

func (p *process) Known(ctx context.Context, ids []string) (map[string]bulk.KnownRow, error) {
	return p.ledger.Known(ctx, ids)
}

func (p *process) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := p.at(beforeSend); err != nil {
		return nil, err
	}
	resp, err := p.network.RoundTrip(r)
	if dead := p.at(afterSend); dead != nil {
		if resp != nil {
			_ = resp.Body.Close()
		}
		return nil, dead
	}
	return resp, err
}

func (p *process) client() *orbit.Client {
	client, err := orbit.NewClient(orbittest.DefaultAPIKey, orbit.WithHTTPClient(&http.Client{Transport: p}),
		orbit.WithDefaults(orbit.WithMaxAttempts(1)))
	require.NoError(p, err)
	return client
}

// once sends the row of a key from a process that crashes at a place, "" for nowhere.
func (w *world) once(key, crash string, change ...func(*bulk.Options)) (bulk.Result[messages.Message], error) {
	w.Helper()
	p := &process{world: w, crash: crash, network: w.server}
	opts := bulk.Options{Find: bulk.InMessages(p.client()), MaxWait: -1}
	for _, c := range change {
		c(&opts)
	}
	return bulk.Once(w.Context(), p, key, sms(key), p.client().Messages.SendSMS, opts)
}

func sms(key string) messages.SendSMSParams {
	return messages.SendSMSParams{To: "+15005550002", Body: "Hello " + key, Metadata: api.Metadata{"order": key}}
}

// sent is how many messages the server has for a key.
func (w *world) sent(key string) (n int) {
	for _, m := range w.server.Messages() {
		if m.Body == "Hello "+key {
			n++
		}
	}
	return n
}

// lagging is a list that shows what was there some time ago.
type lagging struct {
	rows []bulk.Row
}

func (l lagging) Rows(context.Context) iter.Seq2[bulk.Row, error] {
	return func(yield func(bulk.Row, error) bool) {
		for _, r := range l.rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// other sends a message that the ledger does not know.
func (w *world) other() {
	w.Helper()
	_, err := w.server.Client().Messages.SendSMS(w.Context(), sms("of somebody else"))
	require.NoError(w, err)
}

// showAll makes the server's lists show all that it knows.
func showAll() orbittest.Option { return orbittest.WithFullResponses() }

// asPrinted shows of each row what the documentation's example of the list shows: its
// ID, and no metadata.
func asPrinted(o *bulk.Options) { o.Find = withoutKeys{o.Find} }

type withoutKeys struct{ bulk.Finder }

func (f withoutKeys) Rows(ctx context.Context) iter.Seq2[bulk.Row, error] {
	return func(yield func(bulk.Row, error) bool) {
		for row, err := range f.Finder.Rows(ctx) {
			if !yield(bulk.Row{MessageID: row.MessageID}, err) {
				return
			}
		}
	}
}
