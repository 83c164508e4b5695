package agents_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/agents"
	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/orbittest"
)

// inBothGenerations runs a test against an Orbit in memory of each generation.
func inBothGenerations(t *testing.T, test func(*testing.T, *orbittest.Server, *agents.Service)) {
	t.Helper()
	for name, generation := range map[string]orbittest.Generation{"newer": orbittest.Newer, "older": orbittest.Older} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server := orbittest.New(t, orbittest.WithGeneration(generation), orbittest.WithoutLimits())
				test(t, server, server.Client().Agents)
			})
		})
	}
}

// support is an agent with all that the older generation asks for.
func support(name string) agents.CreateParams {
	return agents.CreateParams{Name: name, Type: agents.TypeChatbot, Model: "m-1", SystemPrompt: "Be kind."}
}

// TestAgentFlow takes an agent through its life.
func TestAgentFlow(t *testing.T) {
	t.Parallel()
	inBothGenerations(t, func(t *testing.T, _ *orbittest.Server, s *agents.Service) {
		ctx := t.Context()
		params := support("Support")
		params.Tools = []agents.Tool{{ID: agents.ToolIDSendSMS}, {Name: "quote"}}
		params.MaxCostPerRunCents = orbit.Ptr(0)
		created, err := s.Create(ctx, params)
		require.NoError(t, err)
		assert.Nil(t, created.Tools, "a create echoes little")
		_, whole := created.ReplaceParams()
		assert.False(t, whole)
		stored, err := s.Get(ctx, created.ID)
		require.NoError(t, err)
		assert.Equal(t, params.Tools, stored.Tools)
		assert.Equal(t, 2, stored.ToolsCount)
		assert.Equal(t, orbit.Ptr(0.7), stored.Temperature)
		assert.Equal(t, 4096, stored.MaxTokens)
		assert.Equal(t, orbit.Ptr(0), stored.MaxCostPerRunCents)
		assert.Nil(t, stored.MaxCostPerConversationCents)
		assert.Equal(t, orbit.Ptr(25), stored.MaxAPICallsPerRun)

		deployed, err := s.Deploy(ctx, created.ID, agents.DeployParams{Channel: agents.ChannelSMS})
		require.NoError(t, err)
		assert.Equal(t, agents.StatusActive, deployed.Status)
		assert.Equal(t, []agents.Channel{agents.ChannelSMS}, deployed.Channels)

		time.Sleep(time.Minute)
		updated, err := s.Update(ctx, created.ID, agents.UpdateParams{
			MaxCostPerRunCents: api.Null[int](), MaxCostPerConversationCents: api.Set(50), Tools: []agents.Tool{},
		})
		require.NoError(t, err)
		assert.Nil(t, updated.MaxCostPerRunCents, "null took the cap away")
		assert.Equal(t, orbit.Ptr(50), updated.MaxCostPerConversationCents)
		assert.Empty(t, updated.Tools)
		assert.Equal(t, "Be kind.", updated.SystemPrompt, "what is not given stays")
		assert.Equal(t, time.Minute, updated.UpdatedAt.Sub(updated.CreatedAt))

		got, err := s.Get(ctx, created.ID)
		require.NoError(t, err)
		same, whole := got.ReplaceParams()
		assert.True(t, whole)
		replaced, err := s.Replace(ctx, created.ID, same)
		require.NoError(t, err)
		assert.Equal(t, plain(*got), plain(*replaced), "a whole agent is the same agent") // ERG-3
		smaller, _ := got.ReplaceParams()
		smaller.MaxCostPerConversationCents, smaller.Description, smaller.Temperature = nil, "Answers", orbit.Ptr(0.)
		replaced, err = s.Replace(ctx, created.ID, smaller)
		require.NoError(t, err)
		assert.Nil(t, replaced.MaxCostPerConversationCents)
		assert.Equal(t, "Answers", replaced.Description)
		assert.Equal(t, orbit.Ptr(0.), replaced.Temperature)

		require.NoError(t, s.Delete(ctx, created.ID))
		_, err = s.Get(ctx, created.ID)
		require.ErrorIs(t, err, orbit.ErrNotFound)
	})
}

