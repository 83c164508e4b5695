package orbittest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/devotel/orbit-go/orbittest"
)

func TestKeys(t *testing.T) {
	only := []orbittest.Option{orbittest.WithAPIKeys("mine", "dv_test_sk_mine")}
	for _, test := range []struct {
		name   string
		opts   []orbittest.Option
		key    string
		status int
		code   any
	}{
		{"default", nil, orbittest.DefaultAPIKey, 200, nil},
		{"live", nil, "dv_live_sk_x", 200, nil},
		{"none", nil, "", 401, "UNAUTHORIZED"},
		{"public", nil, "dv_live_pk_x", 401, "INVALID_API_KEY"},
		{"other", nil, "secret", 401, "INVALID_API_KEY"},
		{"listed", only, "mine", 200, nil},
		{"unlisted", only, orbittest.DefaultAPIKey, 401, "INVALID_API_KEY"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := orbittest.New(t, test.opts...)
			a := do(t, s, "GET", "/messages", "", "X-API-Key", test.key)
			assert.Equal(t, test.status, a.status)
			assert.Equal(t, test.code, a.code())
			assert.NotEmpty(t, a.header.Get("X-RateLimit-Limit"), "on refusals as well")
		})
	}
}

func TestScopes(t *testing.T) {
	s := orbittest.New(t, orbittest.WithScopes("dv_test_sk_reader", "messages:read"))
	assert.Equal(t, 200, do(t, s, "GET", "/messages", "", "X-API-Key", "dv_test_sk_reader").status)

	a := sendSMS(t, s, "X-API-Key", "dv_test_sk_reader")
	assert.Equal(t, 403, a.status)
	assert.Equal(t, "INSUFFICIENT_PERMISSIONS", a.code())
	assert.Equal(t, "messages:write", a.at("error.details.required"))

	assert.Equal(t, 202, sendSMS(t, s).status, "other keys may do everything")
	assert.Len(t, s.Messages(), 1)
}
