package orbittest_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/orbittest"
)

func TestRouting(t *testing.T) {
	s := orbittest.New(t)
	id := sendSMS(t, s).id()
	odd := s.AddMessage(orbittest.Message{ID: "a/b c"})

	for _, test := range []struct {
		method, path string
		status       int
		route        string
	}{
		{"GET", "/messages", 200, "/messages"},
		{"GET", "/messages/", 200, "/messages"},
		{"GET", "/messages?limit=1", 200, "/messages"},
		{"GET", "/messages/" + id, 200, "/messages/{id}"},
		{"GET", "/messages/" + url.PathEscape(odd.ID), 200, "/messages/{id}"},
		{"GET", "/messages/sms", 404, "/messages/{id}"}, // an ID like any other
		{"GET", "/messages/whatsapp/window-status?to=%2B15005550002", 200, "/messages/whatsapp/window-status"},
		{"GET", "/messages/" + id + "/", 404, "/messages/" + id + "/"},
		{"POST", "/messages//retry", 404, "/messages//retry"},
		{"GET", "/nothing", 404, "/nothing"},
		{"GET", "/", 404, "/"},
		{"PUT", "/messages", 405, "/messages"},
		{"PUT", "/messages/" + id, 405, "/messages/" + id},
	} {
		a := do(t, s, test.method, test.path, "")
		assert.Equal(t, test.status, a.status, "%s %s", test.method, test.path)
		requests := s.Requests()
		assert.Equal(t, test.route, requests[len(requests)-1].Route, "%s %s", test.method, test.path)
	}
	assert.Equal(t, "DELETE, GET, PATCH", do(t, s, "PUT", "/messages/x", "").header.Get("Allow"))
	assert.Equal(t, "METHOD_NOT_ALLOWED", do(t, s, "PUT", "/messages/x", "").code())
	assert.Equal(t, "NOT_FOUND", do(t, s, "GET", "/nothing", "").code())
}

// The documentation prints two bases. Anything else is not there, so that a wrong
// base is seen.
func TestBases(t *testing.T) {
	s := orbittest.New(t)
	for path, status := range map[string]int{
		"/api/v1/messages": 200, "/api/v1/messages/": 200, "/v1/messages": 200,
		"/messages": 404, "/api/messages": 404, "/api/v2/messages": 404, "/api/v1messages": 404, "/v1": 404, "/": 404,
	} {
		req := newRequest(t, "GET", "", "")
		req.URL.Path = path
		a, err := try(t, s, req)
		require.NoError(t, err)
		assert.Equal(t, status, a.status, path)
	}
}
