package agents_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/agents"
	"github.com/devotel/orbit-go/orbittest"
)

func ask(message string) agents.ChatParams { return agents.ChatParams{Message: message} }

// TestChatAnswers reads the reply under each of the names that it may have, and
// keeps what it cannot read: the turn was paid for.
func TestChatAnswers(t *testing.T) { // FWD-1
	t.Parallel()
	for _, c := range []struct{ name, data, text, conversation string }{
		{"response", `{"conversation_id":"conv_1","response":"Hi"}`, "Hi", "conv_1"},
		{"message", `{"conversation_id":"conv_1","message":"Hi"}`, "Hi", "conv_1"},
		{"reply", `{"conversationId":"conv_1","reply":"Hi"}`, "Hi", "conv_1"},
		{"an empty one beside it", `{"response":"","message":null,"reply":"Hi"}`, "Hi", ""},
		{"several", `{"reply":"c","message":"b","response":"a"}`, "a", ""},
		{"a message object", `{"message":{"role":"assistant","content":"Hi"}}`, "Hi", ""},
		{"an object with a text", `{"reply":{"text":"Hi"}}`, "Hi", ""},
		{"an object within", `{"reply":{"message":{"content":"Hi"}}}`, "Hi", ""},
		{"numbers", `{"conversation_id":7,"response":42}`, "42", "7"},
		{"another form", `{"response":["Hi"],"reply":{"parts":[1]}}`, "", ""},
		{"nothing", `{"conversation_id":null,"response":null}`, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, body := range []string{`{"data":` + c.data + `,"meta":{"request_id":"req_1"}}`, c.data} {
				got, err := answering(t, body).Chat(t.Context(), "agt_1", ask("Hello"))
				require.NoError(t, err)
				assert.Equal(t, c.text, got.Message)
				assert.Equal(t, c.conversation, got.ConversationID)
				assert.Equal(t, c.data, string(got.Raw))
				assert.Nil(t, got.ToolCalls)
				assert.Nil(t, got.Usage)
			}
		})
	}
}

func TestChatRawParts(t *testing.T) { // FWD-5
	t.Parallel()
	got, err := answering(t, `{"data":{"response":"Hi","tool_calls":[{"name":"quote","n":9007199254740993}],"usage":{"total_tokens":12}}}`).
		Chat(t.Context(), "agt_1", ask("Hello"))
	require.NoError(t, err)
	assert.Equal(t, `[{"name":"quote","n":9007199254740993}]`, string(got.ToolCalls))
	assert.Equal(t, `{"total_tokens":12}`, string(got.Usage))
	got, err = answering(t, `{"data":{"response":"Hi","tool_calls":null,"usage":null}}`).Chat(t.Context(), "agt_1", ask("Hello"))
	require.NoError(t, err)
	assert.Nil(t, got.ToolCalls)
	assert.Nil(t, got.Usage)
	encoded, err := json.Marshal(got)
	require.NoError(t, err)
	assert.Equal(t, `{"response":"Hi"}`, string(encoded))
}

// TestChatIsNotRepeated asks the agent once where nobody knows what became of the
// first time, unless the caller wants it otherwise.
func TestChatIsNotRepeated(t *testing.T) { // RET-3
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, c := range []struct {
			opts  []orbit.CallOption
			asked int
		}{
			{nil, 1},
			{[]orbit.CallOption{orbit.WithRetry(orbit.RetryDefault)}, 2},
			{[]orbit.CallOption{orbit.WithRetry(orbit.RetrySafe)}, 1},
		} {
			server := orbittest.New(t)
			s := server.Client().Agents
			agent, err := s.Create(t.Context(), agents.CreateParams{Name: "Support"})
			require.NoError(t, err)
			server.FailNext("POST /agents/{id}/chat", orbittest.ResetAfter())

			reply, err := s.Chat(t.Context(), agent.ID, ask("Hello"), c.opts...)

			requests := server.Requests("POST /agents/{id}/chat")
			assert.Len(t, requests, c.asked)
			assert.NotEmpty(t, requests[0].IdempotencyKey)
			if c.asked == 1 {
				require.Error(t, err)
				assert.True(t, orbit.MaybeSent(err))
				continue
			}
			require.NoError(t, err)
			assert.Equal(t, "Hello", reply.Message)
			assert.True(t, requests[1].Replayed, "the agent was asked once")
		}

		// What was provably not taken is repeated.
		server := orbittest.New(t)
		s := server.Client().Agents
		agent, err := s.Create(t.Context(), agents.CreateParams{Name: "Support"})
		require.NoError(t, err)
		server.FailNext("POST /agents/{id}/chat", orbittest.Refused(), orbittest.RateLimited(30*time.Second))
		_, err = s.Chat(t.Context(), agent.ID, ask("Hello"))
		require.NoError(t, err)
		assert.Len(t, server.Requests("POST /agents/{id}/chat"), 3)
	})
}

// TestChatIsPatient gives the agent minutes, unless the caller does not.
func TestChatIsPatient(t *testing.T) { // HTTP-3, RET-7
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := orbittest.New(t)
		s := server.Client(orbit.WithDefaults(orbit.WithAttemptTimeout(10 * time.Second))).Agents
		agent, err := s.Create(t.Context(), agents.CreateParams{Name: "Support"})
		require.NoError(t, err)
		slow := orbittest.Fault{Delay: agents.ChatTimeout - time.Second}
		server.FailNext("POST /agents/{id}/chat", slow, orbittest.Fault{Delay: agents.ChatTimeout + time.Second}, slow)

		_, err = s.Chat(t.Context(), agent.ID, ask("Hello"))
		require.NoError(t, err)

		for _, opts := range [][]orbit.CallOption{nil, {orbit.WithAttemptTimeout(time.Second)}} {
			started := time.Now()
			_, err = s.Chat(t.Context(), agent.ID, ask("Hello"), opts...)
			var silent *orbit.TransportError
			require.ErrorAs(t, err, &silent)
			assert.True(t, silent.Timeout())
			want := agents.ChatTimeout
			if opts != nil {
				want = time.Second
			}
			assert.Equal(t, want, time.Since(started))
		}
		assert.Len(t, server.Requests("POST /agents/{id}/chat"), 3)
	})
}

// TestChatMessageIsNotPrinted keeps what people wrote out of errors, also when the
// server repeats it.
func TestChatMessageIsNotPrinted(t *testing.T) { // SEC-4
	t.Parallel()
	mock := newMock(t)
	mock.RegisterNoResponder(httpmock.NewStringResponder(http.StatusUnprocessableEntity,
		`{"error":{"code":"VALIDATION_ERROR","message":"Not answered: my card is lost"}}`))
	_, err := newService(t, mock).Chat(t.Context(), "agt_1", ask("my card is lost"))
	require.ErrorIs(t, err, orbit.ErrInvalid)
	assert.NotContains(t, err.Error(), "card")
}
