package orbittest_test

import (
	"net/http/httptest"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/orbittest"
)

// TST-1
func TestServersAreIndependent(t *testing.T) {
	t.Parallel()
	one, other := orbittest.New(t), orbittest.New(t)
	require.Equal(t, 202, sendSMS(t, one).status)

	assert.Len(t, one.Messages(), 1)
	assert.Len(t, one.Requests(), 1)
	assert.Empty(t, other.Messages())
	assert.Empty(t, other.Requests())
}

// TST-1
func TestServerEndsWithItsTest(t *testing.T) {
	tb := &fakeTB{}
	s := orbittest.New(tb)
	sendSMS(t, s)
	tb.end()
	assert.Empty(t, tb.errors)

	_, err := s.HTTPClient().Do(newRequest(t, "GET", "/messages", ""))
	require.ErrorIs(t, err, orbittest.ErrClosed)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, newRequest(t, "GET", "/messages", ""))
	assert.Equal(t, 503, w.Code)
	assert.Contains(t, w.Body.String(), "closed")

	assert.Len(t, s.Messages(), 1, "what was stored stays readable")
	assert.Len(t, s.Requests(), 1, "what came too late did not arrive")
}

// TST-3
func TestEndOfTestReports(t *testing.T) {
	misspelt := `{"to":"+15005550002","body":"Hello","bdoy":"Hello"}`
	script := func(s *orbittest.Server) {
		s.FailNext("POST /messages/sms", orbittest.Pass(), orbittest.Pass(), orbittest.Unavailable(), orbittest.Unavailable())
		for range 2 {
			do(t, s, "POST", "/messages/sms?tset=1", misspelt)
		}
	}
	unknown := "orbittest: Orbit does not know this field and would drop it: POST /messages/sms: "
	fields := []string{unknown + "?tset", unknown + "bdoy"}
	faults := `orbittest: faults given to FailNext("POST /messages/sms") were not used: 2`

	for name, test := range map[string]struct {
		opts []orbittest.Option
		want []string
	}{
		"both":            {nil, append(fields[:2:2], faults)},
		"unknown allowed": {[]orbittest.Option{orbittest.AllowUnknownFields()}, []string{faults}},
		"unused allowed":  {[]orbittest.Option{orbittest.AllowUnusedFaults()}, fields},
	} {
		t.Run(name, func(t *testing.T) {
			tb := &fakeTB{}
			script(orbittest.New(tb, test.opts...))
			assert.Empty(t, tb.errors, "nothing before the end")
			tb.end()
			assert.Equal(t, test.want, tb.errors)
		})
	}
}

// CON-1
func TestManyGoroutines(t *testing.T) {
	s := orbittest.New(t, orbittest.WithoutLimits())
	var wg sync.WaitGroup
	for range 200 {
		wg.Go(func() {
			for range 5 {
				if a, err := try(t, s, newRequest(t, "POST", "/messages/sms", anSMS)); assert.NoError(t, err) {
					got, err := try(t, s, newRequest(t, "GET", "/messages/"+a.id(), ""))
					assert.NoError(t, err)
					assert.Equal(t, a.id(), got.id())
				}
			}
			s.Messages()
			s.Requests("POST /messages/sms")
		})
	}
	wg.Wait()

	seen := map[string]bool{}
	for _, m := range s.Messages() {
		seen[m.ID] = true
	}
	assert.Len(t, seen, 1000)
}

// BLD-3
func TestLinksNoTestingPackage(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	require.NoError(t, err)
	for _, pkg := range strings.Fields(string(out)) {
		assert.NotEqual(t, "testing", pkg)
		assert.NotContains(t, pkg, "testify")
		assert.NotContains(t, pkg, "httptest")
	}
}
