package faults_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/orbittest"
)

// fault is a fault of a script, with a name for reports.
type fault struct {
	name string
	orbittest.Fault
}

// failure is a fault that answers with a status, before or after the request was
// accepted.
func failure(status int, after bool, header ...string) fault {
	h := http.Header{}
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	name := strconv.Itoa(status)
	if after {
		name += " after acceptance"
	}
	return fault{name, orbittest.Fault{Status: status, After: after, Header: h}}
}

// faultOf draws a fault.
func faultOf(r *rand.Rand) fault {
	secs := strconv.Itoa(1 + r.IntN(40))
	all := []func() fault{
		func() fault { return fault{"none", orbittest.Pass()} },
		func() fault { return fault{"429 in seconds", failure(429, false, "Retry-After", secs).Fault} },
		func() fault { return fault{"429 in a fraction", failure(429, false, "Retry-After", "1.5").Fault} },
		func() fault { return fault{"429 without a hint", failure(429, false).Fault} },
		func() fault { return fault{"429 too long", failure(429, false, "Retry-After", "500").Fault} },
		func() fault {
			return fault{"429 absurd", failure(429, false, "Retry-After", "-99999999999999999999").Fault}
		},
		func() fault {
			f := orbittest.RateLimited(time.Duration(1+r.IntN(40)) * time.Second)
			f.Header = nil
			return fault{"429 in details", f}
		},
		func() fault {
			reset := time.Now().Add(time.Duration(1+r.IntN(40)) * time.Second)
			return fault{"429 by reset", failure(429, false, "X-Ratelimit-Remaining", "0", "X-Ratelimit-Reset", strconv.FormatInt(reset.Unix(), 10)).Fault}
		},
		func() fault { return failure([]int{500, 502, 503, 504, 408}[r.IntN(5)], r.IntN(2) == 0) },
		func() fault { return fault{"503 with a wait", failure(503, r.IntN(2) == 0, "Retry-After", secs).Fault} },
		func() fault { return failure([]int{400, 401, 402, 403, 404, 410, 422}[r.IntN(7)], false) },
		func() fault { return fault{"409", failure(409, false).Fault} },
		func() fault { return fault{"provider", orbittest.Fault{Status: 500, Code: "MESSAGE_SEND_FAILED"}} },
		func() fault { return fault{"501", failure(501, false).Fault} },
		func() fault { return fault{"reset before", orbittest.ResetBefore()} },
		func() fault { return fault{"reset after", orbittest.ResetAfter()} },
		func() fault { return fault{"refused", orbittest.Refused()} },
		func() fault { return fault{"truncated", orbittest.Truncated()} },
		func() fault { return fault{"garbage", orbittest.Fault{Body: `{"data":{"id":"x"`}} },
		func() fault { return fault{"no id", orbittest.Fault{Body: `{"data":{"status":"queued"}}`}} },
		func() fault { return fault{"HTML success", orbittest.Fault{Body: "<html></html>"}} },
		func() fault { return fault{"HTML 502", orbittest.HTML(502)} },
		func() fault {
			return fault{"redirect", orbittest.Fault{Status: 307, Header: http.Header{"Location": {"https://evil.test/"}}}}
		},
		func() fault { return fault{"slow headers", orbittest.Slow(time.Duration(5+r.IntN(40)) * time.Second)} },
		func() fault {
			return fault{"slow body", orbittest.Fault{BodyDelay: time.Duration(5+r.IntN(40)) * time.Second}}
		},
	}
	return all[r.IntN(len(all))]()
}

// play runs the script of a seed in a bubble and returns what is wrong with what
// it saw.
func play(t *testing.T, seed uint64) (wrong []string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(seed, 0))
		opts := []orbittest.Option{orbittest.WithClockOffset(time.Duration(r.IntN(7)-3) * time.Hour)}
		deaf := r.IntN(4) == 0 // the server ignores idempotency keys
		if deaf {
			opts = append(opts, orbittest.IgnoreIdempotencyKeys())
		}
		if r.IntN(2) == 0 {
			opts = append(opts, orbittest.WithGeneration(orbittest.Older))
		}
		if r.IntN(3) == 0 {
			opts = append(opts, orbittest.WithLimit("*", 2+r.IntN(3), 10*time.Second))
		}
		s := orbittest.NewServer(opts...)
		agent := newAgent(t, s)
		var script []string
		for range 1 + r.IntN(6) {
			f := faultOf(r)
			script = append(script, f.name)
			s.FailNext("*", f.Fault)
		}
		outcomes := make([]*outcome, 1+r.IntN(4))
		client := s.Client(orbit.WithHTTPClient(&http.Client{Transport: wire{s}}), watched(), orbit.WithDefaults(orbit.WithAttemptTimeout(10*time.Second+time.Duration(r.IntN(20))*time.Second)))
		var wg sync.WaitGroup
		together := r.IntN(2) == 0
		for i := range outcomes {
			k := drawKind(r, func(k kind) bool { return !deaf || k.safely || k.reads })
			o := newOutcome(s, k, agent, i)
			outcomes[i] = o
			wg.Go(func() { o.make(t.Context(), client) })
			if !together {
				wg.Wait()
			}
		}
		wg.Wait()
		for _, o := range outcomes {
			for _, w := range append(o.check(s), o.journal.checkGaps()...) {
				wrong = append(wrong, fmt.Sprintf("seed %d, faults %q: %s: %s (err: %v)", seed, script, o.kind.name, w, o.err))
			}
		}
	})
	return wrong
}
