package webhooks_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/webhooks"
)

// WHK-1: no byte of the body, the time or the signature can be another.
func TestVerifyFlippedBytes(t *testing.T) {
	t.Parallel()
	v := newVerifier(t)
	header := webhooks.Sign(testSecret, []byte(testBody), signedAt())
	_, err := v.Verify(header, []byte(testBody))
	require.NoError(t, err)

	for bit := range 8 {
		for i := range len(testBody) {
			body := []byte(testBody)
			body[i] ^= 1 << bit
			_, err := v.Verify(header, body)
			require.ErrorIs(t, err, webhooks.ErrMismatch, "body byte %d, bit %d", i, bit)
		}
		for i := range len(header) {
			if bit == 5 && header[i] >= 'a' && header[i] <= 'f' && i > strings.Index(header, "v1=") {
				continue // the same digit in upper case
			}
			flipped := []byte(header)
			flipped[i] ^= 1 << bit
			_, err := v.Verify(string(flipped), []byte(testBody))
			require.Error(t, err, "header byte %d, bit %d", i, bit)
		}
	}
	for _, body := range []string{testBody[1:], testBody[:len(testBody)-1], testBody + "\n", " " + testBody, ""} {
		_, err := v.Verify(header, []byte(body))
		require.ErrorIs(t, err, webhooks.ErrMismatch)
	}
}

// WHK-1: JSON that means the same is not the same, and the error says so.
func TestVerifyEncodedAgain(t *testing.T) {
	t.Parallel()
	body := []byte(`{"type": "message.sent", "id": "evt_1", "data": {"price": 1.50}}`)
	var value any
	require.NoError(t, json.Unmarshal(body, &value))
	again, err := json.Marshal(value)
	require.NoError(t, err)
	require.JSONEq(t, string(body), string(again))

	_, err = newVerifier(t).Verify(webhooks.Sign(testSecret, body, signedAt()), again)
	require.ErrorIs(t, err, webhooks.ErrMismatch)
	assert.ErrorContains(t, err, "the exact bytes received")
	assertSafe(t, err)
}

// WHK-3: whatever the signatures in the header and the secrets of the verifier,
// one pair is enough, and the index tells which secret it was.
func TestVerifyRotation(t *testing.T) {
	t.Parallel()
	const all = 4 // secrets; each is in the header, in the verifier, in both or in none
	secret := func(i int) string { return fmt.Sprintf("whsec_%d", i) }
	for signers := range 1 << all {
		for verifiers := range 1 << all {
			header := "t=1772971200"
			var known []string
			want := -1
			for i := range all {
				if verifiers&(1<<i) != 0 {
					if want < 0 && signers&(1<<i) != 0 {
						want = len(known)
					}
					known = append(known, secret(i))
				}
			}
			for i := all - 1; i >= 0; i-- { // in another order than the verifier's
				if signers&(1<<i) != 0 {
					header += ",v1=" + sum(t, secret(i), testBody)
				}
			}
			if signers == 0 || verifiers == 0 {
				continue
			}
			var opts []webhooks.VerifierOption
			for _, s := range known[1:] {
				opts = append(opts, webhooks.WithSecret(s, time.Time{}))
			}
			v, err := webhooks.NewVerifier(known[0], append(opts, clockAt(signedAt()))...)
			require.NoError(t, err)
			got, err := v.Verify(header, []byte(testBody))
			if want < 0 {
				require.ErrorIs(t, err, webhooks.ErrMismatch, "%b %b", signers, verifiers)
				continue
			}
			require.NoError(t, err, "%b %b", signers, verifiers)
			require.Equal(t, want, got.Secret, "%b %b", signers, verifiers)
		}
	}
}

// WHK-3: a secret is accepted until its end and not after it.
func TestVerifySecretEnds(t *testing.T) {
	t.Parallel()
	end := signedAt().Add(time.Hour)
	for _, c := range []struct {
		at   time.Time
		good bool
	}{{end.Add(-time.Second), true}, {end, true}, {end.Add(time.Nanosecond), false}, {end.Add(time.Hour), false}} {
		v := newVerifier(t, webhooks.WithSecret(otherSecret, end), webhooks.WithSecret("whsec_third", time.Time{}), clockAt(c.at))
		got, err := v.Verify(webhooks.Sign(otherSecret, []byte(testBody), c.at), []byte(testBody))
		if c.good {
			require.NoError(t, err)
			assert.Equal(t, 1, got.Secret)
		} else {
			require.ErrorIs(t, err, webhooks.ErrMismatch)
			require.ErrorContains(t, err, "1 of 3 secrets have come to their end")
			assertSafe(t, err)
		}
		for _, secret := range []string{testSecret, "whsec_third"} {
			_, err = v.Verify(webhooks.Sign(secret, []byte(testBody), c.at), []byte(testBody))
			require.NoError(t, err, "the other secrets have no end")
		}
	}
}

// WHK-4: the tolerance holds in both directions, to the nanosecond.
func TestVerifyTolerance(t *testing.T) {
	t.Parallel()
	for _, tolerance := range []time.Duration{0, time.Nanosecond, time.Second, time.Minute, 36 * time.Hour, 1<<63 - 1} {
		opts := []webhooks.VerifierOption{webhooks.WithTolerance(tolerance)}
		if tolerance == 0 {
			tolerance, opts = 5*time.Minute, nil
		}
		for _, c := range []struct {
			age  time.Duration
			want error
		}{
			{0, nil},
			{tolerance, nil},
			{-tolerance, nil},
			{tolerance + 1, webhooks.ErrTooOld},
			{-tolerance - 1, webhooks.ErrTooNew},
		} {
			if tolerance == 1<<63-1 && c.want != nil {
				continue
			}
			now := signedAt().Add(c.age)
			got, err := newVerifier(t, append(opts, clockAt(now))...).Verify(webhooks.Sign(testSecret, []byte(testBody), signedAt()), []byte(testBody))
			if c.want == nil {
				require.NoError(t, err, "%s of %s", c.age, tolerance)
				continue
			}
			require.Equal(t, []error{c.want}, matching(err), "%s of %s", c.age, tolerance)
			require.Zero(t, got)
			assertSafe(t, err)
		}
	}
}