// TestAgentLists reads lists whole, filtered, and page by page.
func TestAgentLists(t *testing.T) { // PAG-1, PAG-6
	t.Parallel()
	inBothGenerations(t, func(t *testing.T, _ *orbittest.Server, s *agents.Service) {
		ctx := t.Context()
		var all []string
		for i := range 5 {
			created, err := s.Create(ctx, support(fmt.Sprintf("Agent %d", i)))
			require.NoError(t, err)
			_, err = s.Update(ctx, created.ID, agents.UpdateParams{Status: agents.StatusDraft}) // an older one is active at once
			require.NoError(t, err)
			all = append(all, created.ID)
			time.Sleep(time.Second)
		}
		_, err := s.Deploy(ctx, all[3], agents.DeployParams{Channel: agents.ChannelVoice})
		require.NoError(t, err)
		list := func(params agents.ListParams) (found []string) {
			for agent, err := range s.All(ctx, params) {
				require.NoError(t, err)
				found = append(found, agent.ID)
			}
			return found
		}
		assert.Equal(t, all, list(agents.ListParams{Limit: 2, Sort: "created_at"}))
		assert.Equal(t, all[3:4], list(agents.ListParams{Status: agents.StatusActive}))
		assert.Equal(t, all[1:2], list(agents.ListParams{Search: "agent 1"}))

		var cursor string
		for page, err := range s.Pages(ctx, agents.ListParams{Limit: 2, Sort: "created_at"}) {
			require.NoError(t, err)
			assert.Len(t, page.Items, 2)
			cursor = page.NextCursor
			break
		}
		assert.Equal(t, all[2:], list(agents.ListParams{Cursor: cursor, Sort: "created_at"}))

		tools, err := s.ListTools(ctx)
		require.NoError(t, err)
		assert.Len(t, tools.Items, 8)
		for _, tool := range tools.Items {
			assert.True(t, tool.ID.Known(), tool.ID)
			assert.NotEmpty(t, tool.Name)
			assert.NotEmpty(t, tool.Description)
		}
	})
}

// TestChatFlow talks to an agent, and sees what lists say of it.
func TestChatFlow(t *testing.T) {
	t.Parallel()
	inBothGenerations(t, func(t *testing.T, server *orbittest.Server, s *agents.Service) {
		ctx := t.Context()
		agent, err := s.Create(ctx, support("Support"))
		require.NoError(t, err)
		first, err := s.Chat(ctx, agent.ID, ask("Hello there"))
		require.NoError(t, err)
		assert.Equal(t, "Hello there", first.Message, "an agent without a script is an echo")
		assert.NotEmpty(t, first.Usage)

		server.ReplyNext(orbittest.AgentReply{Message: "At nine.", Fields: map[string]any{"tool_calls": []string{"search_knowledge"}}})
		second, err := s.Chat(ctx, agent.ID, agents.ChatParams{Message: "When?", ConversationID: first.ConversationID})
		require.NoError(t, err)
		assert.Equal(t, "At nine.", second.Message)
		assert.Equal(t, `["search_knowledge"]`, string(second.ToolCalls))
		assert.Equal(t, first.ConversationID, second.ConversationID)

		other, err := s.Chat(ctx, agent.ID, ask("Hello"))
		require.NoError(t, err)
		assert.NotEqual(t, first.ConversationID, other.ConversationID)

		page, err := s.List(ctx, agents.ListParams{})
		require.NoError(t, err)
		assert.Equal(t, 2, page.Items[0].ConversationCount)
		assert.Equal(t, 2, page.Items[0].ActiveConversations)
		assert.Equal(t, int64(9), page.Items[0].TotalTokens) // two and two, one and two, one and one words
		assert.False(t, page.Items[0].LastActiveAt.IsZero())
	})
}

