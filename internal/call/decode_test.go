package call_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
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

// FWD-3, DEC-6: a decoding failure names type, place and request, alike with every
// version of Go.
func TestDecodeFailureNamesItsPlace(t *testing.T) {
	t.Parallel()
	s := play(answer(200, `{"data":[{"id":"1"},{"id":{"secret":"canary"}}],"meta":{"request_id":"req_1"}}`))
	page, err := call.List[thing, thingWire](t.Context(), s.client(), call.Get("Things.List", "/things"), nil, nil)
	assert.Nil(t, page)
	got := failure(t, err)
	assert.Equal(t, "string", got.Type)
	assert.Equal(t, "data[1].id", got.Path)
	assert.Equal(t, "req_1", got.RequestID)
	assert.NotContains(t, fmt.Sprintf("%+v", got), "canary")
	var mismatch *json.UnmarshalTypeError
	assert.NotErrorAs(t, err, &mismatch, "its text may hold what the server wrote")

	var own []struct{ N int }
	err = call.Raw(t.Context(), s.client(), "GET", "/things", nil, &own, nil)
	require.NoError(t, err)
	s = play(answer(200, `{"data":[{"n":1},{"n":"1"}],"meta":{"request_id":"req_1"}}`))
	err = call.Raw(t.Context(), s.client(), "GET", "/things", nil, &own, nil)
	got = failure(t, err)
	assert.Equal(t, "int", got.Type)
	assert.Equal(t, "data[1].n", got.Path)
	assert.Equal(t, "req_1", got.RequestID)
}

// DEC-6: a create whose other fields are odd gives its ID beside the error, so that
// nobody creates a second one.
func TestOddCreateKeepsItsID(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"data":{"size":{},"id":"thing_1"},"meta":{"request_id":"req_1"}}`:    "thing_1",
		`{"data":{"id":7,"size":"many"},"meta":{"request_id":"req_1"}}`:        "7",
		`{"id":"thing_1","size":[],"meta":{"request_id":"req_1"}}`:             "thing_1",
		`{"data":{"size":{}},"meta":{"request_id":"req_1"}}`:                   "",
		`{"data":[{"id":"thing_1"}],"meta":{"request_id":"req_1"}}`:            "",
		`{"data":{"id":{"a":"b"}},"meta":{"request_id":"req_1","extra":null}}`: "",
	} {
		s := play(answer(201, body))
		v, err := create(t.Context(), s.client())
		assert.Nil(t, v, body)
		got := failure(t, err)
		assert.Equal(t, call.KindDecode, got.Kind)
		assert.Equal(t, want, got.ID, body)
		assert.Equal(t, "req_1", got.RequestID, body)
		assert.NotEmpty(t, got.Type)
		assert.True(t, got.MaybeSent)
		assert.Equal(t, 1, s.count())
		v, err = get(t.Context(), s.client())
		assert.Nil(t, v)
		assert.Empty(t, failure(t, err).ID, "only what creates has a new ID")
	}
}

// DEC-6: the mark that some servers begin UTF-8 with does no harm.
func TestMarkOfUTF8(t *testing.T) {
	t.Parallel()
	s := play(answer(200, "\ufeff"+good))
	v, err := get(t.Context(), s.client())
	require.NoError(t, err)
	assert.Equal(t, "thing_1", v.ID)
	assert.Equal(t, "req_ok", v.RequestID())
	var out struct{ ID string }
	require.NoError(t, call.Raw(t.Context(), s.client(), "GET", "/things", nil, &out, nil))
	assert.Equal(t, "thing_1", out.ID)
	require.NoError(t, call.Act(t.Context(), play(answer(200, "\ufeff\n")).client(), call.Post("Things.Act", "/things/1"), nil, nil))
	_, err = get(t.Context(), play(answer(200, "\ufeff<html>")).client())
	assert.Contains(t, failure(t, err).Reason, "HTML")
	_, err = get(t.Context(), play(answer(404, "\ufeff"+`{"error":{"code":"NOT_FOUND","message":"no"}}`)).client())
	assert.Equal(t, "NOT_FOUND", failure(t, err).Code)
}

// DEC-5: a list that says in an unexpected place that it goes on is no success.
func TestStrayCursor(t *testing.T) {
	t.Parallel()
	s := play(answer(200, `{"items":[],"pagination":{"cursor":"c","has_more":true}}`, "X-Request-Id", "req_1"))
	n := 0
	for _, err := range call.All[thing, thingWire](t.Context(), s.client(), call.Get("Things.List", "/things"), nil, nil) {
		n++
		got := failure(t, err)
		assert.Equal(t, call.KindDecode, got.Kind)
		assert.Equal(t, "pagination.cursor", got.Path)
		assert.Equal(t, "req_1", got.RequestID)
	}
	assert.Equal(t, 1, n)
	assert.Equal(t, 1, s.count())
}

// LEAK-7: a kilobyte that holds 350,000 items is an error, and takes little memory.
func TestManyItemsInLittle(t *testing.T) {
	var packed bytes.Buffer
	zip, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	_, _ = io.WriteString(zip, `{"data":[`+strings.Repeat("{},", 350_000)+`{}]}`)
	require.NoError(t, zip.Close())
	require.Less(t, packed.Len(), 4<<10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(packed.Bytes())
	}))
	defer server.Close()
	base, err := url.Parse(server.URL)
	require.NoError(t, err)
	c := play().client(func(c *call.Config) { c.BaseURL, c.HTTP = base, server.Client() })
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err = call.List[thing, thingWire](t.Context(), c, call.Get("Things.List", "/things"), nil, nil)
	runtime.ReadMemStats(&after)
	assert.Equal(t, "the response holds more than 10,000 items", failure(t, err).Reason)
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(64<<20))
}