// WHK-4: a time that cannot be subtracted from the clock is refused as well.
func TestVerifyAbsurdTimes(t *testing.T) {
	t.Parallel()
	for seconds, want := range map[int64]error{0: webhooks.ErrTooOld, 1<<40 - 1: webhooks.ErrTooNew} {
		header := webhooks.Sign(testSecret, []byte(testBody), time.Unix(seconds, 0))
		_, err := newVerifier(t).Verify(header, []byte(testBody))
		require.ErrorIs(t, err, want)
		require.NotContains(t, err.Error(), "-")
	}
}

// WHK-4, WHK-9: a wrong signature never passes, whatever time it claims; where
// the time is wrong too, that alone is looked at.
func TestVerifyForgedTime(t *testing.T) {
	t.Parallel()
	for seconds, want := range map[string]error{
		"0": webhooks.ErrTooOld, "1772970899": webhooks.ErrTooOld, "1772970900": webhooks.ErrMismatch, "1772971200": webhooks.ErrMismatch,
		"1772971500": webhooks.ErrMismatch, "1772971501": webhooks.ErrTooNew, "1099511627775": webhooks.ErrTooNew,
	} {
		_, err := newVerifier(t).Verify("t="+seconds+",v1="+sum(t, otherSecret, testBody), []byte(testBody))
		require.Equal(t, []error{want}, matching(err), seconds)
	}
}

// WHK-4: the older scheme passes only where it was asked for by name, and only
// for what can be an event.
func TestVerifyLegacy(t *testing.T) {
	t.Parallel()
	legacy := vectors(t)[0].onlyHex
	_, err := newVerifier(t).Verify(legacy, []byte(testBody))
	require.ErrorIs(t, err, webhooks.ErrMalformed)
	require.ErrorContains(t, err, "WithLegacySignature")
	assertSafe(t, err, legacy)

	v := newVerifier(t, webhooks.WithLegacySignature(), webhooks.WithSecret(otherSecret, time.Time{}), clockAt(signedAt().AddDate(30, 0, 0)))
	got, err := v.Verify(" "+legacy+" ", []byte(testBody))
	require.NoError(t, err)
	assert.Equal(t, webhooks.Verification{Scheme: webhooks.SchemeLegacy}, got)

	marked := []byte("\ufeff" + testBody)
	keyed := hmac.New(sha256.New, []byte(testSecret))
	keyed.Write(marked)
	_, err = v.Verify(hex.EncodeToString(keyed.Sum(nil)), marked)
	require.NoError(t, err, "an object behind a byte order mark")

	_, err = v.Verify(legacy, []byte(testBody+" "))
	require.ErrorIs(t, err, webhooks.ErrMismatch)
	_, err = v.Verify("sha256="+legacy, []byte(testBody))
	require.ErrorIs(t, err, webhooks.ErrMalformed)
	_, err = v.Verify(webhooks.Sign(testSecret, []byte(testBody), signedAt()), []byte(testBody))
	require.ErrorIs(t, err, webhooks.ErrTooOld, "the newer scheme stays as strict as it is")
}

// A recorded v1 delivery must not live on as one of the older scheme, without its
// time: its signature is an older one of the text "<time>.<body>".
func TestVerifyLegacyOfSignedTime(t *testing.T) {
	t.Parallel()
	v := newVerifier(t, webhooks.WithLegacySignature())
	_, err := v.Verify(sum(t, testSecret, testBody), []byte("1772971200."+testBody))
	require.ErrorIs(t, err, webhooks.ErrMismatch)
}

// WHK-5: a limit holds also for a body that was read already.
func TestVerifyMaxBody(t *testing.T) {
	t.Parallel()
	header := webhooks.Sign(testSecret, []byte(testBody), signedAt())
	_, err := newVerifier(t, webhooks.WithMaxBody(int64(len(testBody)))).Verify(header, []byte(testBody))
	require.NoError(t, err)
	_, err = newVerifier(t, webhooks.WithMaxBody(int64(len(testBody)-1))).Verify(header, []byte(testBody))
	require.Equal(t, []error{webhooks.ErrBodyTooLarge}, matching(err))
}

// SEC-2: no form of printing a verifier, or what holds one, shows a secret.
func TestVerifierHidesSecrets(t *testing.T) {
	t.Parallel()
	v := newVerifier(t, webhooks.WithSecret(otherSecret, time.Time{}))
	holder := struct {
		V *webhooks.Verifier
		H any
	}{v, webhooks.Handler(v)}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", v, "holder", holder, "value", *v)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "v", v)
	encoded, err := json.Marshal(v)
	require.NoError(t, err)
	text := log.String() + string(encoded)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		text += fmt.Sprintf(verb, v) + fmt.Sprintf(verb, *v) + fmt.Sprintf(verb, holder)
	}
	for _, s := range []string{testSecret, otherSecret} {
		for _, form := range []string{s, fmt.Sprintf("%x", s), fmt.Sprint([]byte(s)), strings.Trim(fmt.Sprintf("%#v", []byte(s)), "[]byte{}")} {
			assert.NotContains(t, text, form)
		}
	}
}
