package orbittest_test

import (
	"fmt"
	"net/url"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/orbittest"
)

// fill puts n messages on a server and returns their IDs, oldest first.
func fill(s *orbittest.Server, n int) []string {
	ids := make([]string, 0, n)
	for range n {
		ids = append(ids, s.AddMessage(orbittest.Message{}).ID)
	}
	return ids
}

// pages reads a list to its end, by the newer rules.
func pages(t *testing.T, s *orbittest.Server, query url.Values) (ids []string, requests int) {
	t.Helper()
	ids = []string{}
	for {
		a := do(t, s, "GET", "/messages?"+query.Encode(), "")
		require.Equal(t, 200, a.status, a.raw)
		ids = append(ids, a.ids()...)
		requests++
		if a.at("meta.pagination.has_more") != true {
			return ids, requests
		}
		query.Set("cursor", a.at("meta.pagination.cursor").(string))
	}
}

// PAG-1
func TestPagesHoldEveryItemOnce(t *testing.T) {
	const limit = 25
	for _, n := range []int{0, 1, limit - 1, limit, limit + 1, 2 * limit, 10_000} {
		s := orbittest.New(t, orbittest.WithoutLimits())
		want := fill(s, n)
		slices.Reverse(want)
		got, requests := pages(t, s, url.Values{})
		assert.Equal(t, want, got, "%d", n)
		assert.Equal(t, max(1, (n+limit-1)/limit), requests, "%d", n)
	}
}

func TestPagesStayRightWhileTheListChanges(t *testing.T) {
	for _, sort := range []string{"-created_at", "created_at"} {
		s := orbittest.New(t)
		ids := make([]string, 0, 10)
		for range 10 {
			ids = append(ids, s.AddMessage(telegram()).ID)
		}
		want := slices.Clone(ids)
		if sort == "-created_at" {
			slices.Reverse(want)
		}
		query := url.Values{"limit": {"4"}, "sort": {sort}}
		first := do(t, s, "GET", "/messages?"+query.Encode(), "")
		assert.Equal(t, want[:4], first.ids())

		// The item that the cursor names goes away, as do one before and one behind
		// it, and new items come.
		for _, i := range []int{3, 1, 5} {
			require.Equal(t, 204, do(t, s, "DELETE", "/messages/"+want[i], "").status)
		}
		added := fill(s, 3)
		query.Set("cursor", first.at("meta.pagination.cursor").(string))
		rest, _ := pages(t, s, query)
		expected := slices.Concat([]string{want[4]}, want[6:])
		if sort == "created_at" {
			expected = append(expected, added...)
		}
		assert.Equal(t, expected, rest, sort)
	}
}

func TestListIsInOrderOfCreation(t *testing.T) {
	s := orbittest.New(t)
	now := time.Now()
	at := func(age time.Duration) string {
		return s.AddMessage(orbittest.Message{CreatedAt: now.Add(-age)}).ID
	}
	b, a, d, c, c2 := at(2*time.Hour), at(time.Hour), at(4*time.Hour), at(3*time.Hour), at(3*time.Hour)
	assert.Equal(t, []string{a, b, c2, c, d}, do(t, s, "GET", "/messages", "").ids())
	all, _ := pages(t, s, url.Values{"limit": {"1"}})
	assert.Equal(t, []string{a, b, c2, c, d}, all)
	all, _ = pages(t, s, url.Values{"limit": {"1"}, "sort": {"created_at"}})
	assert.Equal(t, []string{d, c, c2, b, a}, all)
}

