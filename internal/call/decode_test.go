package call_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
)

// ERR-1: whatever the status and the body, a failure is an error and nothing
// panics; FWD-3: a list that does not decode is not half a list.
func TestEveryAnswerIsAResultOrAnError(t *testing.T) {
	t.Parallel()
	bodies := []string{"", " ", "null", "{}", "[]", `"text"`, "7", `{"data":null}`, `{"data":{}}`, `{"data":[]}`, `{"error":null}`,
		`{"error":"text"}`, `{"error":{}}`, `{"error":{"code":7,"message":{},"status":"x","details":[]},"meta":[]}`, "<html></html>",
		`{"data":{"id":"1"`, "\xff\xfe", strings.Repeat("[", 20000), strings.Repeat("x", 10<<20)}
	for status := 200; status <= 599; status++ {
		for i, body := range bodies {
			if i == len(bodies)-1 && status%50 != 0 {
				continue // ten megabytes are enough now and then
			}
			s := play(answer(status, body))
			_, err := get(t.Context(), s.client(), withRetry(api.RetryNone))
			_, listErr := call.List[thing, thingWire](t.Context(), s.client(), call.Get("Things.List", "/things"), nil, []api.CallOption{withRetry(api.RetryNone)})
			switch {
			case status > 299:
				require.Equal(t, call.KindAPI, failure(t, err).Kind, "%d %.40q", status, body)
				require.Equal(t, status, failure(t, err).StatusCode)
				require.Error(t, listErr)
			case body == "{}" || body == `{"data":{}}`:
				require.Equal(t, body == `{"data":{}}`, err == nil, "%d %q", status, body)
			case body == "[]" || body == `{"data":[]}`:
				require.NoError(t, listErr)
			default:
				require.Error(t, err, "%d %.40q", status, body)
				require.Error(t, listErr, "%d %.40q", status, body)
			}
		}
	}
}

// ERR-7: a create must name what it created; other answers may come without an
// ID.
func TestCreateWithoutAnID(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"data":{}}`, `{"data":{"id":""}}`, `{"data":{"id":null}}`} {
		s := play(answer(201, body, "X-Request-Id", "req_1"))
		_, err := create(t.Context(), s.client())
		got := failure(t, err)
		assert.Equal(t, call.KindDecode, got.Kind)
		assert.True(t, got.MaybeSent)
		assert.Equal(t, "req_1", got.RequestID)
		assert.Equal(t, 1, got.Attempts)
		_, err = get(t.Context(), s.client())
		require.NoError(t, err)
	}
	s := play(answer(201, `{"data":{"id":12}}`))
	v, err := create(t.Context(), s.client())
	require.NoError(t, err)
	assert.Equal(t, "12", v.ID, "a number for a string is understood")
}

// ERR-1: no body is fine where none is needed, and only there.
func TestNoBody(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		status int
		body   string
	}{{204, ""}, {200, ""}, {202, " \n"}, {200, `{"data":null,"meta":{"request_id":"r"}}`}} {
		s := play(answer(test.status, test.body, "X-Request-Id", "r"))
		r := func() *call.Route { return call.Post("Things.Act", "/things/1") }
		require.NoError(t, call.Act(t.Context(), s.client(), r(), nil, nil))
		v, err := call.Do[thing, thingWire](t.Context(), s.client(), r().MayBeEmpty(), nil, nil)
		require.NoError(t, err)
		assert.Equal(t, "r", v.RequestID())
		_, err = call.Do[thing, thingWire](t.Context(), s.client(), r(), nil, nil)
		assert.Equal(t, call.KindDecode, failure(t, err).Kind)
	}
}

// ERR-7: an error under a success's status is an error.
func TestErrorUnderASuccess(t *testing.T) {
	t.Parallel()
	body := `{"error":{"code":"INVALID_PHONE_NUMBER","message":"bad","details":{"field":"to"}},"meta":{"request_id":"req_1"}}`
	s := play(answer(200, body))
	_, err := create(t.Context(), s.client())
	got := failure(t, err)
	assert.Equal(t, call.KindAPI, got.Kind)
	assert.Equal(t, "INVALID_PHONE_NUMBER", got.Code)
	assert.Equal(t, "req_1", got.RequestID)
	assert.False(t, got.MaybeSent)
	require.Error(t, call.Act(t.Context(), s.client(), call.Delete("Things.Delete", "/things/1"), nil, nil))
	require.Error(t, call.Raw(t.Context(), s.client(), "GET", "/things", nil, nil, nil))
}

// FWD-3: a decoding failure names type, place and request.
func TestDecodeFailureNamesItsPlace(t *testing.T) {
	t.Parallel()
	s := play(answer(200, `{"data":[{"id":"1"},{"id":{"secret":"canary"}}],"meta":{"request_id":"req_1"}}`))
	page, err := call.List[thing, thingWire](t.Context(), s.client(), call.Get("Things.List", "/things"), nil, nil)
	assert.Nil(t, page)
	got := failure(t, err)
	assert.Equal(t, "string", got.Type)
	assert.True(t, strings.HasSuffix(got.Path, "id"), got.Path)
	assert.NotContains(t, fmt.Sprintf("%+v", got), "canary")
	var mismatch *json.UnmarshalTypeError
	assert.NotErrorAs(t, err, &mismatch, "its text may hold what the server wrote")
}
