package orbittest_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/orbittest"
)

// Requests that have all that is required, to be changed by the tests.
func valid(path string) string {
	switch path {
	case "sms", "viber":
		return `{"to":"+15005550002","body":"Hi"}`
	case "whatsapp":
		return `{"to":"+15005550002","type":"text","text":{"body":"Hi"}}`
	case "email":
		return `{"to":"ada@example.com","subject":"Hi","text":"Hi"}`
	case "rcs":
		return `{"to":"+15005550002","body":"Hi"}`
	case "telegram", "messenger", "instagram":
		return `{"to":"42","type":"text","text":"Hi"}`
	case "line":
		return `{"to":"42","body":"Hi"}`
	case "push":
		return `{"to":"token","title":"Hi","body":"Hi"}`
	case "fax":
		return `{"to":"+15005550002","media_url":"https://example.com/a.pdf"}`
	case "group":
		return `{"to":["+15005550002","+15005550003"],"body":"Hi"}`
	case "email-builder/render":
		return `{"name":"n","blocks":[{"type":"text","content":{"text":"Hi"}}]}`
	default:
		panic(path)
	}
}

// with changes fields of a valid request: null takes a field away.
func with(t *testing.T, path, changes string) string {
	t.Helper()
	var fields map[string]json.RawMessage
	require.NoError(t, json.Unmarshal([]byte(valid(path)), &fields))
	require.NoError(t, json.Unmarshal([]byte(changes), &fields), changes)
	body, err := json.Marshal(fields)
	require.NoError(t, err)
	return string(body)
}

func quoted(n int, s string) string { return `"` + strings.Repeat(s, n) + `"` }

func listOf(n int, item string) string {
	return "[" + strings.TrimSuffix(strings.Repeat(item+",", n), ",") + "]"
}

// Everything that the contract's page lists, in one request a path.
func TestAcceptedFields(t *testing.T) {
	card := `{"title":"t","description":"d","media":{"height":"MEDIUM","content_info":{"file_url":"https://example.com/a.png"}}}`
	suggestions := `[{"reply":{"text":"Yes","postback_data":"y"}},{"action":{"text":"Go","open_url":{"url":"https://example.com"}}},` +
		`{"action":{"text":"Call","dial_action":{"phone_number":"+14155550100"}}},{"action":{"text":"See","view_location_action":{"any":1}}}]`
	for _, test := range []struct{ path, changes string }{
		{"sms", `{}`},
		{"sms", `{"body":"","media_urls":["https://example.com/a.png"]}`},
		{"sms", `{"media_url":"https://example.com/a.png","from":"Shop 24"}`},
		{"sms", `{"from":"12345","webhook_url":"https://example.com/hook","metadata":{"a":1},"media_urls":null}`},
		{"sms", `{"body":` + quoted(1600, "é") + `,"media_urls":[]}`},
		{"whatsapp", `{"metadata":{"a":[1]}}`},
		{"whatsapp", `{"type":"template","text":null,"template":{"name":"n","language":{"code":"en"},` +
			`"components":[{"type":"body","parameters":[{"type":"text","text":"x"}]}]}}`},
		{"whatsapp", `{"type":"media","text":null,"media":{"url":"https://example.com/a.png","type":"image","caption":"c"}}`},
		{"email", `{"to":["ada@example.com","bob@example.com"],"html":"<p>","from":"Shop <shop@example.com>"}`},
		{"email", `{"text":null,"html":"<p>","attachments":` + listOf(20,
			`{"filename":"a.pdf","content_type":"application/pdf","url":"https://example.com/a.pdf"}`) + `}`},
		{"email", `{"attachments":[{"filename":"a.txt","content_type":"text/plain","content":"SGk="}]}`},
		{"rcs", `{"suggestions":` + suggestions + `}`},
		{"rcs", `{"body":null,"rich_card":{"card_content":` + card + `,"suggestions":` + suggestions + `}}`},
		{"rcs", `{"body":null,"rich_card_carousel":{"card_contents":` + listOf(2, card) + `}}`},
		{"rcs", `{"body":null,"rich_card_carousel":{"card_contents":` + listOf(10, card) + `}}`},
		{"viber", `{"from":"Shop","media_url":"https://example.com/a.png"}`},
		{"telegram", `{"from":"bot","reply_markup":{"inline_keyboard":[[{"text":"a","callback_data":"b"}],[]]}}`},
		{"telegram", `{"reply_markup":{"keyboard":[[{"text":"a"}]],"resize_keyboard":true}}`},
		{"messenger", `{"from":"page"}`},
		{"messenger", `{"type":"template","text":null,"template":{"any":"thing"}}`},
		{"messenger", `{"type":"media","text":null,"media":{"any":"thing"}}`},
		{"instagram", `{"from":"account","tag":"HUMAN_AGENT","quick_replies":` + listOf(13, `{"any":1}`) + `}`},
		{"line", `{}`},
		{"line", `{"type":"text","body":` + quoted(5000, "é") + `,"metadata":{"order":"7"}}`},
		{"push", `{"from":"app","data":{"a":1},"ios":{"sound":"s","badge":0},"android":{"channel_id":"c","priority":"high"},"content_available":false}`},
		{"fax", `{"from":"+14155550100","options":{"quality":"high","header_text":"h"}}`},
		{"fax", `{"media_url":"https://example.com/document?id=1"}`},
		{"group", `{"from":"Shop","body":null,"media_urls":["https://example.com/a.png"]}`},
		{"group", `{"to":["+15005550002"]}`},
		{"email-builder/render", `{}`},
	} {
		t.Run(test.path, func(t *testing.T) {
			s := orbittest.New(t) // fails on a field that it does not know
			a := do(t, s, "POST", "/messages/"+test.path, with(t, test.path, test.changes))
			assert.Less(t, a.status, 300, "%s: %s", test.changes, a.raw)
		})
	}
}

