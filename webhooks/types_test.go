package webhooks_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/webhooks"
)

// documentedTypes are the event types of the contract.
const documentedTypes = `message.created message.sending message.sent message.delivered message.undelivered message.failed message.read
message.received message.replied message.recipient_deactivated message.status_updated
call.initiated call.ringing call.answered call.completed call.failed
verify.started verify.approved verify.failed verify.expired
execution.started execution.node_started execution.node_completed execution.node_failed execution.completed execution.failed
kb.document.ready
contact.created contact.updated contact.deleted contact.merged contact.opted_in contact.opted_out contact.recertification_due contact.segment_changed
campaign.created campaign.updated campaign.deleted campaign.started campaign.paused campaign.completed campaign.failed
telegram.callback instagram.story.mention instagram.story.reply messenger.postback messenger.referral messenger.optin
push.delivered push.opened fax.delivered fax.failed webhook.test`

// FWD-2: there is a constant for each documented type and no other, and each is
// known.
func TestTypes(t *testing.T) {
	t.Parallel()
	documented := strings.Fields(documentedTypes)
	constants := declaredKinds(t)
	assert.ElementsMatch(t, documented, constants)
	for _, c := range constants {
		assert.True(t, webhooks.EventType(c).Known(), c)
		assert.True(t, webhooks.Kind[int](c).Known(), c)
	}
	for _, unknown := range []string{"", "*", "message", "message.Sent", "verification.started", "moon.risen"} {
		assert.False(t, webhooks.EventType(unknown).Known(), unknown)
	}
}

// declaredKinds are the values of the constants in types.go.
func declaredKinds(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "types.go", nil, 0)
	require.NoError(t, err)
	var values []string
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok {
			for _, v := range spec.Values {
				value, err := strconv.Unquote(v.(*ast.BasicLit).Value)
				require.NoError(t, err)
				values = append(values, value)
			}
		}
		return true
	})
	require.Len(t, slices.Compact(slices.Sorted(slices.Values(values))), len(values), "no value twice")
	return values
}
