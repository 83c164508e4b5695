package orbittest_test

import (
	"regexp"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"

	"github.com/devotel/orbit-go/orbittest"
)

// The exact bytes, so that no change of the wire goes unnoticed.
func TestWireOfBothGenerations(t *testing.T) {
	const email = `{"to":"ada@example.com","subject":"Héllo \"you\"","text":"Hi","html":"<p>Hi</p>"}`
	for _, test := range []struct {
		name, method, path, body string
		newer, older, full       string
	}{
		{"sms", "POST", "/messages/sms", `{"to":"+15005550002","from":"Shop","body":"Hi","metadata":{"n":12345678901234567890}}`,
			`{"data":{"id":"msg_1000002","channel":"sms","to":"+15005550002","status":"queued","created_at":"2000-01-01T00:00:00Z"},"meta":{"request_id":"req_1000001","timestamp":"2000-01-01T00:00:00Z"}}`,
			`{"data":{"message_id":"msg_1000002","channel":"sms","to":"+15005550002","status":"queued","created_at":"2000-01-01T00:00:00Z"},"meta":{"request_id":"req_1000001","timestamp":"2000-01-01T00:00:00Z"}}`,
			`{"data":{"id":"msg_1000002","channel":"sms","status":"queued","direction":"outbound","to":"+15005550002","from":"Shop","body":"Hi","segments":1,"metadata":{"n":12345678901234567890},"external_id":"ext_msg_1000002","created_at":"2000-01-01T00:00:00.000Z"},"meta":{"request_id":"req_1000001","timestamp":"2000-01-01T00:00:00.000Z"}}`},
		{"email", "POST", "/messages/email", email,
			`{"data":{"id":"msg_1000002","channel":"email","status":"queued","direction":"outbound","to":["ada@example.com"],"subject":"Héllo \"you\"","text":"Hi","html":"\u003cp\u003eHi\u003c/p\u003e","external_id":"ext_msg_1000002","created_at":"2000-01-01T00:00:00Z"},"meta":{"request_id":"req_1000001","timestamp":"2000-01-01T00:00:00Z"}}`,
			`{"data":{"message_id":"msg_1000002","channel":"email","status":"queued","direction":"outbound","to":"ada@example.com","subject":"Héllo \"you\"","text":"Hi","html":"\u003cp\u003eHi\u003c/p\u003e","provider_id":"ext_msg_1000002","created_at":"2000-01-01T00:00:00Z"},"meta":{"request_id":"req_1000001","timestamp":"2000-01-01T00:00:00Z"}}`,
			`{"data":{"id":"msg_1000002","channel":"email","status":"queued","direction":"outbound","to":["ada@example.com"],"subject":"Héllo \"you\"","text":"Hi","html":"\u003cp\u003eHi\u003c/p\u003e","external_id":"ext_msg_1000002","created_at":"2000-01-01T00:00:00.000Z"},"meta":{"request_id":"req_1000001","timestamp":"2000-01-01T00:00:00.000Z"}}`},
		{"fax", "POST", "/messages/fax", valid("fax"),
			`{"data":{"id":"msg_1000002","status":"queued","channel":"fax"},"meta":{"request_id":"req_1000001","timestamp":"2000-01-01T00:00:00Z"}}`,
			`{"data":{"fax_id":"msg_1000002","status":"queued","channel":"fax"},"meta":{"request_id":"req_1000001","timestamp":"2000-01-01T00:00:00Z"}}`,
			`{"data":{"id":"msg_1000002","channel":"fax","status":"queued","direction":"outbound","to":"+15005550002","external_id":"ext_msg_1000002","created_at":"2000-01-01T00:00:00.000Z"},"meta":{"request_id":"req_1000001","timestamp":"2000-01-01T00:00:00.000Z"}}`},
		{"group", "POST", "/messages/group", `{"to":["+15005550002"],"body":"Hi"}`,
			`{"data":{"messages":[{"id":"msg_1000002","channel":"mms","status":"queued","direction":"outbound","to":"+15005550002","body":"Hi","segments":1,"external_id":"ext_msg_1000002","created_at":"2000-01-01T00:00:00Z"}]},"meta":{"request_id":"req_1000001","timestamp":"2000-01-01T00:00:00Z"}}`,
			`{"data":[{"message_id":"msg_1000002","channel":"mms","status":"queued","direction":"outbound","to":"+15005550002","body":"Hi","segments":1,"provider_id":"ext_msg_1000002","created_at":"2000-01-01T00:00:00Z"}],"meta":{"request_id":"req_1000001","timestamp":"2000-01-01T00:00:00Z"}}`,
			`{"data":{"messages":[{"id":"msg_1000002","channel":"mms","status":"queued","direction":"outbound","to":"+15005550002","body":"Hi","segments":1,"external_id":"ext_msg_1000002","created_at":"2000-01-01T00:00:00.000Z"}]},"meta":{"request_id":"req_1000001","timestamp":"2000-01-01T00:00:00.000Z"}}`},
		{"empty list", "GET", "/messages", "",
			`{"data":[],"meta":{"request_id":"req_1000001","timestamp":"2000-01-01T00:00:00Z","pagination":{"cursor":null,"has_more":false,"total":0}}}`,
			`{"data":[],"meta":{"request_id":"req_1000001","timestamp":"2000-01-01T00:00:00Z","pagination":{"cursor":null,"has_more":false,"total":0}}}`,
			`{"data":[],"meta":{"request_id":"req_1000001","timestamp":"2000-01-01T00:00:00.000Z","pagination":{"cursor":null,"has_more":false,"total":0}}}`},
		{"empty list of executions", "GET", "/flows/executions", "",
			`{"data":[],"meta":{"request_id":"req_1000001"}}`,
			`{"data":[],"meta":{"request_id":"req_1000001"}}`,
			`{"data":[],"meta":{"request_id":"req_1000001"}}`},
		{"render, without meta", "POST", "/messages/email-builder/render", `{"name":"n","blocks":[{"type":"text","content":"a"}]}`,
			`{"data":{"html":"\u003c!doctype html\u003e\u003chtml\u003e\u003cbody\u003e\u003cdiv data-block=\"text\"\u003ea\u003c/div\u003e\u003c/body\u003e\u003c/html\u003e","templateId":"etpl_1000002"}}`,
			`{"data":{"html":"\u003c!doctype html\u003e\u003chtml\u003e\u003cbody\u003e\u003cdiv data-block=\"text\"\u003ea\u003c/div\u003e\u003c/body\u003e\u003c/html\u003e","templateId":"etpl_1000002"},"meta":{"request_id":"req_1000001","timestamp":"2000-01-01T00:00:00Z"}}`,
			`{"data":{"html":"\u003c!doctype html\u003e\u003chtml\u003e\u003cbody\u003e\u003cdiv data-block=\"text\"\u003ea\u003c/div\u003e\u003c/body\u003e\u003c/html\u003e","templateId":"etpl_1000002"}}`},
		{"refusal", "POST", "/messages/sms", `{"to":"+1234","body":"Hi"}`,
			`{"error":{"code":"INVALID_PHONE_NUMBER","message":"The field to is invalid: expected E.164.","status":422,"details":{"field":"to","value":"+1234","expected":"E.164"}},"meta":{"request_id":"req_1000001","timestamp":"2000-01-01T00:00:00Z","docs_url":"https://docs.orbit.devotel.io/errors/INVALID_PHONE_NUMBER"}}`,
			`{"error":{"code":"INVALID_PHONE_NUMBER","message":"The field to is invalid: expected E.164.","status":422,"details":{"field":"to","value":"+1234","expected":"E.164"}},"meta":{"request_id":"req_1000001","timestamp":"2000-01-01T00:00:00Z","docs_url":"https://orbit-docs.devotel.io/errors/INVALID_PHONE_NUMBER"}}`,
			`{"error":{"code":"INVALID_PHONE_NUMBER","message":"The field to is invalid: expected E.164.","status":422,"details":{"field":"to","value":"+1234","expected":"E.164"}},"meta":{"request_id":"req_1000001","timestamp":"2000-01-01T00:00:00.000Z","docs_url":"https://docs.orbit.devotel.io/errors/INVALID_PHONE_NUMBER"}}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				assert.Equal(t, test.newer, undoEscapes(do(t, orbittest.New(t), test.method, test.path, test.body).raw, test.newer))
				older := orbittest.New(t, orbittest.WithGeneration(orbittest.Older))
				assert.Equal(t, test.older, undoEscapes(do(t, older, test.method, test.path, test.body).raw, test.older))
				assert.Equal(t, test.full, undoEscapes(do(t, full(t), test.method, test.path, test.body).raw, test.full))
			})
		})
	}
}

// undoEscapes makes < and > alike: they may be escaped or not.
func undoEscapes(got, want string) string {
	if !regexp.MustCompile(`\\u003c`).MatchString(want) {
		return got
	}
	got = regexp.MustCompile(`<`).ReplaceAllString(got, `\u003c`)
	return regexp.MustCompile(`>`).ReplaceAllString(got, `\u003e`)
}

// ERR-5
func TestEveryAnswerNamesItsRequest(t *testing.T) {
	s := orbittest.New(t)
	seen := map[string]bool{}
	for _, a := range []answer{
		sendSMS(t, s),
		do(t, s, "GET", "/messages", ""),
		do(t, s, "POST", "/messages/sms", `{}`),
		do(t, s, "GET", "/nothing", ""),
		sendSMS(t, s, "X-API-Key", ""),
	} {
		id := a.header.Get("X-Request-Id")
		assert.Regexp(t, `^req_`, id)
		assert.Equal(t, id, a.at("meta.request_id"))
		assert.NotEmpty(t, a.header.Get("Date"))
		assert.False(t, seen[id])
		seen[id] = true
	}
}

func TestDeletionHasNoBody(t *testing.T) {
	s := orbittest.New(t)
	m := s.AddMessage(telegram())
	a := do(t, s, "DELETE", "/messages/"+m.ID, "")
	assert.Equal(t, 204, a.status)
	assert.Empty(t, a.raw)
	assert.Empty(t, a.header.Get("Content-Type"))
}
