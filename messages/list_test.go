package messages_test

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
)

const listURL = orbit.DefaultBaseURL + "/messages"

func TestListQuery(t *testing.T) { // FWD-4, ERG-5
	t.Parallel()
	rome := time.FixedZone("CET", 3600)
	for _, c := range []struct {
		name   string
		params messages.ListParams
		query  string
	}{
		{"nothing given", messages.ListParams{}, ""},
		{
			"everything",
			messages.ListParams{
				Cursor: "cur_1=", Limit: 50, Channel: messages.ChannelSMS, Status: messages.StatusFailed, To: "+14155552671", From: "Acme Shop",
				Direction: messages.DirectionInbound, CreatedAfter: time.Date(2026, 3, 8, 13, 0, 0, 123e6, rome), CreatedBefore: noon(0), Sort: "-created_at",
			},
			"channel=sms&cursor=cur_1%3D&date_from=2026-03-08T12%3A00%3A00.123Z&date_to=2026-03-08T12%3A00%3A00Z&direction=inbound" +
				"&from=Acme+Shop&limit=50&sort=-created_at&status=failed&to=%2B14155552671",
		},
		{"a limit above the API's", messages.ListParams{Limit: 100_000}, "limit=100000"}, // NUM-4
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			mock := newMock(t)
			var got request
			mock.RegisterResponder(http.MethodGet, listURL, record(&got, http.StatusOK, `{"data":[],"meta":{"request_id":"req_1"}}`))
			before := c.params
			page, err := newService(t, mock).List(t.Context(), c.params)
			require.NoError(t, err)
			assert.Equal(t, c.query, got.query)
			assert.Equal(t, before, c.params)
			assert.Empty(t, got.body)
			assert.Empty(t, got.header.Values("Content-Type"))
			assert.Empty(t, got.header["Idempotency-Key"])
			assert.Empty(t, page.Items)
			assert.False(t, page.HasMore)
			assert.Equal(t, "req_1", page.RequestID())
		})
	}
}

func TestListRefuses(t *testing.T) { // NUM-4
	t.Parallel()
	params := messages.ListParams{Limit: -1}
	svc := newService(t, newMock(t))
	_, err := svc.List(t.Context(), params)
	var refused *orbit.ParamError
	require.ErrorAs(t, err, &refused)
	assert.Equal(t, "limit", refused.Field)
	assert.Equal(t, "must not be negative", refused.Rule)
	items, err := orbit.Collect(svc.All(t.Context(), params), 1)
	require.ErrorIs(t, err, orbit.ErrNotSent)
	assert.Empty(t, items)

	mock := newMock(t)
	var got request
	mock.RegisterResponder(http.MethodGet, listURL, record(&got, http.StatusOK, `{"data":[]}`))
	_, err = newService(t, mock, orbit.WithoutChecks()).List(t.Context(), params)
	require.NoError(t, err)
	assert.Equal(t, "limit=-1", got.query)
}

func TestGet(t *testing.T) {
	t.Parallel()
	mock := newMock(t)
	var got request
	mock.RegisterResponder(http.MethodGet, messageURL, record(&got, http.StatusOK, accepted))
	msg, err := newService(t, mock).Get(t.Context(), "msg_1")
	require.NoError(t, err)
	assert.Equal(t, "msg_1", msg.ID)
	assert.Equal(t, messages.StatusQueued, msg.Status)
	assert.Empty(t, got.query+got.body)
	assert.Empty(t, got.header["Idempotency-Key"])
}

// shelf serves a list of count messages, and keeps the requests.
type shelf struct {
	count, limit int
	flat         bool // meta.next_cursor in place of meta.pagination
	requests     []*http.Request
}

// serve answers with the page behind the cursor. In the newer envelope the last
// page has a cursor too, since it names the last item.
func (s *shelf) serve(r *http.Request) (*http.Response, error) {
	s.requests = append(s.requests, r)
	start, _ := strconv.Atoi(r.URL.Query().Get("cursor"))
	end := min(start+s.limit, s.count)
	var rows []string
	for i := start; i < end; i++ {
		rows = append(rows, fmt.Sprintf(`{"id":"msg_%d"}`, i))
	}
	meta := fmt.Sprintf(`{"pagination":{"cursor":"%d","has_more":%t,"total":%d}}`, end, end < s.count, s.count)
	if s.flat {
		meta = `{"next_cursor":null}`
		if end < s.count {
			meta = fmt.Sprintf(`{"next_cursor":"%d"}`, end)
		}
	}
	return httpmock.NewStringResponse(http.StatusOK, `{"data":[`+strings.Join(rows, ",")+`],"meta":`+meta+`}`), nil
}

