package api_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/api"
)

func TestMetadataKeepsNumbers(t *testing.T) { // FWD-5
	t.Parallel()
	const text = `{"big":9007199254740993,"deep":[{"rate":0.10}],"huge":12345678901234567890123,"name":"a","no":null,"yes":true}`
	var m api.Metadata
	require.NoError(t, json.Unmarshal([]byte(text), &m))
	assert.Equal(t, json.Number("9007199254740993"), m["big"])
	assert.Equal(t, "a", m["name"])
	assert.Equal(t, true, m["yes"])
	assert.Contains(t, m, "no")
	out, err := json.Marshal(m)
	require.NoError(t, err)
	assert.Equal(t, text, string(out), "what came back is sent back digit for digit")
}

func TestMetadataForms(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]api.Metadata{`null`: nil, `{}`: {}, `{"a":"b"}`: {"a": "b"}} {
		m := api.Metadata{"old": 1}
		require.NoError(t, json.Unmarshal([]byte(text), &m), text)
		assert.Equal(t, want, m, text)
	}
	for _, text := range []string{`"a"`, `[1]`, `7`} {
		m := api.Metadata{"old": 1}
		require.Error(t, json.Unmarshal([]byte(text), &m), text)
		assert.Equal(t, api.Metadata{"old": 1}, m)
	}
}

// A plain map is given wherever Metadata is asked for, without a conversion.
var _ = struct{ Metadata api.Metadata }{Metadata: map[string]any{"order": 7}}
