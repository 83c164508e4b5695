package messages_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
)

const messageURL = orbit.DefaultBaseURL + "/messages/msg_1"

func TestEdit(t *testing.T) {
	t.Parallel()
	mock := newMock(t)
	var got request
	mock.RegisterResponder(http.MethodPatch, messageURL, record(&got, http.StatusOK, accepted))
	msg, err := newService(t, mock).Edit(t.Context(), "msg_1", messages.EditParams{Text: "New <b>"})
	require.NoError(t, err)
	assert.Equal(t, "msg_1", msg.ID)
	assert.Equal(t, `{"text":"New \u003cb\u003e"}`, got.body)
	assert.Equal(t, "application/json", got.header.Get("Content-Type"))
	assert.NotEmpty(t, got.header["Idempotency-Key"])
}

// TestEditWithoutAnswer proves that an edit which answers nothing is a success.
func TestEditWithoutAnswer(t *testing.T) { // ERR-1
	t.Parallel()
	for body, status := range map[string]int{"": http.StatusNoContent, " \n": http.StatusOK, "{}": http.StatusOK, `{"data":null}`: http.StatusAccepted} {
		mock := newMock(t)
		mock.RegisterResponder(http.MethodPatch, messageURL, httpmock.NewStringResponder(status, body))
		msg, err := newService(t, mock).Edit(t.Context(), "msg_1", messages.EditParams{Text: "x"})
		require.NoError(t, err, body)
		assert.Empty(t, msg.ID)
		assert.Equal(t, status, msg.Info.StatusCode)
	}
}

func TestEditRefuses(t *testing.T) {
	t.Parallel()
	edit := func(s *messages.Service, ctx context.Context, p messages.EditParams, opts ...orbit.CallOption) (*messages.Message, error) {
		return s.Edit(ctx, "msg_1", p, opts...)
	}
	testRefusals(t, "Messages.Edit", edit, []refusal[messages.EditParams]{{"no text", messages.EditParams{}, "text", ruleEmpty, ""}})
}

func TestDelete(t *testing.T) {
	t.Parallel()
	for body, status := range map[string]int{"": http.StatusNoContent, "{}": http.StatusOK, `{"data":{"deleted":true}}`: http.StatusAccepted} {
		mock := newMock(t)
		var got request
		mock.RegisterResponder(http.MethodDelete, messageURL, record(&got, status, body))
		require.NoError(t, newService(t, mock).Delete(t.Context(), "msg_1"), body)
		assert.Empty(t, got.body)
		assert.Empty(t, got.header.Values("Content-Type"))
		assert.NotEmpty(t, got.header["Idempotency-Key"])
	}
}

func TestRetry(t *testing.T) {
	t.Parallel()
	mock := newMock(t)
	var got request
	mock.RegisterResponder(http.MethodPost, messageURL+"/retry", record(&got, http.StatusAccepted, accepted))
	msg, err := newService(t, mock).Retry(t.Context(), "msg_1")
	require.NoError(t, err)
	assert.Equal(t, messages.StatusQueued, msg.Status)
	assert.Empty(t, got.body)
	assert.NotEmpty(t, got.header["Idempotency-Key"])
}

// byID is an operation on one message.
type byID func(s *messages.Service, ctx context.Context, id string) error

func byIDs() map[string]byID {
	return map[string]byID{
		"Get": func(s *messages.Service, ctx context.Context, id string) error {
			_, err := s.Get(ctx, id)
			return err
		},
		"Edit": func(s *messages.Service, ctx context.Context, id string) error {
			_, err := s.Edit(ctx, id, messages.EditParams{Text: "x"})
			return err
		},
		"Delete": func(s *messages.Service, ctx context.Context, id string) error { return s.Delete(ctx, id) },
		"Retry": func(s *messages.Service, ctx context.Context, id string) error {
			_, err := s.Retry(ctx, id)
			return err
		},
		"Wait": func(s *messages.Service, ctx context.Context, id string) error {
			_, err := s.Wait(ctx, id, messages.WaitParams{})
			return err
		},
	}
}

// TestIDsAreRefused proves that no ID turns a call into another one, also with
// the checks off.
func TestIDsAreRefused(t *testing.T) { // HTTP-5
	t.Parallel()
	for name, call := range byIDs() {
		for _, id := range []string{"", ".", ".."} {
			err := call(newService(t, newMock(t), orbit.WithoutChecks()), t.Context(), id)
			var refused *orbit.ParamError
			require.ErrorAs(t, err, &refused, "%s %q", name, id)
			assert.Equal(t, "id", refused.Field)
			require.ErrorIs(t, err, orbit.ErrNotSent)
		}
	}
}

func TestIDsAreEscaped(t *testing.T) { // HTTP-5
	t.Parallel()
	for name, call := range byIDs() {
		mock := newMock(t)
		var got request
		mock.RegisterNoResponder(record(&got, http.StatusOK, `{"data":{"id":"x","status":"delivered"}}`))
		require.NoError(t, call(newService(t, mock), t.Context(), "a/../b?c#d e+f%2F"), name)
		path := "/api/v1/messages/a%2F..%2Fb%3Fc%23d%20e%2Bf%252F"
		if name == "Retry" {
			path += "/retry"
		}
		assert.Equal(t, path, got.path, name)
		assert.Empty(t, got.query, name)
	}
}

func TestNotFound(t *testing.T) { // ERR-3
	t.Parallel()
	for name, call := range byIDs() {
		if name == "Wait" {
			continue // which waits for a message that is missing
		}
		mock := newMock(t)
		mock.RegisterNoResponder(httpmock.NewStringResponder(http.StatusNotFound,
			`{"error":{"code":"NOT_FOUND","message":"no such message","status":404},"meta":{"request_id":"req_9"}}`))
		err := call(newService(t, mock), t.Context(), "msg_9")
		require.ErrorIs(t, err, orbit.ErrNotFound, name)
		require.ErrorIs(t, err, orbit.CodeNotFound, name)
		var apiErr *orbit.Error
		require.ErrorAs(t, err, &apiErr)
		assert.Equal(t, "Messages."+name, apiErr.Op)
		assert.Equal(t, "req_9", apiErr.RequestID)
		assert.NotContains(t, err.Error(), "msg_9", "the route's template stands for the ID")
	}
}
