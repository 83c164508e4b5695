package call_test

import (
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/internal/call"
)

// LEAK-1: names of fields and known codes stay what they are, since programs
// depend on them, also where somebody wrote the same words.
func TestProgramsReadWhatTheyDependOn(t *testing.T) {
	t.Parallel()
	s := play(answer(422, `{"error":{"code":"INVALID_PHONE_NUMBER","message":"metadata: invalid phone number","details":{"field":"metadata"}}}`))
	in := struct {
		Text     string            `json:"text"`
		Metadata map[string]string `json:"metadata"`
	}{"metadata, and an invalid phone number", map[string]string{"a": "b"}}
	_, err := call.Create[thing, thingWire](t.Context(), s.client(), call.Post("Things.Create", "/things"), in, nil)
	f := failure(t, err)
	assert.Equal(t, "INVALID_PHONE_NUMBER", f.Code)
	assert.Equal(t, "metadata", f.Details.Field)
	assert.Equal(t, "[hidden]: [hidden]", f.Message)
}

// secretive cannot be encoded, and says why with all that it holds.
type secretive string

func (s secretive) MarshalJSON() ([]byte, error) { return nil, errors.New("bad: " + string(s)) }

// LEAK-1: what fails before the request is made quotes nothing either.
func TestEarlyFailuresQuoteNothing(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]any{
		"encoder": map[string]any{"a": secretive("covert")},
		"reader":  call.File{Part: "file", Name: "covert.txt", ContentType: "text/plain", MaxMiB: 1, Content: io.MultiReader(strings.NewReader("x"), unread{})},
	} {
		_, err := call.Create[thing, thingWire](context.Background(), play().client(), call.Post("Things.Create", "/things"), in, nil)
		f := failure(t, err)
		require.Error(t, f.Err, name)
		assert.Contains(t, f.Err.Error(), "[hidden]", name)
		assert.NotContains(t, f.Err.Error(), "covert", name)
	}
	_, err := call.Create[thing, thingWire](context.Background(), play().client(), call.Post("Things.Create", "/things"), map[string]any{"a": make(chan int)}, nil)
	assert.EqualError(t, failure(t, err).Err, "json: unsupported type: chan int")
}

type unread struct{}

func (unread) Read([]byte) (int, error) { return 0, errors.New("open /tmp/covert.txt: gone") }

// LEAK-2: what is no ID is none.
func TestRequestIDs(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"req_20260308": "req_20260308", "req\u00fc": "req_header", strings.Repeat("a", 129): "req_header", "a\nb": "req_header",
		"dv_live_sk_other1": "[hidden]", "req_covertword": "req_[hidden]",
	} {
		s := play(answer(422, `{"meta":{"request_id":`+strconv.Quote(id)+`}}`, "X-Request-Id", "req_header"))
		_, err := call.Do[thing, thingWire](t.Context(), s.client(), call.Get("Things.Get", "/things/{id}", "covertword"), nil, nil)
		assert.Equal(t, want, failure(t, err).RequestID, id)
	}
}
