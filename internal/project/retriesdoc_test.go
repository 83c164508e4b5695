package project_test

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/orbittest"
)

// faults are the rows of the table on retries. Each is one or more scripts: the
// last fault of a script is the one that is repeated or not.
func faults() map[string][][]orbittest.Fault {
	broken := func(err error) orbittest.Fault { return orbittest.Fault{Reset: true, Err: err} }
	statuses := func(codes ...int) (scripts [][]orbittest.Fault) {
		for _, code := range codes {
			scripts = append(scripts, []orbittest.Fault{{Status: code}})
		}
		return scripts
	}
	conflict := orbittest.Fault{Status: http.StatusConflict}
	return map[string][][]orbittest.Fault{
		"no connection: refused, no such host":       {{orbittest.Refused()}, {broken(&net.DNSError{IsNotFound: true})}},
		"no connection: no trust in the certificate": {{broken(&tls.CertificateVerificationError{Err: &net.AddrError{}})}},
		"429 that says how long to wait":             {{orbittest.RateLimited(2 * time.Second)}},
		"429 that does not":                          {{{Status: http.StatusTooManyRequests}}},
		"408, 500, 502 to 504, 520 to 524, 529, 530": statuses(408, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529, 530),
		"the connection broke":                       {{orbittest.ResetBefore()}, {orbittest.ResetAfter()}},
		"no answer within the attempt's time":        {{orbittest.Slow(time.Hour)}},
		"a success that broke off":                   {{orbittest.Truncated()}},
		"409 after one of the four above": {
			{orbittest.Unavailable(), conflict}, {orbittest.ResetBefore(), conflict},
			{orbittest.Slow(time.Hour), conflict}, {orbittest.Truncated(), conflict},
		},
		"409 otherwise":                {{conflict}},
		"500 with MESSAGE_SEND_FAILED": {{{Status: 500, Code: "MESSAGE_SEND_FAILED"}}},
		"other 5xx":                    statuses(501, 505, 511),
		"a redirect, other 4xx":        statuses(307, 400, 401, 402, 403, 404, 410, 415, 422),
		"a success that cannot be read: HTML, another shape": {{{Body: "<html>"}}, {{Body: `{"data":[7]}`}}},
	}
}

// RET-3, DOC-4: the table on retries is what the SDK does.
func TestRetriesPageTellsWhatIsRepeated(t *testing.T) {
	t.Parallel()
	table := make(map[string][]string)
	for _, row := range rows(t, "docs/retries.md", "## What is repeated") {
		table[row[0]] = row
	}
	for name, scripts := range faults() {
		row, ok := table[name]
		if !assert.True(t, ok, "the table has no row %q", name) {
			continue
		}
		delete(table, name)
		for _, script := range scripts {
			assert.Equal(t, row[1], repeated(t, script, read), "read: %s", name)
			assert.Equal(t, row[2], repeated(t, script, write), "write: %s", name)
			assert.Equal(t, row[3], repeated(t, script, read, orbit.WithRetry(orbit.RetrySafe)), "read, RetrySafe: %s", name)
			assert.Equal(t, row[4], repeated(t, script, write, orbit.WithRetry(orbit.RetrySafe)), "write, RetrySafe: %s", name)
			for _, once := range []orbit.CallOption{orbit.WithRetry(orbit.RetryNone), orbit.WithMaxAttempts(1)} {
				assert.Equal(t, "no", repeated(t, script, read, once), "read once: %s", name)
				assert.Equal(t, "no", repeated(t, script, write, once), "write once: %s", name)
			}
		}
	}
	assert.Empty(t, table, "rows that no test makes happen")
}

// operation is a call on one route.
type operation struct {
	route string
	call  func(ctx context.Context, s *orbittest.Server, opts ...orbit.CallOption) error
}

var (
	write = operation{"POST /messages/sms", send}
	read  = operation{"GET /messages/{id}", get}
)