// open returns the service of a client that lists the shelf.
func (s *shelf) open(t *testing.T) *messages.Service {
	t.Helper()
	mock := newMock(t)
	mock.RegisterResponder(http.MethodGet, listURL, s.serve)
	return newService(t, mock)
}

// ids are the IDs of the messages from one number to another.
func ids(from, to int) []string {
	var out []string
	for i := from; i < to; i++ {
		out = append(out, fmt.Sprintf("msg_%d", i))
	}
	return out
}

// TestAll yields every message once, in order, whatever the length of the list.
func TestAll(t *testing.T) { // PAG-1, PAG-7
	t.Parallel()
	for _, c := range []struct{ count, limit, requests int }{
		{0, 3, 1}, {1, 3, 1}, {3, 3, 1}, {4, 3, 2}, {9, 3, 3}, {10_000, 100, 100},
	} {
		for _, flat := range []bool{false, true} {
			t.Run(fmt.Sprintf("%d by %d, flat %t", c.count, c.limit, flat), func(t *testing.T) {
				t.Parallel()
				s := &shelf{count: c.count, limit: c.limit, flat: flat}
				var got []string
				for msg, err := range s.open(t).All(t.Context(), messages.ListParams{Limit: c.limit}) {
					require.NoError(t, err)
					got = append(got, msg.ID)
				}
				assert.Equal(t, ids(0, c.count), got)
				assert.Len(t, s.requests, c.requests)
			})
		}
	}
}

// TestAllStartsAfresh ranges twice over the same value.
func TestAllStartsAfresh(t *testing.T) { // PAG-4
	t.Parallel()
	s := &shelf{count: 4, limit: 3}
	all := s.open(t).All(t.Context(), messages.ListParams{})
	assert.Empty(t, s.requests, "nothing is asked for before it is needed")
	for range 2 {
		got, err := orbit.Collect(all, 10)
		require.NoError(t, err)
		assert.Len(t, got, 4)
	}
	assert.Len(t, s.requests, 4)
}

// TestAllBreak proves that no page is fetched for what is not looked at.
func TestAllBreak(t *testing.T) { // PAG-3
	t.Parallel()
	s := &shelf{count: 10, limit: 3}
	svc := s.open(t)
	for range svc.All(t.Context(), messages.ListParams{}) {
		break
	}
	assert.Len(t, s.requests, 1)

	seen := 0
	for range svc.All(t.Context(), messages.ListParams{}) {
		if seen++; seen == 3 {
			break // at the last message of a page
		}
	}
	assert.Len(t, s.requests, 2)

	for range svc.Pages(t.Context(), messages.ListParams{}) {
		break
	}
	assert.Len(t, s.requests, 3)
}

func TestCollect(t *testing.T) { // PAG-5
	t.Parallel()
	for _, c := range []struct{ maxItems, want, requests int }{{-1, 0, 0}, {0, 0, 0}, {1, 1, 1}, {3, 3, 1}, {4, 4, 2}, {7, 7, 3}, {100, 7, 3}} {
		s := &shelf{count: 7, limit: 3}
		got, err := orbit.Collect(s.open(t).All(t.Context(), messages.ListParams{}), c.maxItems)
		require.NoError(t, err)
		assert.Len(t, got, c.want, c.maxItems)
		assert.Len(t, s.requests, c.requests, "no page is fetched beyond %d items", c.maxItems)
	}
	s := &shelf{count: 7, limit: 3}
	got, err := orbit.CollectAll(s.open(t).All(t.Context(), messages.ListParams{}))
	require.NoError(t, err)
	assert.Len(t, got, 7)
	assert.Len(t, s.requests, 3)
}

// TestEveryPageIsAskedAlike proves that filters, headers and options go with each
// page, and that nothing of the caller's is changed.
func TestEveryPageIsAskedAlike(t *testing.T) { // PAG-4
	t.Parallel()
	s := &shelf{count: 9, limit: 3}
	svc := s.open(t)
	params := messages.ListParams{Limit: 3, Channel: messages.ChannelSMS, CreatedAfter: noon(0).In(time.FixedZone("CET", 3600)), To: "+14155552671"}
	before := params
	opts := []orbit.CallOption{orbit.WithHeader("X-Trace", "t1"), orbit.WithQuery("tag", "a b")}

	_, err := orbit.Collect(svc.All(t.Context(), params, opts...), 100)
	require.NoError(t, err)
	page, err := svc.List(t.Context(), params, opts...)
	for err == nil {
		page, err = page.Next(t.Context())
	}
	require.ErrorIs(t, err, orbit.ErrNoMorePages)

	require.Len(t, s.requests, 6)
	for i, r := range s.requests {
		query := r.URL.Query()
		assert.Equal(t, map[int]string{0: "", 1: "3", 2: "6"}[i%3], query.Get("cursor"))
		assert.Equal(t, "3", query.Get("limit"))
		assert.Equal(t, "sms", query.Get("channel"))
		assert.Equal(t, "+14155552671", query.Get("to"))
		assert.Equal(t, "2026-03-08T12:00:00Z", query.Get("date_from"))
		assert.Equal(t, "a b", query.Get("tag"))
		assert.Equal(t, "t1", r.Header.Get("X-Trace"))
	}
	assert.Equal(t, before, params)
}