// TST-2
func TestRefusedFields(t *testing.T) {
	const (
		miss, invalid, phone = "MISSING_REQUIRED_FIELD", "VALIDATION_ERROR", "INVALID_PHONE_NUMBER"
		media                = `"https://example.com/a.png"`
		card                 = `{"title":"t"}`
	)
	file := func(changes string) string {
		return `{"attachments":[{"filename":"a.txt","content_type":"text/plain","content":"SGk="` + changes + `}]}`
	}
	for _, test := range []struct{ path, changes, code, field string }{
		{"sms", `{"to":null}`, miss, "to"},
		{"sms", `{"to":""}`, miss, "to"},
		{"sms", `{"to":"+1234567"}`, phone, "to"},
		{"sms", `{"to":"+1234567890123456"}`, phone, "to"},
		{"sms", `{"to":"15005550002"}`, phone, "to"},
		{"sms", `{"to":"+05005550002"}`, phone, "to"},
		{"sms", `{"to":"+1500555000a"}`, phone, "to"},
		{"sms", `{"to":15005550002}`, invalid, "to"},
		{"sms", `{"to":["+15005550002"]}`, invalid, "to"},
		{"sms", `{"to":{}}`, invalid, "to"},
		{"sms", `{"to":true}`, invalid, "to"},
		{"sms", `{"body":null}`, miss, "body"},
		{"sms", `{"body":""}`, miss, "body"},
		{"sms", `{"body":` + quoted(1601, "a") + `}`, invalid, "body"},
		{"sms", `{"from":"ALongerSender"}`, invalid, "from"},
		{"sms", `{"from":"Shop!"}`, invalid, "from"},
		{"sms", `{"from":"12"}`, invalid, "from"},
		{"sms", `{"from":"123456789"}`, invalid, "from"},
		{"sms", `{"media_urls":"https://example.com"}`, invalid, "media_urls"},
		{"sms", `{"media_urls":` + listOf(11, media) + `}`, invalid, "media_urls"},
		{"sms", `{"media_urls":[` + media + `,"http://example.com"]}`, invalid, "media_urls[1]"},
		{"sms", `{"media_urls":[null]}`, miss, "media_urls[0]"},
		{"sms", `{"media_urls":[1]}`, invalid, "media_urls[0]"},
		{"sms", `{"media_urls":[` + media + `],"to":"+447700900002"}`, "MMS_NANP_ONLY", "to"},
		{"sms", `{"media_urls":[` + media + `],"body":` + quoted(1531, "a") + `}`, invalid, "body"},
		{"sms", `{"webhook_url":"http://example.com"}`, "INVALID_WEBHOOK_URL", "webhook_url"},
		{"sms", `{"webhook_url":"https://localhost/x"}`, "INVALID_WEBHOOK_URL", "webhook_url"},
		{"sms", `{"webhook_url":"https://10.0.0.1/x"}`, "INVALID_WEBHOOK_URL", "webhook_url"},
		{"sms", `{"webhook_url":"https://[::1]/x"}`, "INVALID_WEBHOOK_URL", "webhook_url"},
		{"sms", `{"webhook_url":"https://0.0.0.0/x"}`, "INVALID_WEBHOOK_URL", "webhook_url"},
		{"sms", `{"webhook_url":"https://169.254.1.1/x"}`, "INVALID_WEBHOOK_URL", "webhook_url"},
		{"sms", `{"metadata":"x"}`, invalid, "metadata"},
		{"whatsapp", `{"type":null,"text":null}`, miss, "type"},
		{"whatsapp", `{"type":"poem"}`, invalid, "type"},
		{"whatsapp", `{"text":null}`, miss, "text"},
		{"whatsapp", `{"text":{}}`, miss, "text.body"},
		{"whatsapp", `{"media":{"url":` + media + `}}`, invalid, "media"},
		{"whatsapp", `{"type":"template","text":null}`, miss, "template"},
		{"whatsapp", `{"type":"template","text":null,"template":{"name":"n","language":{}}}`, miss, "template.language.code"},
		{"whatsapp", `{"type":"template","text":null,"template":{"name":"n","language":{"code":"en"},"components":[{"type":"body","parameters":[{}]}]}}`,
			miss, "template.components[0].parameters[0].type"},
		{"email", `{"to":"ada"}`, "INVALID_EMAIL", "to"},
		{"email", `{"to":"Ada <ada@example.com>"}`, "INVALID_EMAIL", "to"},
		{"email", `{"to":["ada@example.com","bob"]}`, "INVALID_EMAIL", "to[1]"},
		{"email", `{"to":[]}`, miss, "to"},
		{"email", `{"subject":null}`, miss, "subject"},
		{"email", `{"text":null}`, miss, "html"},
		{"email", `{"from":"shop"}`, "INVALID_EMAIL", "from"},
		{"email", file(`,"content":""`), miss, "attachments[0].url"},
		{"email", file(`,"url":` + media), invalid, "attachments[0].content"},
		{"email", file(`,"content":"?"`), invalid, "attachments[0].content"},
		{"email", file(`,"filename":"a/b"`), invalid, "attachments[0].filename"},
		{"email", file(`,"filename":"a\\b"`), invalid, "attachments[0].filename"},
		{"email", file(`,"filename":"..txt"`), invalid, "attachments[0].filename"},
		{"email", file(`,"filename":` + quoted(256, "a")), invalid, "attachments[0].filename"},
		{"email", file(`,"content_type":"text/html"`), invalid, "attachments[0].content_type"},
		{"email", `{"attachments":` + listOf(21, `{}`) + `}`, invalid, "attachments"},
		{"rcs", `{"body":null}`, miss, "body"},
		{"rcs", `{"rich_card":{"card_content":` + card + `}}`, invalid, "rich_card"},
		{"rcs", `{"body":null,"rich_card":{"card_content":` + card + `},"rich_card_carousel":{"card_contents":` + listOf(2, card) + `}}`,
			invalid, "rich_card_carousel"},
		{"rcs", `{"body":null,"rich_card":{}}`, miss, "rich_card.card_content"},
		{"rcs", `{"body":null,"rich_card":{"card_content":{"media":{"height":"HUGE","content_info":{"file_url":` + media + `}}}}}`,
			invalid, "rich_card.card_content.media.height"},
		{"rcs", `{"body":null,"rich_card_carousel":{"card_contents":[` + card + `]}}`, invalid, "rich_card_carousel.card_contents"},
		{"rcs", `{"body":null,"rich_card_carousel":{"card_contents":` + listOf(11, card) + `}}`, invalid, "rich_card_carousel.card_contents"},
		{"rcs", `{"body":null,"rich_card":{"card_content":` + card + `},"suggestions":[{"reply":{"text":"x"}}]}`, invalid, "suggestions"},
		{"rcs", `{"suggestions":[{}]}`, miss, "suggestions[0].reply"},
		{"rcs", `{"suggestions":[{"reply":{"text":"x"},"action":{"text":"x","dial_action":{}}}]}`, invalid, "suggestions[0].action"},
		{"rcs", `{"suggestions":[{"action":{"text":"x"}}]}`, miss, "suggestions[0].action.open_url"},
		{"viber", `{"from":"ALongerSender"}`, invalid, "from"},
		{"viber", `{"body":null}`, miss, "body"},
		{"telegram", `{"to":42}`, invalid, "to"},
		{"telegram", `{"type":"poem"}`, invalid, "type"},
		{"telegram", `{"text":null}`, miss, "text"},
		{"telegram", `{"reply_markup":{"inline_keyboard":[[{}]]}}`, miss, "reply_markup.inline_keyboard[0][0].text"},
		{"messenger", `{"text":null}`, miss, "text"},
		{"instagram", `{"tag":"SALE"}`, invalid, "tag"},
		{"instagram", `{"quick_replies":` + listOf(14, `{}`) + `}`, invalid, "quick_replies"},
		{"line", `{"body":null}`, miss, "body"},
		{"line", `{"body":` + quoted(5001, "a") + `}`, invalid, "body"},
		{"line", `{"type":"poem"}`, invalid, "type"},
		{"line", `{"metadata":{"n":1}}`, invalid, "metadata.n"},
		{"push", `{"title":null}`, miss, "title"},
		{"push", `{"body":null}`, miss, "body"},
		{"push", `{"ios":{"badge":"1"}}`, invalid, "ios.badge"},
		{"push", `{"ios":{"badge":1.5}}`, invalid, "ios.badge"},
		{"push", `{"content_available":"yes"}`, invalid, "content_available"},
		{"fax", `{"to":"123"}`, "FAX_INVALID_NUMBER", "to"},
		{"fax", `{"media_url":null}`, miss, "media_url"},
		{"fax", `{"options":{"quality":"best"}}`, invalid, "options.quality"},
		{"group", `{"to":"+15005550002"}`, invalid, "to"},
		{"group", `{"to":[]}`, miss, "to"},
		{"group", `{"to":["+15005550002","x"]}`, phone, "to[1]"},
		{"group", `{"to":["+15005550002","+15005550002"]}`, invalid, "to[1]"},
		{"group", `{"to":` + listOf(21, `"+15005550002"`) + `}`, invalid, "to"},
		{"group", `{"body":null}`, miss, "body"},
		{"email-builder/render", `{"name":null}`, miss, "name"},
		{"email-builder/render", `{"blocks":[]}`, miss, "blocks"},
		{"email-builder/render", `{"blocks":[{}]}`, miss, "blocks[0].type"},
	} {
		t.Run(test.path+"/"+test.field, func(t *testing.T) {
			s := orbittest.New(t)
			a := do(t, s, "POST", "/messages/"+test.path, with(t, test.path, test.changes))
			shown := fmt.Sprintf("%.80s", test.changes)
			assert.Equal(t, 422, a.status, shown)
			assert.Equal(t, test.code, a.code(), shown)
			assert.Equal(t, test.field, a.at("error.details.field"), shown)
			assert.NotEmpty(t, a.at("error.details.expected"), shown)
			assert.Contains(t, a.at("error.details"), "value", shown)
			assert.Empty(t, s.Messages())
		})
	}
}