func get(ctx context.Context, s *orbittest.Server, opts ...orbit.CallOption) error {
	_, err := s.Client().Messages.Get(ctx, "msg_1", opts...)
	return err
}

// repeated tells whether a call repeats the last of the faults that it meets.
func repeated(t *testing.T, script []orbittest.Fault, op operation, opts ...orbit.CallOption) string {
	t.Helper()
	requests := 0
	synctest.Test(t, func(t *testing.T) {
		server := orbittest.New(t, orbittest.AllowUnusedFaults())
		server.AddMessage(orbittest.Message{ID: "msg_1"})
		server.FailNext(op.route, script...)
		_ = op.call(t.Context(), server, opts...) // fails where nothing is repeated
		requests = len(server.Requests())
	})
	return yesOrNo(requests > len(script))
}

// RET-3, RET-9: the bounds that the page names.
func TestRetriesPageBounds(t *testing.T) {
	t.Parallel()
	t.Run("three attempts", func(t *testing.T) {
		t.Parallel()
		for _, op := range []operation{read, write} {
			assert.Equal(t, 3, requests(t, op, repeat(orbittest.Unavailable(), 5)))
		}
	})
	t.Run("55 seconds", func(t *testing.T) {
		t.Parallel()
		unclear := orbittest.ResetBefore()
		assert.Equal(t, 3, requests(t, write, []orbittest.Fault{unclear, orbittest.RateLimited(52 * time.Second)}))
		assert.Equal(t, 2, requests(t, write, []orbittest.Fault{unclear, orbittest.RateLimited(56 * time.Second)}))
		assert.Equal(t, 3, requests(t, read, []orbittest.Fault{unclear, orbittest.RateLimited(56 * time.Second)}))
	})
	t.Run("75 seconds", func(t *testing.T) {
		t.Parallel()
		assert.Equal(t, 75*time.Second, orbit.DefaultMaxWait)
		assert.Equal(t, 2, requests(t, write, []orbittest.Fault{orbittest.RateLimited(74 * time.Second)}))
		assert.Equal(t, 1, requests(t, write, []orbittest.Fault{orbittest.RateLimited(76 * time.Second)}))
	})
	t.Run("five minutes of 429", func(t *testing.T) {
		t.Parallel()
		assert.Equal(t, 10, requests(t, write, repeat(orbittest.RateLimited(30*time.Second), 20)))
	})
}

// requests counts what a call that meets the faults sends.
func requests(t *testing.T, op operation, script []orbittest.Fault) int {
	t.Helper()
	count := 0
	synctest.Test(t, func(t *testing.T) {
		server := orbittest.New(t, orbittest.AllowUnusedFaults())
		server.AddMessage(orbittest.Message{ID: "msg_1"})
		server.FailNext(op.route, script...)
		_ = op.call(t.Context(), server)
		count = len(server.Requests())
	})
	return count
}

func repeat(fault orbittest.Fault, n int) []orbittest.Fault {
	script := make([]orbittest.Fault, n)
	for i := range script {
		script[i] = fault
	}
	return script
}

// The waits that the page names, where the server asks for none.
func TestRetriesPageWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		first := orbit.WithObserver(orbit.Observer{RetryWait: func(_ context.Context, e orbit.AttemptEvent) {
			limit := 600 * time.Millisecond
			for range e.Attempt - 1 {
				limit = min(2*limit-100*time.Millisecond, 8*time.Second)
			}
			assert.GreaterOrEqual(t, e.Wait, 100*time.Millisecond)
			assert.LessOrEqual(t, e.Wait, limit)
		}})
		for range 20 {
			server := orbittest.New(t, orbittest.AllowUnusedFaults())
			server.FailNext("GET /messages", repeat(orbittest.Unavailable(), 8)...)
			_, err := server.Client(first).Messages.List(t.Context(), messages.ListParams{}, orbit.WithMaxAttempts(8))
			require.Error(t, err)
			assert.Len(t, server.Requests(), 8)
		}
	})
}
