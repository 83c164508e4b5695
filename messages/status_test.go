package messages_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/messages"
)

// statusFacts is what the contract says of a status.
type statusFacts struct {
	status          messages.Status
	text            string
	rank            int
	ended, good     bool
	unknownToTheSDK bool
}

// statuses are all that the contract names, and three that it does not.
func statuses() []statusFacts {
	const end, read = 7, 8
	return []statusFacts{
		{status: messages.StatusPending, text: "pending", rank: 1},
		{status: messages.StatusQueued, text: "queued", rank: 2},
		{status: messages.StatusScheduled, text: "scheduled", rank: 2},
		{status: messages.StatusSending, text: "sending", rank: 3},
		{status: messages.StatusAccepted, text: "accepted", rank: 4},
		{status: messages.StatusSubmitted, text: "submitted", rank: 5},
		{status: messages.StatusSent, text: "sent", rank: 6},
		{status: messages.StatusDelivered, text: "delivered", rank: end, ended: true, good: true},
		{status: messages.StatusSubmittedNoReceipt, text: "submitted_no_receipt", rank: end, ended: true, good: true},
		{status: messages.StatusFailed, text: "failed", rank: end, ended: true},
		{status: messages.StatusUndelivered, text: "undelivered", rank: end, ended: true},
		{status: messages.StatusExpired, text: "expired", rank: end, ended: true},
		{status: messages.StatusRejected, text: "rejected", rank: end, ended: true},
		{status: messages.StatusBlocked, text: "blocked", rank: end, ended: true},
		{status: messages.StatusUnknown, text: "unknown", rank: end, ended: true},
		{status: messages.StatusRead, text: "read", rank: read, ended: true, good: true},
		{status: "", text: "", unknownToTheSDK: true},
		{status: "teleported", text: "teleported", unknownToTheSDK: true},
		{status: "Delivered", text: "Delivered", unknownToTheSDK: true}, // the API's spelling is lower case
	}
}

func TestStatusFacts(t *testing.T) { // FWD-2
	t.Parallel()
	for _, s := range statuses() {
		assert.Equal(t, s.text, string(s.status))
		assert.Equal(t, s.ended, s.status.IsTerminal(), s.text)
		assert.Equal(t, s.good, s.status.Succeeded(), s.text)
		assert.Equal(t, !s.unknownToTheSDK, s.status.Known(), s.text)
	}
}

// TestStatusBefore compares every status with every other.
func TestStatusBefore(t *testing.T) { // EVT-4
	t.Parallel()
	for _, a := range statuses() {
		for _, b := range statuses() {
			assert.Equal(t, a.rank < b.rank, a.status.Before(b.status), "%q before %q", a.text, b.text)
		}
	}
}

// TestStatusReports replays reports that come out of order: the one line of the
// doc comment keeps the state from going back.
func TestStatusReports(t *testing.T) { // EVT-4
	t.Parallel()
	for _, c := range []struct {
		name    string
		reports []messages.Status
		want    messages.Status
	}{
		{"in order", []messages.Status{"queued", "sent", "delivered", "read"}, "read"},
		{"late sent", []messages.Status{"queued", "delivered", "sent"}, "delivered"},
		{"late delivered", []messages.Status{"sent", "read", "delivered"}, "read"},
		{"an unknown one", []messages.Status{"sent", "teleported"}, "sent"},
		{"an unknown one first", []messages.Status{"teleported", "pending"}, "pending"},
		{"only unknown ones", []messages.Status{"teleported", "warped"}, "warped"},
		{"a corrected end", []messages.Status{"failed", "delivered"}, "delivered"},
	} {
		var known messages.Status
		for _, report := range c.reports {
			if report.Before(known) {
				continue
			}
			known = report
		}
		assert.Equal(t, c.want, known, c.name)
	}
}

// TestEnums proves that the constants are the contract's words, that an unknown
// word is told apart, and that it is written as it was read.
func TestEnums(t *testing.T) { // FWD-2
	t.Parallel()
	testEnum(t, "sms mms whatsapp rcs viber email telegram messenger instagram line push fax",
		messages.ChannelSMS, messages.ChannelMMS, messages.ChannelWhatsApp, messages.ChannelRCS, messages.ChannelViber,
		messages.ChannelEmail, messages.ChannelTelegram, messages.ChannelMessenger, messages.ChannelInstagram,
		messages.ChannelLINE, messages.ChannelPush, messages.ChannelFax)
	testEnum(t, "inbound outbound", messages.DirectionInbound, messages.DirectionOutbound)
	testEnum(t, "BUSY NO_ANSWER NO_FAX_TONE BAD_LINE_QUALITY RECIPIENT_REJECTED",
		messages.FailureReasonBusy, messages.FailureReasonNoAnswer, messages.FailureReasonNoFaxTone, messages.FailureReasonBadLineQuality,
		messages.FailureReasonRecipientRejected)
	known := make([]messages.Status, 0, len(statuses()))
	for _, s := range statuses() {
		if s.status.Known() {
			known = append(known, s.status)
		}
	}
	testEnum(t, "pending queued scheduled sending accepted submitted sent delivered submitted_no_receipt failed undelivered "+
		"expired rejected blocked unknown read", known...)
}

// testEnum compares constants with the contract's words, separated by spaces.
func testEnum[E interface {
	~string
	Known() bool
}](t *testing.T, words string, constants ...E) {
	t.Helper()
	var got []string
	for _, c := range constants {
		got = append(got, string(c))
		assert.True(t, c.Known(), c)
	}
	assert.Equal(t, strings.Fields(words), got)
	for _, text := range []string{"brand_new", "", string(constants[0]) + " "} {
		var e E
		require.NoError(t, json.Unmarshal([]byte(`"`+text+`"`), &e))
		assert.False(t, e.Known(), text)
		out, err := json.Marshal(e)
		require.NoError(t, err)
		assert.Equal(t, `"`+text+`"`, string(out))
	}
	assert.Len(t, slices.Compact(slices.Sorted(slices.Values(constants))), len(constants))
}
