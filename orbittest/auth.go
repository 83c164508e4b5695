package orbittest

import (
	"net/http"
	"strings"
)

// DefaultAPIKey is a sandbox key that every server accepts, unless
// [WithAPIKeys] says otherwise. Clients made by [Server.Client] use it.
const DefaultAPIKey = "dv_test_sk_orbittest"

// authenticate checks the key and its scopes.
func (c *call) authenticate() *failure {
	cfg := &c.server.cfg
	switch {
	case c.apiKey == "":
		return &failure{status: http.StatusUnauthorized, code: codeUnauthorized, message: "The X-API-Key header is missing."}
	case !cfg.accepts(c.apiKey):
		return &failure{status: http.StatusUnauthorized, code: codeInvalidAPIKey, message: "The API key is not valid."}
	case c.route != nil && !cfg.permits(c.apiKey, c.route.scope):
		return &failure{
			status:  http.StatusForbidden,
			code:    codeNoPermission,
			message: "The API key lacks a scope.",
			details: object{{"required", c.route.scope}},
		}
	}
	return nil
}

func (cfg *config) accepts(apiKey string) bool {
	if cfg.apiKeys != nil {
		return cfg.apiKeys[apiKey]
	}
	return strings.HasPrefix(apiKey, "dv_test_sk_") || strings.HasPrefix(apiKey, "dv_live_sk_")
}

func (cfg *config) permits(apiKey, scope string) bool {
	granted, limited := cfg.scopes[apiKey]
	return !limited || granted[scope]
}
