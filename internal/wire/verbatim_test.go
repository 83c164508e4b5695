package wire_test

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/wire"
)

// TestBodyVerbatim proves that not a byte of the raw member changes.
func TestBodyVerbatim(t *testing.T) {
	t.Parallel()
	const exact = `{ "b" : 1.0, "a":[1e3 , 9007199254740993],"é":"<\u00e9\/> & \u2028" }`
	local := time.Date(2026, 3, 8, 13, 0, 0, 0, rome())
	for _, c := range []struct {
		name  string
		in    wire.Verbatim
		extra []api.BodyField
		want  string
	}{
		{"beside params", wire.Verbatim{Params: params{To: "a"}, Name: "graph", JSON: json.RawMessage(exact)}, nil, `{"to":"a","graph":` + exact + `}`},
		{"alone", wire.Verbatim{Params: struct{}{}, Name: "graph", JSON: json.RawMessage(exact)}, nil, `{"graph":` + exact + `}`},
		{"with times", wire.Verbatim{Params: params{To: "a", At: local}, Name: "graph", JSON: json.RawMessage(`1.0`)}, nil,
			`{"to":"a","at":"2026-03-08T12:00:00Z","graph":1.0}`},
		{"with extra fields", wire.Verbatim{Params: params{To: "a"}, Name: "graph", JSON: json.RawMessage(exact)},
			[]api.BodyField{{Name: "b<", Value: 1}}, `{"to":"a","graph":` + exact + `,"b<":1}`},
		{"replaced", wire.Verbatim{Params: params{To: "a"}, Name: "graph", JSON: json.RawMessage(exact)},
			[]api.BodyField{{Name: "graph", Value: 1}}, `{"to":"a","graph":1}`},
		{"nothing", wire.Verbatim{Params: params{To: "a"}, Name: "graph"}, nil, `{"to":"a"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := wire.Body(c.in, c.extra)
			require.NoError(t, err)
			assert.Equal(t, c.want, string(got))
			assert.True(t, json.Valid(got))
		})
	}
	_, err := wire.Body(wire.Verbatim{Params: math.NaN(), Name: "graph", JSON: json.RawMessage("1")}, nil)
	require.Error(t, err)
}
