package main

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
)

// SEC-1: a page whose name was bound to this machine's address (DNS rebinding) is
// refused; programs reach it by address, by localhost, and by names that were
// allowed.
func TestHosts(t *testing.T) {
	t.Parallel()
	var allowed hosts
	for _, name := range []string{"orbit", "Orbit.Test."} {
		assert.NoError(t, allowed.Set(name))
	}
	for _, bad := range []string{"", "http://orbit", "orbit:8025", "*.test", "orbit/x"} {
		assert.Error(t, new(hosts).Set(bad), bad)
	}
	for host, want := range map[string]bool{
		"127.0.0.1:8025": true, "127.0.0.1": true, "localhost:8025": true, "LOCALHOST": true, "localhost.": true, "[::1]:8025": true, "[::1]": true,
		"192.0.2.1:8025": true, "orbit:8025": true, "orbit": true, "ORBIT.test:1": true, "orbit.test.:1": true,
		"evil.example": false, "evil.example:8025": false, "localhost.evil.example": false, "127.0.0.1.evil.example": false, "orbit.evil.example": false,
		"xorbit": false, "": false, ":8025": false, "127.0.0.1:8025:1": false, "127.1": false, "2130706433": false,
	} {
		asked := false
		server := allowed.only(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v1/messages", nil)
		r.Host = host
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r)
		assert.Equal(t, want, asked, host)
		assert.Equal(t, want, w.Code == http.StatusOK, host)
		if !want {
			assert.Equal(t, http.StatusForbidden, w.Code)
			assert.Equal(t, "orbit-local does not serve this host name; -allow-host NAME makes it\n", w.Body.String())
		}
	}
}
