package redact_test

import (
	"bytes"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/redact"
)

type account struct {
	api.Meta `json:"-"`

	Name   string     `json:"name"`
	Pass   api.Secret `json:"pass,omitzero"`
	Inner  *account   `json:"inner,omitzero"`
	Since  time.Time  `json:"since,omitzero"`
	Events []string   `json:"events,omitzero"`
	Active *bool      `json:"active,omitzero"`
	hidden string
}

func (a account) LogValue() slog.Value { return redact.LogValue(a) }

// LEAK-4: fields stand under their names, secrets as they print themselves.
func TestLogValue(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	h := slog.NewJSONHandler(&out, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}})
	yes := true
	a := account{Name: "a", Pass: "x", Since: time.Unix(0, 0).UTC(), Events: []string{"e"}, Active: &yes, hidden: "y"}
	a.Inner = &account{Name: "b", Pass: "z"}
	slog.New(h).Info("", "v", &a)
	assert.JSONEq(t, `{"level":"INFO","msg":"","v":{"name":"a","pass":"[redacted]","inner":{"name":"b","pass":"[redacted]"},
		"since":"1970-01-01T00:00:00Z","events":["e"],"active":true}}`, out.String())
}
