package wire_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/wire"
)

// snake and camel are results of the two casings.
type (
	snake struct {
		ID        string          `json:"id"`
		AgentID   string          `json:"agent_id"`
		CreatedAt time.Time       `json:"created_at"`
		Active    *bool           `json:"is_active"`
		Carrier   carrier         `json:"carrier_info"`
		Attempts  []carrier       `json:"attempts"`
		Metadata  api.Metadata    `json:"metadata"`
		Free      json.RawMessage `json:"free_form"`
		Any       map[string]any  `json:"any"`
	}
	carrier struct {
		LineType string `json:"line_type"`
	}
	camel struct {
		ID           string `json:"id"`
		PhoneNumber  string `json:"phoneNumber"`
		DialedE164   string `json:"dialedE164"`
		AddressLine1 string `json:"addressLine1"`
	}
)

// TestOtherCasing proves that names in the other casing fill fields that nothing
// else filled, and nothing but fields.
func TestOtherCasing(t *testing.T) { // DEC-3
	t.Parallel()
	noon := time.Date(2026, 3, 8, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name, data string
		want       snake
	}{
		{"one", `{"id":"a","agentId":"b"}`, snake{ID: "a", AgentID: "b"}},
		{"beside its own", `{"agent_id":"b","agentId":"c"}`, snake{AgentID: "b"}},
		{"before its own", `{"agentId":"c","agent_id":"b"}`, snake{AgentID: "b"}},
		{"beside null", `{"agent_id":null,"agentId":"c"}`, snake{AgentID: "c"}},
		{"beside an empty one", `{"agent_id":"","agentId":"c"}`, snake{AgentID: "c"}},
		{"null", `{"id":"a","isActive":null}`, snake{ID: "a"}},
		{"false", `{"id":"a","isActive":false}`, snake{ID: "a", Active: ptr(false)}},
		{"false is filled", `{"is_active":false,"isActive":true}`, snake{Active: ptr(false)}},
		{"with another type", `{"agentId":7,"createdAt":1772971200}`, snake{AgentID: "7", CreatedAt: noon}},
		{"other letters", `{"AgentId":"b","CreatedAt":"2026-03-08T12:00:00Z"}`, snake{AgentID: "b", CreatedAt: noon}},
		{"nested", `{"carrier_info":{"lineType":"mobile"}}`, snake{Carrier: carrier{"mobile"}}},
		{"nested twice", `{"carrierInfo":{"lineType":"mobile"}}`, snake{Carrier: carrier{"mobile"}}},
		{"in a list", `{"attempts":[{"lineType":"x"},{"line_type":"y"}]}`, snake{Attempts: []carrier{{"x"}, {"y"}}}},
		{"free-form", `{"metadata":{"agentId":"x"},"any":{"createdAt":"x"},"free_form":{"agentId":"x"}}`,
			snake{Metadata: api.Metadata{"agentId": "x"}, Any: map[string]any{"createdAt": "x"}, Free: json.RawMessage(`{"agentId":"x"}`)}},
		{"free-form under another name", `{"freeForm":{"agentId":"x"}}`, snake{Free: json.RawMessage(`{"agentId":"x"}`)}},
		{"unknown", `{"id":"a","fooBar":{"agentId":"x"},"agentid":"y"}`, snake{ID: "a"}},
		{"in a text", `{"id":"\"agentId\":1"}`, snake{ID: `"agentId":1`}},
		{"blanks", " { \"agentId\" \n : \"b\" } ", snake{AgentID: "b"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, _, err := wire.One[snake]([]byte(`{"data":` + c.data + `,"meta":{}}`))
			require.NoError(t, err)
			assert.Equal(t, &c.want, got)
			got, _, err = wire.One[snake]([]byte(c.data))
			require.NoError(t, err)
			assert.Equal(t, &c.want, got, "bare")
			list, _, err := wire.Many[snake]([]byte(`{"data":[`+c.data+`,`+c.data+`]}`), nil)
			require.NoError(t, err)
			assert.Equal(t, []snake{c.want, c.want}, list)
			var alone snake
			require.NoError(t, wire.Unmarshal([]byte(c.data), &alone))
			assert.Equal(t, c.want, alone)
		})
	}
}

// TestSnakeForCamel proves the other direction.
func TestSnakeForCamel(t *testing.T) { // DEC-3
	t.Parallel()
	got, _, err := wire.One[camel]([]byte(`{"data":{"id":"a","phone_number":"1","dialed_e164":"2","address_line1":"3"}}`))
	require.NoError(t, err)
	assert.Equal(t, &camel{"a", "1", "2", "3"}, got)
	var kept json.RawMessage
	var alone camel
	require.NoError(t, wire.Keep([]byte(`{"phone_number":1}`), &alone, &kept))
	assert.Equal(t, camel{PhoneNumber: "1"}, alone)
	assert.JSONEq(t, `{"phone_number":1}`, string(kept))
}

// TestCasingOfAPage proves that the first item with a name of several words speaks
// for the page.
func TestCasingOfAPage(t *testing.T) { // DEC-3
	t.Parallel()
	got, _, err := wire.Many[snake]([]byte(`{"data":[{"id":"a"},{"id":"b"},{"id":"c","agentId":"d"},{"agentId":"e"}]}`), nil)
	require.NoError(t, err)
	assert.Equal(t, []snake{{ID: "a"}, {ID: "b"}, {ID: "c", AgentID: "d"}, {AgentID: "e"}}, got)
}
