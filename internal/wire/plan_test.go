package wire_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/internal/wire"
)

// Types that hide, share and rename fields in the ways that Go and encoding/json
// tell apart.
type (
	// Number has a field of its own name, which it hides where it is embedded.
	Number struct {
		Number string `json:"number"`
		Level  int    `json:"level"`
		Tagged int    `json:"Shared"`
		Ghost  string
		Deep   string `json:"deep"`
	}
	rival struct {
		Shared int    // as deep, but without a tag
		Ghost  string // as deep as the other: neither counts
		Deeper
	}
	// Deeper is embedded in what is embedded.
	Deeper struct {
		Deep string `json:"deep"`
		Only string `json:"only"`
	}
	// Named is embedded under a name of its own, so that it is a field.
	Named struct {
		ID string `json:"id"`
	}
	// Pointed is embedded behind a pointer.
	Pointed struct {
		Far string `json:"far"`
	}
	shadow struct {
		Number
		rival
		Named `json:"named"`
		*Pointed

		Level  string `json:"level"` // above Number's
		Hidden string `json:"-"`
		Dash   string `json:"-,"` //nolint:staticcheck // a name that encoding/json knows
		Bare   string
		silent string
	}
)

// TestFieldsAreThoseOfEncodingJSON proves that the lenient way fills the same fields
// as encoding/json, whatever Go's own rules for embedded fields say.
func TestFieldsAreThoseOfEncodingJSON(t *testing.T) { // DEC-2
	t.Parallel()
	for _, c := range []struct{ plain, swapped string }{
		{`{"number":"12345"}`, `{"number":12345}`},
		{`{"level":"3"}`, `{"level":3}`},
		{`{"shared":3}`, `{"shared":"3"}`},
		{`{"Shared":3}`, `{"Shared":"3"}`},
		{`{"ghost":"3","only":"4"}`, `{"ghost":3,"only":4}`},
		{`{"deep":"3"}`, `{"deep":3}`},
		{`{"named":{"id":"3"},"id":"4"}`, `{"named":{"id":3},"id":4}`},
		{`{"far":"3"}`, `{"far":3}`},
		{`{"Hidden":"3","hidden":"4","-":"5"}`, `{"Hidden":3,"hidden":4,"-":5}`},
		{`{"Bare":"3"}`, `{"Bare":3}`},
		{`{"bare":"3","SILENT":"4","NUMBER":"5"}`, `{"bare":3,"SILENT":4,"NUMBER":5}`},
		{`{"\u006eumber":"3","ba\u0072e":"4"}`, `{"\u006eumber":3,"ba\u0072e":4}`},
		{`{"number":"1","Number":"2","number":"3"}`, `{"number":1,"Number":2,"number":3}`},
		{`{"ſhared":3,"lin\u212a":"4"}`, `{"ſhared":"3","lin\u212a":4}`}, // letters that fold to s and k
	} {
		var plain, swapped, lenient shadow
		require.NoError(t, json.Unmarshal([]byte(c.plain), &plain), c.plain)
		require.NoError(t, wire.Unmarshal([]byte(c.swapped), &swapped), c.swapped)
		require.NoError(t, wire.Lenient([]byte(c.plain), &lenient), c.plain)
		assert.Equal(t, plain, swapped, c.swapped)
		assert.Equal(t, plain, lenient, c.plain)
		assert.Empty(t, swapped.silent)
	}
}
