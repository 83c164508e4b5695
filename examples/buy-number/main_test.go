package main

import (
	"bytes"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/orbittest"
)

// start runs the program and returns its exit code and what it printed.
func start(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), args, &out, &errs)
	return code, out.String(), errs.String()
}

// withKey sets the key, and puts server where the real API would be.
func withKey(t *testing.T, key string, server *orbittest.Server) {
	t.Helper()
	t.Setenv(orbit.EnvAPIKey, key)
	t.Setenv(orbit.EnvBaseURL, "")
	network := http.DefaultTransport
	http.DefaultTransport = server
	t.Cleanup(func() { http.DefaultTransport = network })
}

// DOC-2: without a key the program does everything by itself.
func TestOffline(t *testing.T) {
	t.Setenv(orbit.EnvAPIKey, "")
	synctest.Test(t, func(t *testing.T) {
		code, stdout, stderr := start(t)
		assert.Zero(t, code)
		assert.Empty(t, stderr)
		assert.Regexp(t, `^No ORBIT_API_KEY is set: .* nothing is bought\.
offer:    \+14155550100 for 1\.15 USD a month
offer:    \+14155550101 for 1\.15 USD a month
offer:    \+14155550102 for 1\.15 USD a month
bought:   \+14155550100, purchased \(request req_\d+\)
routed:   to sip:desk@pbx\.example\.com
released: on 2000-01-31; until then it is active
$`, stdout)
	})
}

// With a key, a number is bought only when asked for, and in both generations of
// the API.
func TestWithKey(t *testing.T) {
	for name, generation := range map[string]orbittest.Generation{"newer": orbittest.Newer, "older": orbittest.Older} {
		t.Run(name, func(t *testing.T) {
			server := orbittest.New(t, orbittest.WithGeneration(generation))
			withKey(t, orbittest.DefaultAPIKey, server)
			code, stdout, stderr := start(t, "GB", "20")
			assert.Equal(t, 1, code)
			assert.Contains(t, stdout, "offer:    +44205550100")
			assert.Equal(t, "nothing was bought: say -buy to pay for a number\n", stderr)
			assert.Empty(t, server.Numbers())

			code, stdout, stderr = start(t, "-buy", "-sip", "sip:a@b.example", "GB", "20")
			assert.Zero(t, code, stderr)
			assert.NotContains(t, stdout, "in memory")
			require.Len(t, server.Numbers(), 1)
			n := server.Numbers()[0]
			assert.Equal(t, "+44205550100", n.PhoneNumber)
			assert.Equal(t, "orbit-go example", n.FriendlyName)
			assert.Equal(t, api.NumberStatusActive, n.Status)
			assert.WithinDuration(t, time.Now().AddDate(0, 0, 30), n.ReleaseAt, time.Minute)
		})
	}
}

// ERR-6: when nobody knows whether the number was bought, the program says so.
func TestUnknownFate(t *testing.T) {
	server := orbittest.New(t)
	withKey(t, orbittest.DefaultAPIKey, server)
	server.FailNext("POST /numbers/purchase", orbittest.ResetAfter(), orbittest.ResetAfter(), orbittest.ResetAfter())
	synctest.Test(t, func(t *testing.T) {
		code, _, stderr := start(t, "-buy")
		assert.Equal(t, 1, code)
		assert.Regexp(t, `it may have been accepted.*: look whether it was bought before you run this again\n$`, stderr)
	})
	assert.Len(t, server.Numbers(), 1, "three attempts bought one number")
}

// Somebody else is faster: the next offer is bought.
func TestNumberThatIsGone(t *testing.T) {
	server := orbittest.New(t)
	withKey(t, orbittest.DefaultAPIKey, server)
	server.FailNext("POST /numbers/purchase", orbittest.Fault{Status: http.StatusConflict})
	code, stdout, stderr := start(t, "-buy")
	assert.Zero(t, code, stderr)
	assert.Contains(t, stdout, "bought:   +14155550101")
}

func TestFailures(t *testing.T) {
	for name, test := range map[string]struct {
		route string
		fault orbittest.Fault
		args  []string
		want  string
	}{
		"no such area": {args: []string{"-buy", "US", "907"}, want: `^there is no such number: try another area code\n$`},
		"no balance": {
			"POST /numbers/purchase", orbittest.Fault{Status: http.StatusPaymentRequired},
			[]string{"-buy"}, `402 BALANCE_TOO_LOW.*: top the account up\n$`,
		},
		"no search":    {"GET /numbers/available", orbittest.Fault{Status: http.StatusForbidden}, nil, `Numbers\.Search: .*403`},
		"no routing":   {"PUT /numbers/{id}/routing", orbittest.Fault{Status: http.StatusForbidden}, []string{"-buy"}, `Numbers\.SetRouting: .*403`},
		"no release":   {"PUT /numbers/{id}/scheduled-release", orbittest.Fault{Status: http.StatusForbidden}, []string{"-buy"}, `Numbers\.ScheduleRelease: .*403`},
		"no release 2": {"GET /numbers/{id}/scheduled-release", orbittest.Fault{Status: http.StatusForbidden}, []string{"-buy"}, `Numbers\.GetScheduledRelease: .*403`},
		"no number":    {"GET /numbers/{id}", orbittest.Fault{Status: http.StatusForbidden}, []string{"-buy"}, `Numbers\.Get: .*403`},
		"wrong key":    {"GET /numbers/available", orbittest.Fault{Status: http.StatusUnauthorized}, nil, `401.*: correct ORBIT_API_KEY\n$`},
		"usage":        {args: []string{"a", "b", "c"}, want: `^usage: buy-number`},
		"unknown flag": {args: []string{"-x"}, want: `^usage: buy-number`},
	} {
		t.Run(name, func(t *testing.T) {
			server := orbittest.New(t)
			withKey(t, orbittest.DefaultAPIKey, server)
			if test.route != "" {
				server.FailNext(test.route, test.fault)
			}
			code, _, stderr := start(t, test.args...)
			assert.Equal(t, 1, code)
			assert.Regexp(t, test.want, stderr)
		})
	}
}
