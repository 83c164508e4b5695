package wire_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/internal/wire"
)

// filters are list params with every kind of field that they have.
type filters struct {
	Cursor string     `url:"cursor,omitempty"`
	Limit  int        `url:"limit,omitempty"`
	Kind   label      `url:"kind,omitempty"`
	Tags   []string   `url:"tag,omitempty"`
	Active *bool      `url:"active,omitempty"`
	From   time.Time  `url:"from,omitempty" layout:"2006-01-02T15:04:05.999Z07:00"`
	Until  *time.Time `url:"until,omitempty" layout:"2006-01-02T15:04:05.999Z07:00"`
	unread int
}

func rome() *time.Location { return time.FixedZone("CET", 3600) }

func TestQuery(t *testing.T) { // FWD-4, ERG-2
	t.Parallel()
	local := time.Date(2026, 3, 8, 13, 0, 0, 123_000_000, rome())
	whole := local.Truncate(time.Second)
	for _, c := range []struct {
		name string
		in   any
		want string
	}{
		{"nil", nil, ""},
		{"nil pointer", (*filters)(nil), ""},
		{"nothing given", filters{}, ""},
		{"pointer", &filters{Limit: 5}, "limit=5"},
		{"texts", filters{Cursor: "a b&c", Kind: "x/y", Tags: []string{"1", "2"}}, "cursor=a+b%26c&kind=x%2Fy&tag=1&tag=2"},
		{"zero through a pointer", filters{Active: ptr(false)}, "active=false"},
		{"times in UTC", filters{From: local, Until: &whole}, "from=2026-03-08T12%3A00%3A00.123Z&until=2026-03-08T12%3A00%3A00Z"},
		{"values", url.Values{"a": {"1", "2"}}, "a=1&a=2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := wire.Query(c.in)
			require.NoError(t, err)
			assert.Equal(t, c.want, got.Encode())
		})
	}
	_, err := wire.Query(map[string]string{"a": "b"})
	require.Error(t, err, "what has no fields cannot be encoded")
}

// TestQueryLeavesTheCallersValue proves that nothing which the caller holds is
// written to.
func TestQueryLeavesTheCallersValue(t *testing.T) { // PAG-4
	t.Parallel()
	local := time.Date(2026, 3, 8, 13, 0, 0, 0, rome())
	until := local
	in := filters{From: local, Until: &until, unread: 1}
	_, err := wire.Query(in)
	require.NoError(t, err)
	_, err = wire.Query(&in)
	require.NoError(t, err)
	assert.Equal(t, filters{From: local, Until: &until, unread: 1}, in)
	assert.Equal(t, rome().String(), until.Location().String())

	values := url.Values{"a": {"1"}}
	got, err := wire.Query(values)
	require.NoError(t, err)
	got.Set("a", "2")
	got.Add("b", "3")
	assert.Equal(t, url.Values{"a": {"1"}}, values)
}

// custom is a user's own type, written by a method of its pointer.
type custom struct{ At time.Time }

func (c *custom) MarshalJSON() ([]byte, error) {
	return []byte(`"` + c.At.Format(time.RFC3339) + `"`), nil
}

func TestUTC(t *testing.T) { // FWD-4
	t.Parallel()
	local := time.Date(2026, 3, 8, 13, 0, 0, 0, rome())
	assert.Equal(t, local.UTC(), wire.UTC(local))
	assert.Equal(t, filters{From: local.UTC(), unread: 1}, wire.UTC(filters{From: local, unread: 1}))
	assert.Equal(t, &custom{local.UTC()}, wire.UTC(&custom{local}), "a pointer stays one, for the methods it has")
	for _, same := range []any{nil, "text", 7, []int{1}, struct{ A int }{1}, (*filters)(nil), filters{}} {
		assert.Equal(t, same, wire.UTC(same))
	}
}
