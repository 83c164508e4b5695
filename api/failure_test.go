package api_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/api"
)

func TestFailureDecodes(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string][2]string{
		`{"code":"A","message":"b"}`:   {"A", "b"},
		`{"code":7}`:                   {"7", ""},
		`{"message":"b","other":1}`:    {"", "b"},
		`"b"`:                          {"", "b"},
		`{"kind":"unheard of"}`:        {"", `{"kind":"unheard of"}`},
		`["a"]`:                        {"", `["a"]`},
		`true`:                         {"", "true"},
		`500`:                          {"", "500"},
		`null`:                         {"", ""},
		`false`:                        {"", ""},
		`0`:                            {"", ""},
		`""`:                           {"", ""},
		`{}`:                           {"", ""},
		`[]`:                           {"", ""},
		`{"code":null,"message":null}`: {"", ""},
	} {
		failure := api.Failure{NodeID: "old", Code: "old", Message: "old"}
		require.NoError(t, json.Unmarshal([]byte(raw), &failure), raw)
		assert.Equal(t, want, [2]string{string(failure.Code), failure.Message}, raw)
		assert.Empty(t, failure.NodeID, raw)
		assert.Equal(t, want == [2]string{}, failure.IsZero(), raw)
	}
}

func TestFailureOfANode(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]api.Failure{
		`{"node_id":"n1","code":"C","message":"M"}`: {NodeID: "n1", Code: "C", Message: "M"},
		`{"node_id":7,"code":"C"}`:                  {NodeID: "7", Code: "C"},
		`{"node_id":["n"],"code":"C"}`:              {Code: "C"},
	} {
		var failure api.Failure
		require.NoError(t, json.Unmarshal([]byte(raw), &failure), raw)
		assert.Equal(t, want, failure, raw)
	}
}

// A failure's code is the one that errors carry.
func TestFailureHoldsACode(t *testing.T) { // NAM-1
	t.Parallel()
	var failure api.Failure
	require.NoError(t, json.Unmarshal([]byte(`{"code":"INVALID_PHONE_NUMBER"}`), &failure))
	assert.ErrorIs(t, failure.Code, api.CodeInvalidPhoneNumber)
}