func TestPageSizes(t *testing.T) {
	older := orbittest.WithGeneration(orbittest.Older)
	for _, test := range []struct {
		opts  []orbittest.Option
		limit string
		want  int // 0: refused
	}{
		{nil, "", 25}, {nil, "1", 1}, {nil, "200", 200}, {nil, "201", 0}, {nil, "0", 0}, {nil, "-1", 0}, {nil, "x", 0},
		{[]orbittest.Option{older}, "", 20}, {[]orbittest.Option{older}, "100", 100}, {[]orbittest.Option{older}, "101", 0},
		{[]orbittest.Option{orbittest.WithPageSize(3)}, "", 3}, {[]orbittest.Option{orbittest.WithPageSize(3)}, "7", 7},
	} {
		s := orbittest.New(t, test.opts...)
		fill(s, 250)
		a := do(t, s, "GET", "/messages?limit="+test.limit, "")
		items, _ := a.at("data").([]any)
		assert.Len(t, items, test.want, "%q", test.limit)
		if test.want == 0 {
			assert.Equal(t, 422, a.status)
			assert.Equal(t, "VALIDATION_ERROR", a.code())
			assert.Equal(t, "limit", a.at("error.details.field"))
		}
	}
}

func TestTotalAndLastCursor(t *testing.T) {
	s := orbittest.New(t)
	fill(s, 3)
	s.AddMessage(telegram())
	a := do(t, s, "GET", "/messages?channel=sms&limit=2", "")
	assert.Equal(t, 3., a.at("meta.pagination.total"))
	last := do(t, s, "GET", "/messages?channel=sms", "")
	assert.Equal(t, false, last.at("meta.pagination.has_more"))
	assert.NotEmpty(t, last.at("meta.pagination.cursor"), "it names the last item")
}

// PAG-7
func TestOlderPages(t *testing.T) {
	s := orbittest.New(t, orbittest.WithGeneration(orbittest.Older))
	fill(s, 21)
	a := do(t, s, "GET", "/messages", "")
	assert.Len(t, a.at("data"), 20)
	assert.Equal(t, 422, do(t, s, "GET", "/messages?limit=101", "").status)
	a = do(t, s, "GET", "/messages?cursor="+a.at("meta.pagination.cursor").(string), "")
	assert.Len(t, a.at("data"), 1)
	assert.Equal(t, false, a.at("meta.pagination.has_more"))
}

func TestBadCursors(t *testing.T) {
	s := orbittest.New(t)
	fill(s, 3)
	good := do(t, s, "GET", "/messages?limit=1", "").at("meta.pagination.cursor").(string)
	assert.Equal(t, 200, do(t, s, "GET", "/messages?cursor="+good, "").status)
	for _, cursor := range []string{"x", "cur_", good[4:], good + "A", good[:len(good)-1], "cur_AAAA", "cur_MS4yLjMuNC41"} {
		a := do(t, s, "GET", "/messages?cursor="+cursor, "")
		assert.Equal(t, 400, a.status, cursor)
		assert.Equal(t, "INVALID_CURSOR", a.code(), cursor)
	}
	for _, other := range []string{"/messages?sort=created_at&", "/messages?channel=sms&", "/voice/calls?"} {
		assert.Equal(t, "INVALID_CURSOR", do(t, s, "GET", other+"cursor="+good, "").code(), "of another list: %s", other)
	}
	assert.Equal(t, "INVALID_CURSOR", do(t, s, "GET", "/messages?cursor="+good, "", "X-API-Key", "dv_test_sk_other").code(), "of another key")
}

