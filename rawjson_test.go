package orbit_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/numbers"
)

// The JSON of two messages: with a field that no SDK knows, and odd enough to be
// read the lenient way.
const (
	firstRaw  = `{ "id":"msg_1", "novel":{"a":1.0} }`
	secondRaw = `{"id":7,"createdAt":1772971200,"novel":"canary"}`
)

// DEC-7: WithRawJSON keeps the JSON of each result and each item, byte for byte.
func TestWithRawJSON(t *testing.T) {
	t.Parallel()
	raw := orbit.WithRawJSON()
	ctx := t.Context()
	to := messages.SendSMSParams{To: "+15005550002", Body: "Hello"}
	for name, one := range map[string]string{
		"in an envelope": `{"data":` + firstRaw + `,"meta":{}}`, "bare": firstRaw, "behind a mark": "\ufeff" + ` {"data": ` + firstRaw + ` }`,
	} {
		client := newTestClient(t, &recorder{status: 200, body: one})
		created, err := client.Messages.SendSMS(ctx, to, raw)
		require.NoError(t, err)
		assert.Equal(t, firstRaw, string(created.RawJSON()), name)
		got, err := client.Messages.Get(ctx, "msg_1", raw)
		require.NoError(t, err)
		assert.Equal(t, firstRaw, string(got.RawJSON()), name)
	}
	for name, page := range map[string]string{
		"in an envelope": `{"data":[` + firstRaw + ` , ` + secondRaw + `],"meta":{"pagination":{"has_more":false}}}`,
		"nested":         `{"data":{"messages":[` + firstRaw + `,` + secondRaw + `]}}`,
		"bare":           `[` + firstRaw + `,` + secondRaw + `]`,
	} {
		client := newTestClient(t, &recorder{status: 200, body: page})
		want := []string{firstRaw, secondRaw}
		list, err := client.Messages.List(ctx, messages.ListParams{}, raw)
		require.NoError(t, err)
		assert.Nil(t, list.RawJSON(), "the page itself has none")
		assert.Equal(t, want, raws(list.Items), name)
		for p, err := range client.Messages.Pages(ctx, messages.ListParams{}, raw) {
			require.NoError(t, err)
			assert.Equal(t, want, raws(p.Items), name)
		}
		all, err := orbit.Collect(client.Messages.All(ctx, messages.ListParams{}, raw), 10)
		require.NoError(t, err)
		assert.Equal(t, want, raws(all), name)
	}
	rows := newTestClient(t, &recorder{status: 200, body: `[{"number":"+1","novel":1},{"number":"+2","novel":2}]`})
	var exported []string
	for row, err := range rows.Numbers.ExportRows(ctx, numbers.ExportRowsParams{}, raw) {
		require.NoError(t, err)
		exported = append(exported, string(row.RawJSON()))
	}
	assert.Equal(t, []string{`{"number":"+1","novel":1}`, `{"number":"+2","novel":2}`}, exported)

	byDefault := newTestClient(t, &recorder{status: 200, body: firstRaw}, orbit.WithDefaults(raw))
	got, err := byDefault.Messages.Get(ctx, "msg_1")
	require.NoError(t, err)
	assert.Equal(t, firstRaw, string(got.RawJSON()))
	assert.NotContains(t, fmt.Sprintf("%+v %#v %+v", got, got.Info, *got.Info), "novel")
	out, err := json.Marshal(got.Info)
	require.NoError(t, err)
	assert.NotContains(t, string(out), "novel")
}

// DEC-7: of a message to a group each recipient's has its own JSON.
func TestWithRawJSONOfAGroup(t *testing.T) {
	t.Parallel()
	to := messages.SendGroupParams{To: []string{"+15005550002", "+15005550003"}, Body: "Hello"}
	for body, want := range map[string][]string{
		`[` + firstRaw + `,` + secondRaw + `]`:              {firstRaw, secondRaw},
		`{"messages":[` + firstRaw + `,` + secondRaw + `]}`: {firstRaw, secondRaw},
		firstRaw: {firstRaw},
	} {
		client := newTestClient(t, &recorder{status: 200, body: `{"data":` + body + `}`})
		got, err := client.Messages.SendGroup(t.Context(), to, orbit.WithRawJSON())
		require.NoError(t, err)
		assert.Equal(t, body, string(got.RawJSON()))
		assert.Equal(t, want, raws(got.Messages))
	}
}

// DEC-7: without the option nothing is kept, and an item does not keep its page.
func TestWithoutRawJSON(t *testing.T) {
	t.Parallel()
	client := newTestClient(t, &recorder{status: 200, body: `{"data":[` + firstRaw + `,` + secondRaw + `]}`})
	list, err := client.Messages.List(t.Context(), messages.ListParams{})
	require.NoError(t, err)
	assert.Equal(t, []string{"", ""}, raws(list.Items))
	assert.Same(t, list.Items[0].Info, list.Items[1].Info)
	var response orbit.Response
	kept, err := client.Messages.List(t.Context(), messages.ListParams{}, orbit.WithRawJSON(), orbit.CaptureResponse(&response))
	require.NoError(t, err)
	clear(response.Body())
	assert.Equal(t, []string{firstRaw, secondRaw}, raws(kept.Items), "they are copies")
	made := messages.Message{Meta: api.Meta{Info: api.NewResponseInfo(api.ResponseInfo{StatusCode: 200}, json.RawMessage(`{}`))}}
	assert.Equal(t, "{}", string(made.RawJSON()), "fakes of users can have one")
	assert.Nil(t, new(messages.Message).RawJSON())
}

func raws(list []messages.Message) []string {
	out := make([]string, len(list))
	for i, m := range list {
		out[i] = string(m.RawJSON())
	}
	return out
}