// TestPages hands out whole pages, each with the cursor behind it.
func TestPages(t *testing.T) { // PAG-6
	t.Parallel()
	s := &shelf{count: 7, limit: 3}
	var lengths []int
	var cursors []string
	for page, err := range s.open(t).Pages(t.Context(), messages.ListParams{Limit: 3}) {
		require.NoError(t, err)
		lengths, cursors = append(lengths, len(page.Items)), append(cursors, page.NextCursor)
		require.NotNil(t, page.Total)
		assert.Equal(t, 7, *page.Total)
		assert.Equal(t, len(cursors) < 3, page.HasMore)
	}
	assert.Equal(t, []int{3, 3, 1}, lengths)
	assert.Equal(t, []string{"3", "6", "7"}, cursors)
}

// TestResume goes on with an interrupted export, without loss or repeat.
func TestResume(t *testing.T) { // PAG-6
	t.Parallel()
	s := &shelf{count: 10, limit: 3}
	svc := s.open(t)
	var got []string
	cursor := ""
	for page, err := range svc.Pages(t.Context(), messages.ListParams{}) {
		require.NoError(t, err)
		for _, msg := range page.Items {
			got = append(got, msg.ID)
		}
		if cursor = page.NextCursor; len(got) == 6 {
			break
		}
	}
	for msg, err := range svc.All(t.Context(), messages.ListParams{Cursor: cursor}) {
		require.NoError(t, err)
		got = append(got, msg.ID)
	}
	assert.Equal(t, ids(0, 10), got)
	assert.Len(t, s.requests, 4)
}

// script serves a body for each cursor, and counts the requests.
func script(t *testing.T, pages map[string]string) (*messages.Service, *int) {
	t.Helper()
	requests := 0
	mock := newMock(t)
	mock.RegisterResponder(http.MethodGet, listURL, func(r *http.Request) (*http.Response, error) {
		requests++
		return httpmock.NewStringResponse(http.StatusOK, pages[r.URL.Query().Get("cursor")]), nil
	})
	return newService(t, mock), &requests
}

// row is a page of one message that names the next page.
func row(id, cursor string) string {
	return fmt.Sprintf(`{"data":[{"id":%q}],"meta":{"pagination":{"cursor":%q,"has_more":true}}}`, id, cursor)
}

func TestEmptyPageWithMore(t *testing.T) { // PAG-1
	t.Parallel()
	const empty = `{"data":[],"meta":{"pagination":{"cursor":%q,"has_more":true}}}`
	svc, requests := script(t, map[string]string{
		"": row("a", "1"), "1": fmt.Sprintf(empty, "2"), "2": fmt.Sprintf(empty, "3"), "3": `{"data":[{"id":"b"}]}`,
	})
	got, err := orbit.Collect(svc.All(t.Context(), messages.ListParams{}), 10)
	require.NoError(t, err)
	require.Len(t, got, 2)
	assert.Equal(t, "b", got[1].ID)
	assert.Equal(t, 4, *requests)
}

// TestCursorsThatLeadNowhere ends an iteration that would never end.
func TestCursorsThatLeadNowhere(t *testing.T) { // PAG-2
	t.Parallel()
	for _, c := range []struct {
		name    string
		pages   map[string]string
		cursors []string // of which one is named
		atMost  int      // requests
	}{
		{"no cursor", map[string]string{"": row("a", "")}, []string{""}, 1},
		{"no cursor, later", map[string]string{"": row("a", "1"), "1": row("b", "")}, []string{""}, 2},
		{"null cursor", map[string]string{"": `{"data":[],"meta":{"pagination":{"cursor":null,"has_more":true}}}`}, []string{""}, 1},
		{"the same again", map[string]string{"": row("a", "1"), "1": row("b", "1")}, []string{"1"}, 2},
		{"a circle of two", map[string]string{"": row("a", "1"), "1": row("b", "2"), "2": row("c", "1")}, []string{"1", "2"}, 3},
		{"a circle of three", map[string]string{
			"": row("a", "1"), "1": row("b", "2"), "2": row("c", "3"), "3": row("d", "1"),
		}, []string{"1", "2", "3"}, 4},
		{"the start again", map[string]string{"": row("a", "1"), "1": row("b", "2"), "2": row("c", "2")}, []string{"2"}, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			svc, requests := script(t, c.pages)
			got, err := orbit.Collect(svc.All(t.Context(), messages.ListParams{}), 1000)
			var lost *orbit.CursorError
			require.ErrorAs(t, err, &lost)
			assert.Contains(t, c.cursors, lost.Cursor)
			assert.Contains(t, err.Error(), lost.Cursor)
			assert.Equal(t, "Messages.List", lost.Op)
			assert.LessOrEqual(t, *requests, c.atMost)
			assert.LessOrEqual(t, len(got), c.atMost, "what was read so far is handed out")
		})
	}
}

