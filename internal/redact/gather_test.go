package redact_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/redact"
)

type channel string

func (c channel) Known() bool { return c == "whatsapp" }

// letter is params that hold everything in which something can be written.
type letter struct {
	To       string            `json:"recipient"`
	Channel  channel           `json:"channel"`
	Later    api.Opt[channel]  `json:"later,omitzero"`
	Metadata map[string]string `json:"metadata"`
	Amount   int               `json:"amount"`
	Lines    []struct {
		Content string `json:"content"`
	} `json:"lines"`
}

// LEAK-1: all of a body is secret, the names in free-form maps too. The names of
// the API's fields and the values that have constants are not.
func TestJSON(t *testing.T) {
	t.Parallel()
	params := letter{
		To: "Jane \"Quote\" Dœ", Channel: "whatsapp", Later: api.Set(channel("telegram")), Amount: 48291,
		Metadata: map[string]string{"customer": "acme", "recipient": "x"},
		Lines: []struct {
			Content string `json:"content"`
		}{{Content: "hello\nthere"}},
	}
	body, err := json.Marshal(params)
	require.NoError(t, err)
	var w redact.Written
	w.Learn(params)
	w.AddJSON(body)
	for in, want := range map[string]string{
		"recipient, channel, metadata, amount, lines[0].content": "recipient, channel, metadata, amount, lines[0].content",
		"whatsapp is not set up":                                 "whatsapp is not set up",
		"telegram is no constant here":                           "[hidden] is no constant here",
		"metadata.customer is acme":                              "metadata.[hidden] is [hidden]",
		"amount 48291 is, 8291 is, 482 is not":                   "amount [hidden] is, [hidden] is, 482 is not",
		`Jane "quote" dœ`:                                        "[hidden]",
		`said \"Jane \\\"Quote\\\" D\u0153\"`:                    `said \"[hidden]\"`,
		"hello there":                                            "[hidden]",
		"true is not a number":                                   "true is not a number",
	} {
		text := in
		w.Hide(redact.Text{At: &text, Limit: 200})
		assert.Equal(t, want, text)
	}
}

// Bodies that are no JSON after all are secret as far as they can be read.
func TestBrokenJSON(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"a":{"b":"covert`, `"covert"}]`, `["covert\`, `{"a" "covert" 1}`} {
		var w redact.Written
		w.AddJSON([]byte(body))
		text := "is covert here"
		w.Hide(redact.Text{At: &text, Limit: 200})
		assert.Equal(t, "is [hidden] here", text, body)
	}
}

// LEAK-1: queries and forms are secret by their values.
func TestForm(t *testing.T) {
	t.Parallel()
	var w redact.Written
	w.AddForm("status=open+door&bad=%zzkey&plain&to=j%40x.test&any=sixth%2Cseven")
	text := "status open door, %zzkey, j@x.test, seven of sixth"
	w.Hide(redact.Text{At: &text, Limit: 200})
	assert.Equal(t, "status [hidden], [hidden], [hidden], [hidden] of [hidden]", text)
}

// LEAK-1: a file is secret at every place, also where the pieces meet in which it
// is looked at.
func TestContent(t *testing.T) {
	t.Parallel()
	var content strings.Builder
	for i := range 4000 {
		content.WriteString(string(rune('a'+i%26)) + string(rune('a'+i/26%26)) + string(rune('a'+i/676)) + " ")
	}
	var w redact.Written
	w.AddContent([]byte(content.String()))
	for at := 0; at+11 <= content.Len(); at += 404 {
		text := "1: " + content.String()[at:at+11] + " 9"
		w.Hide(redact.Text{At: &text, Limit: 200})
		require.Equal(t, "1: [hidden] 9", text, at)
	}
}

// LEAK-2: an ID is hidden only where it holds the key or what can be no chance;
// its digits stay.
func TestID(t *testing.T) {
	t.Parallel()
	var w redact.Written
	w.AddKey("dv_test_sk_0123abcd")
	w.Add("+14155552671")
	w.Add("covert")
	w.Add("longer text")
	for in, want := range map[string]string{
		"req_20260308120000":      "req_20260308120000",
		"req_covert_2671":         "req_covert_2671",
		"req_0123abcd":            "req_[hidden]",
		"req_longertext":          "req_[hidden]",
		"req_dv_test_sk_another1": "req_[hidden]",
		"req_155552671":           "req_[hidden]",
		"dv_test_req":             "dv_test_req",
	} {
		text := in
		w.Hide(redact.Text{At: &text, Limit: 200, ID: true})
		assert.Equal(t, want, text)
	}
}

// Lines are cut after what was written is hidden, and hold nothing that breaks
// them.
func TestLines(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "a b c", redact.String("a\n\tb\x1b c\u0085", 10))
	assert.Equal(t, "aaaa…", redact.String("aaaaaaaa", 5))
	assert.Equal(t, "[hidden] [hid…", redact.String("covert covert", 14, "covert"))
	assert.Empty(t, redact.String("", 5, "covert"))
}
