package api_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/api"
)

func TestRecipientsDecode(t *testing.T) { // FWD-1
	t.Parallel()
	for in, want := range map[string]api.Recipients{
		`"+14155552671"`:                          {"+14155552671"},
		`["jane@example.com"]`:                    {"jane@example.com"},
		`["jane@example.com","john@example.com"]`: {"jane@example.com", "john@example.com"},
		`-1001234567890`:                          {"-1001234567890"},
		`[123,"b"]`:                               {"123", "b"},
		`"j\u00fcrgen \"J\" <j@example.com>"`:     {`jürgen "J" <j@example.com>`},
		`"jürgen@example.com"`:                    {"jürgen@example.com"},
		`"+1 415\t555"`:                           {"+1 415\t555"},
		`""`:                                      nil,
		`null`:                                    nil,
		`[]`:                                      {},
		`["a",null,""]`:                           {"a"},
		`true`:                                    {"true"},
	} {
		t.Run(in, func(t *testing.T) {
			t.Parallel()
			got := api.Recipients{"old"}
			require.NoError(t, json.Unmarshal([]byte(in), &got))
			assert.Equal(t, want, got)
		})
	}
	for _, in := range []string{`{}`, `{"to":"x"}`, `[{}]`, `[["a"]]`, `"\q"`, `"a`} {
		var got api.Recipients
		require.Error(t, json.Unmarshal([]byte(in), &got), in)
	}
}

func TestRecipientsEncode(t *testing.T) {
	t.Parallel()
	for want, in := range map[string]api.Recipients{
		`"a@example.com"`:                   {"a@example.com"},
		`["a@example.com","b@example.com"]`: {"a@example.com", "b@example.com"},
		`[]`:                                {},
		`null`:                              nil,
	} {
		out, err := json.Marshal(in)
		require.NoError(t, err)
		assert.Equal(t, want, string(out))
		var back api.Recipients
		require.NoError(t, json.Unmarshal(out, &back))
		assert.Equal(t, in, back, "nothing is lost on the way") // ERG-3
	}
}

func TestRecipientsString(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "a, b", api.Recipients{"a", "b"}.String())
	assert.Equal(t, "a", api.Recipients{"a"}.String())
	assert.Empty(t, api.Recipients(nil).String())
}

// A plain slice is given wherever Recipients are asked for.
var _ = struct{ To api.Recipients }{To: []string{"jane@example.com"}}
