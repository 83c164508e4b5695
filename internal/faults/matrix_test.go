package faults_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"text/tabwriter"
	"time"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/orbittest"
)

// tabled are the faults of the table, each in the phases that it can happen in.
func tabled() []fault {
	header := func(pairs ...string) http.Header {
		h := http.Header{}
		for i := 0; i < len(pairs); i += 2 {
			h.Set(pairs[i], pairs[i+1])
		}
		return h
	}
	all := []fault{
		{"connection refused", orbittest.Refused()},
		{"reset before acceptance", orbittest.ResetBefore()},
		{"reset after acceptance", orbittest.ResetAfter()},
		{"answer cut short", orbittest.Truncated()},
		{"headers too slow", orbittest.Slow(time.Minute)},
		{"body too slow", orbittest.Fault{BodyDelay: time.Minute}},
		{"garbage for a success", orbittest.Fault{Body: `{"data":`}},
		{"HTML for a success", orbittest.Fault{Body: "<html></html>"}},
		{"redirect", orbittest.Fault{Status: 307, Header: header("Location", "https://evil.test/")}},
		{"429 with a wait", orbittest.RateLimited(2 * time.Second)},
		{"429 without one", orbittest.Fault{Status: 429, Header: header("X-Ratelimit-Remaining", "5")}},
		{"429 with a wait too long", orbittest.RateLimited(time.Hour)},
		{"MESSAGE_SEND_FAILED", orbittest.Fault{Status: 500, Code: "MESSAGE_SEND_FAILED"}},
	}
	for _, status := range []int{400, 401, 402, 403, 404, 409, 410, 415, 422} {
		all = append(all, fault{fmt.Sprint(status), orbittest.Fault{Status: status}})
	}
	for _, status := range []int{408, 500, 501, 502, 503, 504} {
		all = append(all,
			fault{fmt.Sprintf("%d before acceptance", status), orbittest.Fault{Status: status}},
			fault{fmt.Sprintf("%d after acceptance", status), orbittest.Fault{Status: status, After: true}})
	}
	return all
}

// The table of fault, phase and kind of call: what one such fault ends in, and
// what it ends in when it stays. No cell is empty: each fault happens to each
// call, and ends in an error of a known class if in any.
func TestMatrix(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	fmt.Fprint(w, "fault")
	for _, k := range kinds() {
		fmt.Fprint(w, "\t", k.name)
	}
	fmt.Fprintln(w)
	for _, f := range tabled() {
		fmt.Fprint(w, f.name)
		for _, k := range kinds() {
			once, always := cell(t, f, k, 1), cell(t, f, k, 30)
			if once == "" || always == "" {
				t.Errorf("%s, %s: no outcome", f.name, k.name)
			}
			fmt.Fprintf(w, "\t%s / %s", once, always)
		}
		fmt.Fprintln(w)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	t.Logf("attempts and end: once / every time (? = may have been accepted)\n%s", out.String())
}

// cell makes one call against n faults in a row and says what came of it.
func cell(t *testing.T, f fault, k kind, n int) (text string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		var opts []orbittest.Option
		if n > 1 {
			opts = append(opts, orbittest.AllowUnusedFaults())
		}
		s := orbittest.New(t, opts...) // one fault must happen: the test fails where it is left
		agent := newAgent(t, s)
		for range n {
			s.FailNext("*", f.Fault)
		}
		o := newOutcome(s, k, agent, 0)
		o.make(t.Context(), s.Client(orbit.WithDefaults(orbit.WithAttemptTimeout(10*time.Second))))
		for _, wrong := range o.check(s) {
			t.Errorf("%s, %s: %s (err: %v)", f.name, k.name, wrong, o.err)
		}
		if end := ending(o.err); end != "" && o.response.Attempts > 0 {
			text = fmt.Sprintf("%d %s", o.response.Attempts, end)
		}
	})
	return text
}

// ending names the class of what a call ended in.
func ending(err error) string {
	doubt := ""
	if orbit.MaybeSent(err) {
		doubt = "?"
	}
	var e *orbit.Error
	var decode *orbit.DecodeError
	var transport *orbit.TransportError
	switch {
	case err == nil:
		return "ok"
	case errors.As(err, &decode):
		return "unreadable" + doubt
	case errors.As(err, &transport) && errors.Is(err, orbit.ErrNotSent):
		return "not sent" + doubt
	case errors.As(err, &transport) && errors.Is(err, context.DeadlineExceeded):
		return "too late" + doubt
	case errors.As(err, &transport):
		return "no answer" + doubt
	case errors.As(err, &e):
		return fmt.Sprint(e.StatusCode) + doubt
	default:
		return ""
	}
}
