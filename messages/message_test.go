package messages_test

import (
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
)

// contractFields are the fields of a message as the contract lists them, in its
// order. Older names of a field are not among them.
const contractFields = `id channel status direction to from body subject text html segments metadata provider_id
	error_code error_message failure_reason pages_sent total_pages platforms conversation_id contact_id campaign_id
	scheduled_at created_at sent_at delivered_at read_at`

// TestMessageFields proves that the Go type has the contract's fields under the
// contract's names, no more and no fewer.
func TestMessageFields(t *testing.T) {
	t.Parallel()
	var tags []string
	for _, f := range reflect.VisibleFields(reflect.TypeFor[messages.Message]()) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" {
			continue
		}
		tags = append(tags, name)
		assert.Equal(t, name != "id", options == "omitzero", "%s is left out when it is missing, but for the ID", name)
	}
	assert.ElementsMatch(t, strings.Fields(contractFields), tags)
}

// TestParamFields proves the same of every params type: the names are the
// contract's, and nothing else can be sent.
func TestParamFields(t *testing.T) { // ERG-5
	t.Parallel()
	for _, c := range []struct {
		params any
		names  string
	}{
		{messages.SendSMSParams{}, "to body from media_urls webhook_url metadata"},
		{messages.SendWhatsAppParams{}, "to type text template media metadata"},
		{messages.SendEmailParams{}, "to subject html text from attachments"},
		{messages.Attachment{}, "filename content_type url content"},
		{messages.SendRCSParams{}, "to body rich_card rich_card_carousel suggestions"},
		{messages.SendViberParams{}, "to body from media_url"},
		{messages.SendTelegramParams{}, "to type text from reply_markup"},
		{messages.SendMessengerParams{}, "to type text from"},
		{messages.SendInstagramParams{}, "to type text from tag quick_replies"},
		{messages.SendLINEParams{}, "to body type metadata"},
		{messages.SendPushParams{}, "to title body from data ios android content_available"},
		{messages.SendFaxParams{}, "to media_url from options"},
		{messages.SendGroupParams{}, "to body from media_urls"},
		{messages.EditParams{}, "text"},
		{messages.RenderEmailParams{}, "name blocks"},
		{messages.ListParams{}, "cursor limit channel status to from direction date_from date_to sort"},
		{messages.GetWhatsAppWindowParams{}, "to from"},
	} {
		var names []string
		for _, f := range reflect.VisibleFields(reflect.TypeOf(c.params)) {
			name, _, _ := strings.Cut(f.Tag.Get("json")+f.Tag.Get("url"), ",")
			names = append(names, name)
		}
		assert.ElementsMatch(t, strings.Fields(c.names), names, "%T", c.params)
	}
}

// TestMessageIDs reads the ID under each of its names.
func TestMessageIDs(t *testing.T) { // FWD-1
	t.Parallel()
	for body, want := range map[string]string{
		`{"data":{"id":"a"}}`:                               "a",
		`{"data":{"message_id":"a"}}`:                       "a",
		`{"data":{"fax_id":"a"}}`:                           "a",
		`{"data":{"id":"a","message_id":"b","fax_id":"c"}}`: "a",
		`{"data":{"id":"","message_id":"b"}}`:               "b",
		`{"data":{"id":null,"fax_id":"c"}}`:                 "c",
		`{"data":{"message_id":7}}`:                         "7",
		`{"message_id":"a"}`:                                "a",
	} {
		mock := newMock(t)
		mock.RegisterResponder(http.MethodPost, orbit.DefaultBaseURL+"/messages/sms", httpmock.NewStringResponder(http.StatusCreated, body))
		msg, err := newService(t, mock).SendSMS(t.Context(), messages.SendSMSParams{To: "+14155552671", Body: "x"})
		require.NoError(t, err, body)
		assert.Equal(t, want, msg.ID, body)
	}
}

// TestProviderIDs reads the provider's ID under both of its names.
func TestProviderIDs(t *testing.T) { // FWD-1
	t.Parallel()
	for body, want := range map[string]string{
		`{"id":"a","provider_id":"p"}`:                   "p",
		`{"id":"a","external_id":"e"}`:                   "e",
		`{"id":"a","provider_id":"p","external_id":"e"}`: "p",
	} {
		mock := newMock(t)
		mock.RegisterResponder(http.MethodGet, messageURL, httpmock.NewStringResponder(http.StatusOK, body))
		msg, err := newService(t, mock).Get(t.Context(), "msg_1")
		require.NoError(t, err, body)
		assert.Equal(t, want, msg.ProviderID, body)
	}
}

// TestSendUnreadable proves that an accepted send whose answer tells nothing is an
// error that says so.
func TestSendUnreadable(t *testing.T) { // ERR-7, ERR-1
	t.Parallel()
	for name, body := range map[string]string{
		"HTML": "<html>ok</html>", "null": "null", "empty object": "{}", "null data": `{"data":null}`, "no ID": `{"data":{"status":"queued"}}`,
		"empty": "", "only meta": `{"meta":{"request_id":"req_1"}}`, "list": `{"data":[{"id":"a"}]}`, "ID of another kind": `{"data":{"id":["a"]}}`,
	} {
		mock := newMock(t)
		mock.RegisterResponder(http.MethodPost, orbit.DefaultBaseURL+"/messages/sms", httpmock.NewStringResponder(http.StatusAccepted, body))
		msg, err := newService(t, mock).SendSMS(t.Context(), messages.SendSMSParams{To: "+14155552671", Body: "x"})
		assert.Nil(t, msg, name)
		var unreadable *orbit.DecodeError
		require.ErrorAs(t, err, &unreadable, name)
		assert.True(t, orbit.MaybeSent(err), name)
		assert.NotEmpty(t, unreadable.IdempotencyKey, name)
		assert.Equal(t, 1, mock.GetTotalCallCount(), "%s: what was accepted is not sent again", name)
	}
}

// TestSendDisguisedError proves that an error under a success's status is one.
func TestSendDisguisedError(t *testing.T) { // ERR-7
	t.Parallel()
	for _, body := range []string{
		`{"error":{"code":"BALANCE_TOO_LOW","message":"top up"},"meta":{"request_id":"req_1"}}`,
		`{"data":null,"error":{"code":"BALANCE_TOO_LOW"}}`, `{"data":{},"error":{"code":"BALANCE_TOO_LOW"}}`,
	} {
		mock := newMock(t)
		mock.RegisterResponder(http.MethodPost, orbit.DefaultBaseURL+"/messages/sms", httpmock.NewStringResponder(http.StatusOK, body))
		_, err := newService(t, mock).SendSMS(t.Context(), messages.SendSMSParams{To: "+14155552671", Body: "x"})
		require.ErrorIs(t, err, orbit.CodeBalanceTooLow, body)
		require.ErrorIs(t, err, orbit.ErrNoBalance, body)
	}
}
