package webhooks_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/webhooks"
)

// WHK-6, WHK-7: the forms that a header may have, and what each other form is
// called. S stands for a right signature and X for a wrong one.
func TestHeader(t *testing.T) {
	t.Parallel()
	right, wrong := sum(t, testSecret, testBody), sum(t, otherSecret, testBody)
	many := func(n int) string { return "t=1772971200" + strings.Repeat(",v1=X", n-1) + ",v1=S" }
	for _, c := range []struct {
		name, header string
		want         error
	}{
		{"as Orbit sends it", "t=1772971200,v1=S", nil},
		{"two signatures", "t=1772971200,v1=X,v1=S", nil},
		{"in another order", "v1=S,t=1772971200", nil},
		{"white space", " t=1772971200, v1=S ", nil},
		{"upper case digits", "t=1772971200,v1=" + strings.ToUpper(right), nil},
		{"other schemes", "v0=abc,t=1772971200,v2=S,v1=S,ed25519=QUJD==,x,=,", nil},
		{"a broken signature beside a right one", "t=1772971200,v1=xyz,v1=,v1,v1=S", nil},
		{"as many signatures as are allowed", many(8), nil},

		{"nothing", "", webhooks.ErrNoSignature},
		{"white space alone", " \t", webhooks.ErrNoSignature},

		{"neither time nor signature", "hello", webhooks.ErrMalformed},
		{"no time", "v1=S", webhooks.ErrMalformed},
		{"no signature", "t=1772971200", webhooks.ErrMalformed},
		{"two times", "t=1772971200,t=1772971200,v1=S", webhooks.ErrMalformed},
		{"an empty time first", "t=,t=1772971200,v1=S", webhooks.ErrMalformed},
		{"an empty time", "t=,v1=S", webhooks.ErrMalformed},
		{"a time with a sign", "t=+1772971200,v1=S", webhooks.ErrMalformed},
		{"a negative time", "t=-1,v1=S", webhooks.ErrMalformed},
		{"a time with a fraction", "t=1772971200.0,v1=S", webhooks.ErrMalformed},
		{"a time with underscores", "t=1_772_971_200,v1=S", webhooks.ErrMalformed},
		{"a time in milliseconds", "t=1772971200000,v1=S", webhooks.ErrMalformed},
		{"an overflowing time", "t=99999999999999999999999,v1=S", webhooks.ErrMalformed},
		{"a signature that is too short", "t=1772971200,v1=" + right[2:], webhooks.ErrMalformed},
		{"a signature that is too long", "t=1772971200,v1=" + right + "00", webhooks.ErrMalformed},
		{"a signature that is not hexadecimal", "t=1772971200,v1=" + strings.Repeat("g", 64), webhooks.ErrMalformed},
		{"too many signatures", many(9), webhooks.ErrMalformed},
		{"names in upper case", "T=1772971200,V1=S", webhooks.ErrMalformed},
		{"names with white space", "t =1772971200,v1 =S", webhooks.ErrMalformed},
		{"semicolons", "t=1772971200;v1=S", webhooks.ErrMalformed},
		{"the older scheme", "S", webhooks.ErrMalformed},

		{"another secret's signature", "t=1772971200,v1=X", webhooks.ErrMismatch},
		{"another time", "t=1772971201,v1=S", webhooks.ErrMismatch},
		{"a time with a zero in front", "t=01772971200,v1=S", webhooks.ErrMismatch},
		{"the largest time", "t=1099511627775,v1=S", webhooks.ErrTooNew},
		{"a signature under another scheme's name", "t=1772971200,v2=S,v1=X", webhooks.ErrMismatch},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			header := strings.NewReplacer("=S", "="+right, "=X", "="+wrong).Replace(c.header)
			if header == "S" {
				header = right
			}
			_, err := newVerifier(t).Verify(header, []byte(testBody))
			if c.want == nil {
				require.NoError(t, err)
				return
			}
			assert.Equal(t, []error{c.want}, matching(err), "%v", err)
			assertSafe(t, err, right, wrong)
		})
	}
}

// FuzzParseHeader looks for a header that makes the parser panic, or that passes
// without the right signature in it.
func FuzzParseHeader(f *testing.F) {
	v := newVerifier(f, webhooks.WithLegacySignature())
	right := sum(f, testSecret, testBody)
	legacy := sum(f, testSecret, "") // of another body
	for _, seed := range []string{
		"t=1772971200,v1=" + right, "t=1772971200,v1=" + legacy + ",v1=" + right, right, "", "t=,v1=", "t=1,t=2,v1=00", "v1=,,=,t",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		got, err := v.Verify(header, []byte(testBody))
		if err != nil {
			require.Zero(t, got)
			require.Len(t, matching(err), 1)
			return
		}
		require.Equal(t, webhooks.SchemeV1, got.Scheme, "nothing here is signed in the older scheme")
		require.Contains(t, header, "t=1772971200")
		require.Contains(t, strings.ToLower(header), "v1="+right)
	})
}
