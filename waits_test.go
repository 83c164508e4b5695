package orbit_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/agents"
	"github.com/devotel/orbit-go/flows"
	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/orbittest"
	"github.com/devotel/orbit-go/voice"
)

// waiting is a wait that was prepared.
type waiting func(context.Context, ...orbit.CallOption) error

// waits are all operations that poll: each prepares what it waits for, and says
// which route it polls.
func waits() map[string]func(*testing.T, *orbittest.Server, *orbit.Client) (route string, wait waiting) {
	return map[string]func(*testing.T, *orbittest.Server, *orbit.Client) (string, waiting){
		"Messages.Wait": func(t *testing.T, _ *orbittest.Server, c *orbit.Client) (string, waiting) {
			msg, err := c.Messages.SendSMS(t.Context(), messages.SendSMSParams{To: "+15005550002", Body: "Hello"})
			require.NoError(t, err)
			return "GET /messages/{id}", func(ctx context.Context, opts ...orbit.CallOption) error {
				_, err := c.Messages.Wait(ctx, msg.ID, messages.WaitParams{}, opts...)
				return err
			}
		},
		"Voice.Calls.Wait": func(t *testing.T, _ *orbittest.Server, c *orbit.Client) (string, waiting) {
			call, err := c.Voice.Calls.Create(t.Context(), voice.CreateCallParams{To: "+15005550002"})
			require.NoError(t, err)
			return "GET /voice/calls/{id}", func(ctx context.Context, opts ...orbit.CallOption) error {
				_, err := c.Voice.Calls.Wait(ctx, call.ID, voice.WaitParams{}, opts...)
				return err
			}
		},
		"Voice.Recordings.Wait": func(t *testing.T, _ *orbittest.Server, c *orbit.Client) (string, waiting) {
			call, err := c.Voice.Calls.Create(t.Context(), voice.CreateCallParams{To: "+15005550002", Record: true})
			require.NoError(t, err)
			return "GET /voice/calls/{id}", func(ctx context.Context, opts ...orbit.CallOption) error {
				_, err := c.Voice.Recordings.Wait(ctx, call.ID, voice.WaitParams{}, opts...)
				return err
			}
		},
		"Flows.Executions.Wait": func(t *testing.T, s *orbittest.Server, c *orbit.Client) (string, waiting) {
			definition, err := flows.ParseDefinition([]byte(`{"nodes":[{"id":"start","type":"trigger"}],"edges":[]}`))
			require.NoError(t, err)
			flow, err := c.Flows.Create(t.Context(), flows.CreateParams{Name: "Greeting", TriggerType: "inbound_message", Definition: definition})
			require.NoError(t, err)
			id := s.TriggerFlow(flow.ID, orbittest.FlowRun{})
			return "GET /flows/executions/{id}", func(ctx context.Context, opts ...orbit.CallOption) error {
				_, err := c.Flows.Executions.Wait(ctx, id, flows.WaitParams{}, opts...)
				return err
			}
		},
		"Documents.Wait": func(t *testing.T, _ *orbittest.Server, c *orbit.Client) (string, waiting) {
			base, err := c.Agents.KnowledgeBases.Create(t.Context(), agents.CreateKnowledgeBaseParams{Name: "FAQ"})
			require.NoError(t, err)
			documents := c.Agents.KnowledgeBases.Documents
			document, err := documents.Upload(t.Context(), base.ID, agents.UploadDocumentParams{Filename: "a.txt", Content: strings.NewReader("x")})
			require.NoError(t, err)
			return "GET /knowledge-bases/{id}/documents", func(ctx context.Context, opts ...orbit.CallOption) error {
				_, err := documents.Wait(ctx, base.ID, document.ID, agents.WaitParams{}, opts...)
				return err
			}
		},
	}
}

// TestWaits proves of each wait that it outlives an outage, and that a time limit
// bounds it as a whole.
func TestWaits(t *testing.T) { // FATE-7
	t.Parallel()
	for name, prepare := range waits() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server := orbittest.New(t, orbittest.AllowUnusedFaults())
				route, wait := prepare(t, server, server.Client())
				outage := make([]orbittest.Fault, 30)
				for i := range outage {
					outage[i] = orbittest.Unavailable()
				}
				server.FailNext(route, outage...)
				began := time.Now()
				require.NoError(t, wait(t.Context()))
				assert.Greater(t, len(server.Requests(route)), len(outage))
				assert.Greater(t, time.Since(began), 10*time.Second)

				server.FailNext(route, outage...)
				began = time.Now()
				err := wait(t.Context(), orbit.WithTimeout(3*time.Second))
				var unfinished *orbit.WaitError
				require.ErrorAs(t, err, &unfinished)
				require.ErrorIs(t, err, context.DeadlineExceeded)
				require.ErrorIs(t, err, orbit.ErrServer)
				assert.Equal(t, 3*time.Second, time.Since(began))
			})
		})
	}
}