func TestFilters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := orbittest.New(t)
		time.Sleep(36 * time.Hour) // 2000-01-02T12:00:00Z
		old := s.AddMessage(orbittest.Message{
			Channel: "whatsapp", From: "+14155550100", To: []string{"+15005550001"}, CreatedAt: bubbleStart(),
		}).ID
		failed := do(t, s, "POST", "/messages/sms", `{"to":"+15005550004","from":"Shop","body":"x"}`).id()
		email := do(t, s, "POST", "/messages/email", `{"to":["ada@example.com","bob@example.com"],"subject":"s","text":"t"}`).id()
		time.Sleep(time.Second)

		for query, want := range map[string][]string{
			"":                                      {email, failed, old},
			"channel=sms":                           {failed},
			"channel=rcs":                           nil,
			"direction=inbound":                     {old},
			"direction=outbound&channel=email":      {email},
			"from=Shop":                             {failed},
			"to=bob@example.com":                    {email},
			"to=%2B15005550001":                     {old},
			"status=failed":                         {failed},
			"status=delivered":                      {email, old},
			"status=never_heard_of":                 nil,
			"date_from=2000-01-02":                  {email, failed},
			"date_from=2000-01-02T12:00:00Z":        {email, failed},
			"date_from=2000-01-02T13:00:00%2B01:00": {email, failed},
			"date_from=2000-01-02T12:00:01Z":        nil,
			"date_to=2000-01-01":                    {old},
			"date_to=2000-01-02":                    {email, failed, old},
			"date_to=2000-01-01T00:00:00Z":          {old},
			"sort=created_at":                       {old, failed, email},
		} {
			assert.Equal(t, want, do(t, s, "GET", "/messages?"+query, "").ids(), query)
		}
		for query, code := range map[string]string{
			"channel=fox":        "INVALID_CHANNEL",
			"direction=sideways": "VALIDATION_ERROR",
			"date_from=today":    "VALIDATION_ERROR",
			"date_to=1":          "VALIDATION_ERROR",
			"sort=name":          "VALIDATION_ERROR",
		} {
			a := do(t, s, "GET", "/messages?"+query, "")
			assert.Equal(t, 422, a.status, query)
			assert.Equal(t, code, a.code(), query)
		}
	})
}

func TestUnreadableQuery(t *testing.T) {
	s := orbittest.New(t)
	assert.Equal(t, 400, do(t, s, "GET", "/messages?limit=%zz", "").status)
}

// PAG-2
func TestPageFaults(t *testing.T) {
	const list = "GET /messages"
	s := orbittest.New(t)
	ids := fill(s, 3)
	slices.Reverse(ids)

	t.Run("empty pages lead on", func(t *testing.T) {
		s.FailNext(list, orbittest.Fault{Page: orbittest.PageEmpty}, orbittest.Pass(),
			orbittest.Fault{Page: orbittest.PageEmpty}, orbittest.Fault{Page: orbittest.PageEmpty})
		cursors := map[string]bool{}
		var got []string
		query := url.Values{"limit": {"2"}}
		for range 5 {
			a := do(t, s, "GET", "/messages?"+query.Encode(), "")
			got = append(got, fmt.Sprint(a.ids()))
			cursor := a.at("meta.pagination.cursor").(string)
			assert.False(t, cursors[cursor], "no cursor comes twice")
			cursors[cursor] = true
			query.Set("cursor", cursor)
		}
		assert.Equal(t, []string{"[]", fmt.Sprint(ids[:2]), "[]", "[]", fmt.Sprint(ids[2:])}, got)
	})
	t.Run("empty pages, oldest first", func(t *testing.T) {
		s.FailNext(list, orbittest.Fault{Page: orbittest.PageEmpty})
		got, requests := pages(t, s, url.Values{"sort": {"created_at"}})
		assert.Len(t, got, 3)
		assert.Equal(t, 2, requests)
	})
	t.Run("a repeated cursor", func(t *testing.T) {
		cursor := do(t, s, "GET", "/messages?limit=1", "").at("meta.pagination.cursor").(string)
		s.FailNext(list, orbittest.Fault{Page: orbittest.PageRepeatsCursor})
		a := do(t, s, "GET", "/messages?cursor="+cursor, "")
		assert.Equal(t, ids[1:], a.ids())
		assert.Equal(t, map[string]any{"cursor": cursor, "has_more": true, "total": 3.}, a.at("meta.pagination"))
	})
	t.Run("no cursor", func(t *testing.T) {
		s.FailNext(list, orbittest.Fault{Page: orbittest.PageWithoutCursor})
		a := do(t, s, "GET", "/messages", "")
		assert.Equal(t, map[string]any{"cursor": nil, "has_more": true, "total": 3.}, a.at("meta.pagination"))
	})
}
