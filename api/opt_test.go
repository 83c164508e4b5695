package api_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/api"
)

// target is how Opt stands in params.
type target struct {
	Queue api.Opt[string] `json:"queue,omitzero"`
	Limit api.Opt[int]    `json:"limit,omitzero"`
}

// TestOptStates proves the bytes of each state, and that they come back as they
// went.
func TestOptStates(t *testing.T) { // ERG-2
	t.Parallel()
	for _, c := range []struct {
		name string
		in   target
		sent string
	}{
		{"not given", target{}, `{}`},
		{"null", target{Queue: api.Null[string](), Limit: api.Null[int]()}, `{"queue":null,"limit":null}`},
		{"zero values", target{Queue: api.Set(""), Limit: api.Set(0)}, `{"queue":"","limit":0}`},
		{"values", target{Queue: api.Set("q_1"), Limit: api.Set(7)}, `{"queue":"q_1","limit":7}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			out, err := json.Marshal(c.in)
			require.NoError(t, err)
			assert.Equal(t, c.sent, string(out))
			var back target
			require.NoError(t, json.Unmarshal(out, &back))
			assert.Equal(t, c.in, back)
		})
	}
}

func TestOptQuestions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name         string
		opt          api.Opt[int]
		value        int
		ok           bool
		null, absent bool
	}{
		{"not given", api.Opt[int]{}, 0, false, false, true},
		{"null", api.Null[int](), 0, false, true, false},
		{"zero", api.Set(0), 0, true, false, false},
		{"value", api.Set(7), 7, true, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			value, ok := c.opt.Get()
			assert.Equal(t, c.value, value)
			assert.Equal(t, c.ok, ok)
			assert.Equal(t, c.null, c.opt.IsNull())
			assert.Equal(t, c.absent, c.opt.IsZero())
		})
	}
}

func TestOptBadValue(t *testing.T) {
	t.Parallel()
	o := api.Set(7)
	require.Error(t, json.Unmarshal([]byte(`"x"`), &o))
	value, ok := o.Get()
	assert.True(t, ok)
	assert.Equal(t, 7, value, "a value that cannot be read leaves the field as it was")
}