func TestUnsupportedFaxFormat(t *testing.T) {
	a := do(t, orbittest.New(t), "POST", "/messages/fax", with(t, "fax", `{"media_url":"https://example.com/a.docx"}`))
	assert.Equal(t, 415, a.status)
	assert.Equal(t, "FAX_UNSUPPORTED_FORMAT", a.code())
}

func TestSizesOfAttachments(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 50 MB of JSON")
	}
	const mb = 1 << 20
	for _, test := range []struct {
		sizes []int
		field string
	}{
		{[]int{10*mb + 1}, "attachments[0].content"},
		{[]int{10 * mb, 10 * mb, 5*mb + 1}, "attachments"},
	} {
		var files []string
		for _, size := range test.sizes {
			files = append(files, `{"filename":"a.txt","content_type":"text/plain","content":"`+
				base64.StdEncoding.EncodeToString(make([]byte, size))+`"}`)
		}
		body := strings.TrimSuffix(valid("email"), "}") + `,"attachments":[` + strings.Join(files, ",") + `]}`
		assert.Equal(t, test.field, do(t, orbittest.New(t), "POST", "/messages/email", body).at("error.details.field"))
	}
}

func TestUnreadableBodies(t *testing.T) {
	for name, test := range map[string]struct {
		body, contentType string
		status            int
		code              string
	}{
		"none":          {"", "application/json", 400, "VALIDATION_ERROR"},
		"broken":        {`{"to":`, "application/json", 400, "VALIDATION_ERROR"},
		"null":          {`null`, "application/json", 400, "VALIDATION_ERROR"},
		"a list":        {`[]`, "application/json", 400, "VALIDATION_ERROR"},
		"two objects":   {anSMS + anSMS, "application/json", 400, "VALIDATION_ERROR"},
		"a form":        {`to=x`, "application/x-www-form-urlencoded", 415, "UNSUPPORTED_MEDIA_TYPE"},
		"no type":       {anSMS, "", 415, "UNSUPPORTED_MEDIA_TYPE"},
		"with charset":  {anSMS, "application/json; charset=utf-8", 202, ""},
		"space behind":  {anSMS + "\n", "application/json", 202, ""},
		"in upper case": {anSMS, "Application/JSON", 202, ""},
	} {
		t.Run(name, func(t *testing.T) {
			a := do(t, orbittest.New(t), "POST", "/messages/sms", test.body, "Content-Type", test.contentType)
			assert.Equal(t, test.status, a.status)
			if test.code != "" {
				assert.Equal(t, test.code, a.code())
			}
		})
	}
}