func TestPageNextWithoutCursor(t *testing.T) { // PAG-2
	t.Parallel()
	svc, requests := script(t, map[string]string{"": row("a", ""), "1": row("b", "1")})
	page, err := svc.List(t.Context(), messages.ListParams{})
	require.NoError(t, err)
	_, err = page.Next(t.Context())
	var lost *orbit.CursorError
	require.ErrorAs(t, err, &lost)
	assert.Equal(t, 1, *requests)
}

// TestPageNextAgain proves that a page may be asked for its successor twice.
func TestPageNextAgain(t *testing.T) {
	t.Parallel()
	s := &shelf{count: 4, limit: 3}
	first, err := s.open(t).List(t.Context(), messages.ListParams{})
	require.NoError(t, err)
	for range 2 {
		second, err := first.Next(t.Context())
		require.NoError(t, err)
		assert.Equal(t, "msg_3", second.Items[0].ID)
		_, err = second.Next(t.Context())
		require.ErrorIs(t, err, orbit.ErrNoMorePages)
	}
}

// TestAllError ends the iteration with the error of the page that failed.
func TestAllError(t *testing.T) { // ERR-1
	t.Parallel()
	for name, body := range map[string]string{
		"a bad row": `{"data":[{"id":"b"},{"id":{}}]}`, "several lists": `{"data":{"a":[],"b":[]}}`, "cut off": `{"data":[{"id":"b"}`,
		"an error": `{"error":{"code":"INVALID_CURSOR","status":400}}`, "no list": `{"data":{"id":"b"}}`, "null": `{"data":null}`,
	} {
		svc, _ := script(t, map[string]string{"": row("a", "1"), "1": body})
		got, err := orbit.Collect(svc.All(t.Context(), messages.ListParams{}, orbit.WithRetry(orbit.RetryNone)), 10)
		require.Error(t, err, name)
		require.Len(t, got, 1, "%s: no part of a page that cannot be read whole", name) // FWD-3
		if name == "an error" {
			require.ErrorIs(t, err, orbit.CodeInvalidCursor)
		}
	}
}

// TestAllCancelled ends the iteration with its context.
func TestAllCancelled(t *testing.T) { // CTX-2
	t.Parallel()
	s := &shelf{count: 9, limit: 3}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	seen := 0
	for _, err := range s.open(t).All(ctx, messages.ListParams{}) {
		if err != nil {
			require.ErrorIs(t, err, context.Canceled)
			break
		}
		seen++
		cancel()
	}
	assert.Equal(t, 3, seen, "the page that is there is handed out")
	assert.Len(t, s.requests, 1)
}

// TestListItemsShareTheAnswer proves that items know the answer they came from.
func TestListItemsShareTheAnswer(t *testing.T) { // ERR-5, LIM-6
	t.Parallel()
	mock := newMock(t)
	mock.RegisterResponder(http.MethodGet, listURL, func(*http.Request) (*http.Response, error) {
		resp := httpmock.NewStringResponse(http.StatusOK, `{"data":[{"id":"a"},{"id":"b"}],"meta":{"request_id":"req_1"}}`)
		resp.Header = http.Header{"X-Ratelimit-Limit": {"120"}, "X-Ratelimit-Remaining": {"119"}, "X-Ratelimit-Reset": {"1772971260"}}
		return resp, nil
	})
	page, err := newService(t, mock).List(t.Context(), messages.ListParams{})
	require.NoError(t, err)
	assert.Same(t, page.Info, page.Items[1].Info)
	assert.Equal(t, "req_1", page.Items[0].RequestID())
	assert.Equal(t, orbit.RateLimit{Limit: 120, Remaining: 119, Reset: time.Unix(1772971260, 0).UTC()}, page.RateLimit())
}

// TestListCapture leaves the last page's answer in the caller's Response.
func TestListCapture(t *testing.T) {
	t.Parallel()
	s := &shelf{count: 4, limit: 3}
	var raw orbit.Response
	svc := s.open(t)
	for msg, err := range svc.All(t.Context(), messages.ListParams{}, orbit.CaptureResponse(&raw)) {
		require.NoError(t, err)
		assert.Equal(t, msg.ID != "msg_3", raw.HasMore)
	}
	assert.Contains(t, string(raw.Body()), "msg_3")
	assert.Equal(t, "4", raw.NextCursor)
}
