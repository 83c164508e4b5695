package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/api"
)

const hidden = "s3cr3t-canary"

// withSecret is params that hold a secret.
type withSecret struct {
	Name     string     `json:"name"`
	Password api.Secret `json:"password,omitzero"`
}

// TestSecretInFormats proves that no verb, flag or place shows a secret.
func TestSecretInFormats(t *testing.T) { // SEC-2
	t.Parallel()
	secret := api.Secret(hidden)
	for _, verb := range []string{
		"%v", "%+v", "%#v", "%s", "%q", "%+q", "%#q", "%x", "% x", "%#x", "%X", "%d", "%o", "%b", "%c", "%U", "%e", "%g", "%t",
		"%40s", "%-40s", "%.3s", "%z",
	} {
		for _, value := range []any{
			secret, &secret, withSecret{Password: secret}, &withSecret{Password: secret}, []api.Secret{secret},
			map[string]api.Secret{"password": secret}, map[api.Secret]int{secret: 1}, struct{ S any }{secret},
		} {
			text := fmt.Sprintf(verb, value)
			assert.NotContains(t, text, hidden, "%s of a %T", verb, value)
			assert.NotContains(t, text, fmt.Sprintf("%x", hidden), "%s of a %T", verb, value)
			assert.NotContains(t, text, fmt.Sprintf("%X", hidden), "%s of a %T", verb, value)
		}
		assert.Equal(t, "[redacted]", fmt.Sprintf(verb, secret), verb)
	}
	assert.Equal(t, "[redacted]", fmt.Sprint(secret))
	assert.Equal(t, "[redacted]", secret.String())
	assert.Equal(t, "[redacted]", secret.GoString())
}

func TestSecretEmpty(t *testing.T) {
	t.Parallel()
	assert.Empty(t, fmt.Sprintf("%v%s%#v", api.Secret(""), api.Secret(""), api.Secret("")), "an absent secret shows as absent")
}

func TestSecretInLogs(t *testing.T) {
	t.Parallel()
	for name, handler := range map[string]func(*bytes.Buffer) slog.Handler{
		"text": func(w *bytes.Buffer) slog.Handler { return slog.NewTextHandler(w, nil) },
		"json": func(w *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(w, nil) },
	} {
		var out bytes.Buffer
		logger := slog.New(handler(&out))
		logger.Info("made", "password", api.Secret(hidden), slog.Group("g", "p", api.Secret(hidden)))
		assert.NotContains(t, out.String(), hidden, name)
		assert.Contains(t, out.String(), "[redacted]", name)
	}
	var out bytes.Buffer
	slog.New(slog.NewTextHandler(&out, nil)).Info("made", "params", withSecret{Password: hidden})
	assert.NotContains(t, out.String(), hidden)
}

func TestSecretIsSent(t *testing.T) {
	t.Parallel()
	out, err := json.Marshal(withSecret{Name: "n", Password: hidden})
	require.NoError(t, err)
	assert.Equal(t, `{"name":"n","password":"`+hidden+`"}`, string(out))
	var back withSecret
	require.NoError(t, json.Unmarshal(out, &back))
	assert.Equal(t, hidden, string(back.Password))
}
