package bulk_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/bulk"
)

// Only what Orbit itself says about a row is held against it. A proxy, a portal or a wrong
// address, whose responses would meet every row, pauses the job, and the rows are sent
// when it is run again.
func TestSendThroughSomethingElse(t *testing.T) {
	t.Parallel()
	for name, foreign := range map[string]func(*http.Request) *http.Response{
		"a portal that redirects":     response(http.StatusFound, "", "Location", "https://portal.test/login"),
		"a redirect that has a body":  response(http.StatusMovedPermanently, `{"error":{"code":"MOVED","message":"moved"}}`, "Location", "https://portal.test"),
		"a wrong address":             response(http.StatusNotFound, "<html>not found</html>"),
		"a firewall":                  response(http.StatusForbidden, "<html>denied</html>"),
		"an account that may not":     response(http.StatusForbidden, `{"error":{"code":"FORBIDDEN","message":"not for this account"}}`),
		"a proxy that wants a name":   response(http.StatusProxyAuthRequired, ""),
		"a proxy that says too large": response(http.StatusRequestEntityTooLarge, "<html></html>"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inCampaign(t, func(c *campaign) {
				report, err := c.send(100, roundTrip(func(r *http.Request) (*http.Response, error) { return foreign(r), nil }))
				require.ErrorIs(t, err, bulk.ErrPaused)
				assert.Zero(t, report.Rejected)
				report, err = c.send(100, c.server)
				require.NoError(t, err)
				assert.Equal(t, 100, report.Sent)
				c.requireOnceEach(100)
			})
		})
	}
}

// A conflict says that Orbit has a request under the row's key. It is no rejection: the
// message may have been sent.
func TestOnceConflict(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		conflict := response(http.StatusConflict, `{"error":{"code":"IDEMPOTENCY_CONFLICT","message":"the key is in use"}}`)
		p := &process{world: w, network: roundTrip(func(r *http.Request) (*http.Response, error) { return conflict(r), nil })}
		res, err := bulk.Once(w.Context(), p, "a", sms("a"), p.client().Messages.SendSMS, bulk.Options{})
		require.NoError(t, err)
		assert.Equal(t, bulk.Unclear, res.Outcome)
	})
}

func response(status int, body string, header ...string) func(*http.Request) *http.Response {
	return func(r *http.Request) *http.Response {
		h := http.Header{}
		for i := 0; i < len(header); i += 2 {
			h.Set(header[i], header[i+1])
		}
		return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)), Request: r}
	}
}
