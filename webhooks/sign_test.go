package webhooks_test

import (
	"encoding/hex"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/webhooks"
)

// vector is a line of testdata/vectors.tsv, which testdata/vectors.sh makes with
// openssl: printf '%s.' "$time" | cat - body | openssl dgst -sha256 -mac HMAC
// -macopt hexkey:$key.
type vector struct {
	time               time.Time
	secret             string
	body               []byte
	signature, onlyHex string
}

func vectors(t *testing.T) []vector {
	t.Helper()
	file, err := os.ReadFile("testdata/vectors.tsv")
	require.NoError(t, err)
	var all []vector
	for line := range strings.Lines(string(file)) {
		columns := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		require.Len(t, columns, 5)
		seconds, err := strconv.ParseInt(columns[0], 10, 64)
		require.NoError(t, err)
		body, err := hex.DecodeString(columns[2])
		require.NoError(t, err)
		all = append(all, vector{
			time: time.Unix(seconds, 0), secret: columns[1], body: body,
			signature: "t=" + columns[0] + ",v1=" + columns[3], onlyHex: columns[4],
		})
	}
	require.Len(t, all, 8)
	return all
}

// WHK-1: what openssl signs, we verify, in both schemes; and we sign the same.
func TestVectors(t *testing.T) {
	t.Parallel()
	for _, c := range vectors(t) {
		v, err := webhooks.NewVerifier(c.secret, webhooks.WithLegacySignature(), clockAt(c.time))
		require.NoError(t, err)

		got, err := v.Verify(c.signature, c.body)
		require.NoError(t, err)
		assert.Equal(t, webhooks.Verification{Scheme: webhooks.SchemeV1, SignedAt: c.time.UTC()}, got)

		got, err = v.Verify(c.onlyHex, c.body)
		require.NoError(t, err)
		assert.Equal(t, webhooks.Verification{Scheme: webhooks.SchemeLegacy}, got)

		assert.Equal(t, c.signature, webhooks.Sign(c.secret, c.body, c.time))
	}
}

func TestSignWithOlderSecrets(t *testing.T) { // TST-6
	t.Parallel()
	body := []byte(testBody)
	got := webhooks.Sign("new", body, signedAt(), "old", "older")
	assert.Equal(t, "t=1772971200,v1="+sum(t, "new", testBody)+",v1="+sum(t, "old", testBody)+",v1="+sum(t, "older", testBody), got)
}
