package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/api"
)

// result is how Meta stands in results.
type result struct {
	api.Meta `json:"-"`

	ID string `json:"id"`
}

func TestMetaWithoutAnswer(t *testing.T) { // ERG-4
	t.Parallel()
	made := result{ID: "x"}
	assert.Nil(t, made.Info)
	assert.Empty(t, made.RequestID())
	assert.True(t, made.RateLimit().IsZero())
}

func TestMetaOfAnswer(t *testing.T) { // ERR-5, LIM-6
	t.Parallel()
	limit := api.RateLimit{Limit: 100, Remaining: 99, Reset: time.Unix(1772971260, 0).UTC()}
	got := result{Meta: api.Meta{Info: &api.ResponseInfo{RequestID: "req_1", RateLimit: limit}}}
	assert.Equal(t, "req_1", got.RequestID())
	assert.Equal(t, limit, got.RateLimit())
	assert.False(t, got.RateLimit().IsZero())
	assert.False(t, api.RateLimit{Limit: 1}.IsZero())
}

// TestMetaIsInvisible proves that embedding Meta changes neither what a result
// prints nor what it is encoded as: no method of it is promoted that would.
func TestMetaIsInvisible(t *testing.T) {
	t.Parallel()
	got := result{Meta: api.Meta{Info: &api.ResponseInfo{RequestID: "req_1"}}, ID: "x"}
	out, err := json.Marshal(got)
	require.NoError(t, err)
	assert.Equal(t, `{"id":"x"}`, string(out))
	assert.Contains(t, fmt.Sprintf("%+v", got), "ID:x")
	assert.Equal(t, reflect.TypeFor[*int]().Size(), reflect.TypeFor[api.Meta]().Size(), "one word wide")
}

func TestMetaIgnoresItsNameInAnswers(t *testing.T) {
	t.Parallel()
	var got result
	require.NoError(t, json.Unmarshal([]byte(`{"id":"x","Info":{"RequestID":"forged"},"Meta":{"Info":{}}}`), &got))
	assert.Equal(t, result{ID: "x"}, got)
}

func TestResponse(t *testing.T) {
	t.Parallel()
	var none api.Response
	assert.Nil(t, none.Header())
	assert.Nil(t, none.Body())

	const canary = "+14155552671"
	made := api.NewResponse(api.Response{NextCursor: "c"}, http.Header{"X-Request-Id": {"req_1"}, "X-To": {canary}}, []byte(canary))
	assert.Equal(t, "req_1", made.Header().Get("X-Request-Id"))
	assert.Equal(t, canary, string(made.Body()))
	assert.Equal(t, "c", made.NextCursor)
	assert.Nil(t, none.Body(), "a value of its own")
	for _, verb := range []string{"%v", "%+v", "%#v"} {
		assert.NotContains(t, fmt.Sprintf(verb, made), canary, "no dump shows headers or body") // SEC-4
	}
	out, err := json.Marshal(made)
	require.NoError(t, err)
	assert.NotContains(t, string(out), canary)
}