// TestKnowledgeFlow fills a knowledge base, and asks it and an agent.
func TestKnowledgeFlow(t *testing.T) {
	t.Parallel()
	inBothGenerations(t, func(t *testing.T, _ *orbittest.Server, s *agents.Service) {
		ctx := t.Context()
		base, err := s.KnowledgeBases.Create(ctx, agents.CreateKnowledgeBaseParams{Name: "FAQ", Description: "Answers"})
		require.NoError(t, err)
		docs := s.KnowledgeBases.Documents
		upload := func(name, text string) *agents.Document {
			document, err := docs.Upload(ctx, base.ID, agents.UploadDocumentParams{Filename: name, Content: strings.NewReader(text)})
			require.NoError(t, err)
			assert.Equal(t, agents.DocumentStatusProcessing, document.Status)
			assert.Equal(t, name, document.Name)
			assert.Equal(t, int64(len(text)), document.Size)
			return document
		}
		faq := upload("faq.md", "# FAQ\n\nThe shop opens at nine.\n\nParcels take two days.")
		blank := upload("blank.txt", " ")
		question := agents.SearchParams{Query: "When does the shop open?", TopK: 1}
		hits, err := s.KnowledgeBases.Search(ctx, base.ID, question)
		require.NoError(t, err)
		assert.Empty(t, hits.Items, "nothing is ready yet")

		time.Sleep(time.Second)
		states := map[string]agents.DocumentStatus{}
		for document, err := range docs.All(ctx, base.ID, agents.ListDocumentsParams{Limit: 1}) {
			require.NoError(t, err)
			states[document.ID] = document.Status
			assert.Equal(t, document.ID == blank.ID, document.Error != "")
		}
		assert.Equal(t, map[string]agents.DocumentStatus{faq.ID: agents.DocumentStatusReady, blank.ID: agents.DocumentStatusFailed}, states)
		again, err := docs.Retry(ctx, base.ID, blank.ID)
		require.NoError(t, err)
		assert.Equal(t, agents.DocumentStatusProcessing, again.Status)

		hits, err = s.KnowledgeBases.Search(ctx, base.ID, question)
		require.NoError(t, err)
		require.Len(t, hits.Items, 1)
		assert.Equal(t, faq.ID, hits.Items[0].DocumentID)
		assert.Equal(t, "The shop opens at nine.", hits.Items[0].Text)
		assert.Greater(t, hits.Items[0].Score, 0.)

		params := support("Support")
		params.KnowledgeBaseIDs = []string{base.ID}
		agent, err := s.Create(ctx, params)
		require.NoError(t, err)
		reply, err := s.Chat(ctx, agent.ID, ask("How long do parcels take?"))
		require.NoError(t, err)
		assert.Equal(t, "Parcels take two days.", reply.Message)

		base, err = s.KnowledgeBases.Get(ctx, base.ID)
		require.NoError(t, err)
		assert.Equal(t, 2, base.DocumentCount)
		base, err = s.KnowledgeBases.Update(ctx, base.ID, agents.UpdateKnowledgeBaseParams{Name: "Shop"})
		require.NoError(t, err)
		assert.Equal(t, "Shop", base.Name)
		assert.Empty(t, base.Description)
		require.NoError(t, docs.Delete(ctx, base.ID, faq.ID))
		page, err := docs.List(ctx, base.ID, agents.ListDocumentsParams{})
		require.NoError(t, err)
		assert.Len(t, page.Items, 1)
		require.NoError(t, s.KnowledgeBases.Delete(ctx, base.ID))
		_, err = s.KnowledgeBases.Get(ctx, base.ID)
		require.ErrorIs(t, err, orbit.ErrNotFound)
	})
}

// TestKnowledgeLists reads each list page by page.
func TestKnowledgeLists(t *testing.T) { // PAG-1, PAG-6
	t.Parallel()
	inBothGenerations(t, func(t *testing.T, _ *orbittest.Server, s *agents.Service) {
		ctx := t.Context()
		var bases, documents []string
		for i := range 3 {
			base, err := s.KnowledgeBases.Create(ctx, agents.CreateKnowledgeBaseParams{Name: "FAQ"})
			require.NoError(t, err)
			bases = append([]string{base.ID}, bases...)
			document, err := s.KnowledgeBases.Documents.Upload(ctx, bases[len(bases)-1],
				agents.UploadDocumentParams{Filename: "faq.txt", Content: strings.NewReader(fmt.Sprint(i))})
			require.NoError(t, err)
			documents = append([]string{document.ID}, documents...)
		}
		var found []string
		for base, err := range s.KnowledgeBases.All(ctx, agents.ListKnowledgeBasesParams{Limit: 2}) {
			require.NoError(t, err)
			found = append(found, base.ID)
		}
		assert.Equal(t, bases, found)
		var cursors []string
		for page, err := range s.KnowledgeBases.Pages(ctx, agents.ListKnowledgeBasesParams{Limit: 2}) {
			require.NoError(t, err)
			cursors = append(cursors, page.NextCursor)
		}
		assert.Len(t, cursors, 2)
		rest, err := s.KnowledgeBases.List(ctx, agents.ListKnowledgeBasesParams{Cursor: cursors[0]})
		require.NoError(t, err)
		assert.Equal(t, bases[2], rest.Items[0].ID)

		found, cursors = nil, nil
		for page, err := range s.KnowledgeBases.Documents.Pages(ctx, bases[2], agents.ListDocumentsParams{Limit: 2}) {
			require.NoError(t, err)
			for _, document := range page.Items {
				found = append(found, document.ID)
			}
			cursors = append(cursors, page.NextCursor)
		}
		assert.Equal(t, documents, found)
		last, err := s.KnowledgeBases.Documents.List(ctx, bases[2], agents.ListDocumentsParams{Cursor: cursors[0]})
		require.NoError(t, err)
		assert.Equal(t, documents[2], last.Items[0].ID)
	})
}
