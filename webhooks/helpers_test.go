package webhooks_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/webhooks"
)

const (
	testSecret  = "whsec_8Zk1vN0rT5yQ2xLw"
	otherSecret = "whsec_0ldButG00dEnough"
	testBody    = `{"id":"evt_1","type":"message.delivered","created_at":"2026-03-08T12:00:00Z","data":{"message_id":"msg_1","status":"delivered"}}`
)

// signedAt is when the tests sign: 2026-03-08T12:00:00Z.
func signedAt() time.Time { return time.Unix(1772971200, 0).UTC() }

// clockAt is a clock that stands still.
func clockAt(t time.Time) webhooks.VerifierOption {
	return webhooks.WithClock(func() time.Time { return t })
}

// newVerifier returns a verifier of testSecret whose clock stands at signedAt.
func newVerifier(t testing.TB, opts ...webhooks.VerifierOption) *webhooks.Verifier {
	t.Helper()
	v, err := webhooks.NewVerifier(testSecret, append([]webhooks.VerifierOption{clockAt(signedAt())}, opts...)...)
	require.NoError(t, err)
	return v
}

// sum is the one signature of a header that Sign made.
func sum(t testing.TB, secret, body string) string {
	t.Helper()
	_, hex, found := strings.Cut(webhooks.Sign(secret, []byte(body), signedAt()), ",v1=")
	require.True(t, found)
	return hex
}

// delivery is a request as Orbit makes it.
func delivery(signature, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/orbit", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("User-Agent", "Devotel-Webhooks/1.0")
	if signature != "" {
		r.Header.Set(webhooks.SignatureHeader, signature)
	}
	return r
}

// deliver signs a body now and gives it to a handler.
func deliver(h http.Handler, body string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, delivery(webhooks.Sign(testSecret, []byte(body), time.Now()), body))
	return w
}

// eventBody is an event about message msg_<id>.
func eventBody(id, kind string) string {
	return fmt.Sprintf(`{"id":%q,"type":%q,"created_at":"2026-03-08T12:00:00Z","data":{"message_id":"msg_%s"}}`, id, kind, id)
}

// matching returns the errors of the package that err is.
func matching(err error) []error {
	var all []error
	for _, e := range []error{
		webhooks.ErrNoSignature, webhooks.ErrMalformed, webhooks.ErrMismatch, webhooks.ErrTooOld, webhooks.ErrTooNew,
		webhooks.ErrBodyTooLarge, webhooks.ErrBodyUnreadable, webhooks.ErrNotJSON,
		webhooks.ErrOtherType, webhooks.ErrTruncated, webhooks.ErrReshaped, webhooks.ErrNoSecret, webhooks.ErrStoreFull,
	} {
		if errors.Is(err, e) {
			all = append(all, e)
		}
	}
	return all
}

// assertSafe proves that an error holds no secret, no signature and nothing of
// the body.
func assertSafe(t *testing.T, err error, more ...string) {
	t.Helper()
	text := fmt.Sprintf("%v %+v %#v", err, err, err)
	for _, s := range append([]string{testSecret, otherSecret, "whsec", "msg_1", "evt_1"}, more...) {
		assert.NotContains(t, strings.ToLower(text), strings.ToLower(s))
	}
}

// exitGoroutine ends the goroutine as a failing test does.
func exitGoroutine() { runtime.Goexit() }
