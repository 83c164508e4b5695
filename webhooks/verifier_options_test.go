package webhooks_test

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/webhooks"
)

// WHK-2: an empty or missing secret is refused when the verifier is made, and so
// is every option that cannot work.
func TestNewVerifierRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		secret string
		opt    webhooks.VerifierOption
		text   string
	}{
		"no secret":               {"", nil, "is empty"},
		"white space for one":     {" \t\n", nil, "is empty"},
		"a line break":            {testSecret + "\n", nil, "white space around it"},
		"a space in front":        {" " + testSecret, nil, "white space around it"},
		"no second secret":        {testSecret, webhooks.WithSecret("", time.Time{}), "is empty"},
		"no second secret, ended": {testSecret, webhooks.WithSecret("", signedAt()), "is empty"},
		"no tolerance":            {testSecret, webhooks.WithTolerance(0), "WithTolerance"},
		"a negative tolerance":    {testSecret, webhooks.WithTolerance(-1), "WithTolerance"},
		"no clock":                {testSecret, webhooks.WithClock(nil), "WithClock"},
		"no body":                 {testSecret, webhooks.WithMaxBody(0), "WithMaxBody"},
		"a negative body":         {testSecret, webhooks.WithMaxBody(-1), "WithMaxBody"},
		"a body without a limit":  {testSecret, webhooks.WithMaxBody(math.MaxInt64), "WithMaxBody"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var opts []webhooks.VerifierOption
			if c.opt != nil {
				opts = append(opts, c.opt)
			}
			v, err := webhooks.NewVerifier(c.secret, opts...)
			require.ErrorContains(t, err, c.text)
			assert.Nil(t, v)
			assert.Equal(t, c.text == "is empty", errors.Is(err, webhooks.ErrNoSecret))
			assertSafe(t, err)
		})
	}
}

// A secret may hold anything within.
func TestNewVerifierTakesAnySecret(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{"x", "two words", "schlüssel", "\x00\xff", "t=1,v1=00"} {
		v, err := webhooks.NewVerifier(secret, clockAt(signedAt()))
		require.NoError(t, err)
		_, err = v.Verify(webhooks.Sign(secret, []byte(testBody), signedAt()), []byte(testBody))
		require.NoError(t, err)
	}
}
