package orbittest_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/orbittest"
)

// TST-2
func TestSends(t *testing.T) {
	for _, test := range []struct {
		path, changes string
		status        int
		channel       string
		to, body      any
	}{
		{"sms", `{}`, 202, "sms", "+15005550002", "Hi"},
		{"sms", `{"media_urls":["https://example.com/a.png"]}`, 202, "mms", "+15005550002", "Hi"},
		{"whatsapp", `{}`, 201, "whatsapp", "+15005550002", "Hi"},
		{"email", `{}`, 201, "email", []any{"ada@example.com"}, nil},
		{"email", `{"to":["ada@example.com","bob@example.com"]}`, 201, "email", []any{"ada@example.com", "bob@example.com"}, nil},
		{"rcs", `{}`, 201, "rcs", "+15005550002", "Hi"},
		{"viber", `{}`, 201, "viber", "+15005550002", "Hi"},
		{"telegram", `{}`, 201, "telegram", "42", "Hi"},
		{"messenger", `{}`, 201, "messenger", "42", "Hi"},
		{"instagram", `{}`, 201, "instagram", "42", "Hi"},
		{"line", `{}`, 202, "line", "42", "Hi"},
		{"push", `{}`, 201, "push", "token", "Hi"},
		{"fax", `{}`, 201, "fax", "+15005550002", nil},
	} {
		t.Run(test.path, func(t *testing.T) {
			s := full(t)
			a := do(t, s, "POST", "/messages/"+test.path, with(t, test.path, test.changes))
			require.Equal(t, test.status, a.status, a.raw)
			assert.NotEmpty(t, a.id())
			assert.Equal(t, test.channel, a.at("data.channel"))
			assert.Equal(t, test.to, a.at("data.to"))
			assert.Equal(t, test.body, a.at("data.body"))
			assert.Equal(t, "outbound", a.at("data.direction"))

			assert.Equal(t, a.at("data"), do(t, s, "GET", "/messages/"+a.id(), "").at("data"))
			assert.Equal(t, []string{a.id()}, do(t, s, "GET", "/messages", "").ids())
		})
	}
}

func TestGroup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := orbittest.New(t)
		a := do(t, s, "POST", "/messages/group", with(t, "group", `{"to":["+15005550003","+447700900002","+15005550002"]}`))
		require.Equal(t, 201, a.status)
		rows := a.at("data.messages").([]any)
		require.Len(t, rows, 3)
		refused := rows[1].(map[string]any)
		assert.Equal(t, "failed", refused["status"])
		assert.Equal(t, "MMS_NANP_ONLY", refused["error_code"])

		time.Sleep(time.Second)
		var states []string
		for _, m := range s.Messages() {
			states = append(states, fmt.Sprint(m.To[0], " ", m.Channel, " ", m.Status))
		}
		assert.Equal(t, []string{"+15005550003 mms undelivered", "+447700900002 mms failed", "+15005550002 mms delivered"}, states)
	})
}

func TestEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := full(t)
		id := func(path, changes string) string {
			return do(t, s, "POST", "/messages/"+path, with(t, path, changes)).id()
		}
		delivered, failed, faxed, busy := id("sms", `{}`), id("sms", `{"to":"+15005550004"}`), id("fax", `{}`), id("fax", `{"to":"+15005550004"}`)
		time.Sleep(time.Minute)
		get := func(id string) answer { return do(t, s, "GET", "/messages/"+id, "") }

		assert.Equal(t, "2000-01-01T00:00:00.050Z", get(delivered).at("data.sent_at"))
		assert.Equal(t, "2000-01-01T00:00:00.100Z", get(delivered).at("data.delivered_at"))
		assert.Equal(t, "MESSAGE_SEND_FAILED", get(failed).at("data.error_code"))
		assert.NotEmpty(t, get(failed).at("data.error_message"))
		assert.Nil(t, get(failed).at("data.sent_at"))
		assert.Equal(t, 1., get(faxed).at("data.pages_sent"))
		assert.Equal(t, "BUSY", get(busy).at("data.failure_reason"))
	})
}

func TestUnknownMessage(t *testing.T) {
	s := orbittest.New(t)
	for _, test := range []struct{ method, path, body string }{
		{"GET", "/messages/x", ""},
		{"PATCH", "/messages/x", `{"text":"x"}`},
		{"DELETE", "/messages/x", ""},
		{"POST", "/messages/x/retry", ""},
	} {
		a := do(t, s, test.method, test.path, test.body)
		assert.Equal(t, 404, a.status, "%s %s", test.method, test.path)
		assert.Equal(t, "NOT_FOUND", a.code())
	}
}

func TestEditAndDelete(t *testing.T) {
	s := orbittest.New(t)
	id := do(t, s, "POST", "/messages/telegram", valid("telegram")).id()

	a := do(t, s, "PATCH", "/messages/"+id, `{"text":"Better"}`)
	assert.Equal(t, 200, a.status)
	assert.Equal(t, "Better", a.at("data.body"))
	assert.Equal(t, "Better", s.Messages()[0].Body)
	assert.Equal(t, "MISSING_REQUIRED_FIELD", do(t, s, "PATCH", "/messages/"+id, `{"text":""}`).code())

	assert.Equal(t, 204, do(t, s, "DELETE", "/messages/"+id, "").status)
	assert.Equal(t, 404, do(t, s, "GET", "/messages/"+id, "").status)
	assert.Empty(t, s.Messages())

	sms := sendSMS(t, s).id()
	assert.Equal(t, "INVALID_CHANNEL", do(t, s, "PATCH", "/messages/"+sms, `{"text":"x"}`).code(), "an SMS is out")
	assert.Equal(t, "INVALID_CHANNEL", do(t, s, "DELETE", "/messages/"+sms, "").code())
}

func TestRetry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := orbittest.New(t)
		id := do(t, s, "POST", "/messages/sms", with(t, "sms", `{"to":"+15005550004"}`)).id()
		retry := func() answer { return do(t, s, "POST", "/messages/"+id+"/retry", "") }

		assert.Equal(t, 409, retry().status, "it has not failed yet")
		time.Sleep(time.Second)
		a := retry()
		assert.Equal(t, 200, a.status)
		assert.Equal(t, id, a.id())
		assert.Equal(t, "queued", a.at("data.status"))
		assert.Equal(t, 409, retry().status)
		time.Sleep(time.Second)
		assert.Equal(t, api.MessageStatusFailed, s.Messages()[0].Status, "the digit has not changed")
		assert.Equal(t, 2, s.Messages()[0].Sends)
	})
}

func TestWhatsAppWindow(t *testing.T) {
	const live, customer = "dv_live_sk_x", "+14155550100"
	const template = `{"type":"template","text":null,"template":{"name":"n","language":{"code":"en"}}}`
	synctest.Test(t, func(t *testing.T) {
		s := full(t, bothKeys())
		send := func(changes, key string) answer {
			return do(t, s, "POST", "/messages/whatsapp", with(t, "whatsapp", changes), "X-API-Key", key)
		}
		to := `{"to":"` + customer + `"}`
		status := func() answer {
			return do(t, s, "GET", "/messages/whatsapp/window-status?to=%2B14155550100&from=%2B14155550199", "")
		}
		open := func(query string) any {
			return do(t, s, "GET", "/messages/whatsapp/window-status?to=%2B14155550100"+query, "").at("data.open")
		}

		a := send(to, live)
		assert.Equal(t, 422, a.status)
		assert.Equal(t, "WHATSAPP_OUTSIDE_24H_WINDOW", a.code())
		assert.Equal(t, 201, send(template, live).status, "templates may go at any time")
		assert.Equal(t, 201, send(to, orbittest.DefaultAPIKey).status, "nobody writes to a sandbox")
		assert.Equal(t, map[string]any{"open": false}, status().at("data"))

		to199 := []string{"+14155550199"}
		s.AddMessage(orbittest.Message{Channel: "whatsapp", From: customer, To: to199})
		s.AddMessage(orbittest.Message{Channel: "whatsapp", From: customer, To: to199, CreatedAt: bubbleStart().Add(-time.Hour)})
		assert.Equal(t, true, open(""), "of any number")
		assert.Equal(t, true, open("&from=+14155550199"), "a plus that is not escaped")
		assert.Equal(t, false, open("&from=%2B14155550198"), "nobody wrote to that one")
		assert.Equal(t, 201, send(to, live).status)
		assert.Equal(t, map[string]any{"open": true, "expires_at": "2000-01-02T00:00:00.000Z"}, status().at("data"))
		time.Sleep(24 * time.Hour)
		assert.Equal(t, 422, send(to, live).status)
		assert.Equal(t, false, status().at("data.open"))
	})
	t.Run("for sandbox keys too", func(t *testing.T) {
		s := full(t, orbittest.WithWhatsAppWindow())
		assert.Equal(t, "WHATSAPP_OUTSIDE_24H_WINDOW", do(t, s, "POST", "/messages/whatsapp", valid("whatsapp")).code())
	})
	t.Run("of nobody", func(t *testing.T) {
		s := full(t)
		assert.Equal(t, "MISSING_REQUIRED_FIELD", do(t, s, "GET", "/messages/whatsapp/window-status", "").code())
		assert.Equal(t, "INVALID_PHONE_NUMBER", do(t, s, "GET", "/messages/whatsapp/window-status?to=x", "").code())
	})
}

func TestRender(t *testing.T) {
	s := orbittest.New(t)
	a := do(t, s, "POST", "/messages/email-builder/render",
		`{"name":"n","blocks":[{"type":"header","content":"<Hi>"},{"type":"button","content":{"url":"u"}}]}`)
	assert.Equal(t, 200, a.status)
	html, _ := a.at("data.html").(string)
	assert.Contains(t, html, `<div data-block="header">&lt;Hi&gt;</div><div data-block="button">{&#34;url&#34;:&#34;u&#34;}</div>`)
	assert.NotEmpty(t, a.at("data.templateId"))
	assert.Empty(t, s.Messages())
}

// Every operation of the contract has a route.
func TestOperationsOfTheContract(t *testing.T) {
	s := orbittest.New(t)
	for _, operation := range []string{
		"POST /messages/sms", "POST /messages/whatsapp", "POST /messages/email", "POST /messages/rcs", "POST /messages/viber",
		"POST /messages/telegram", "POST /messages/messenger", "POST /messages/instagram", "POST /messages/line",
		"POST /messages/push", "POST /messages/fax", "POST /messages/group", "GET /messages", "GET /messages/{id}",
		"PATCH /messages/{id}", "DELETE /messages/{id}", "POST /messages/{id}/retry",
		"GET /messages/whatsapp/window-status", "POST /messages/email-builder/render",
	} {
		method, path, _ := strings.Cut(operation, " ")
		a := do(t, s, method, strings.ReplaceAll(path, "{id}", "x"), "")
		assert.NotEqual(t, 405, a.status, operation)
		assert.NotEqual(t, "There is no such endpoint.", a.at("error.message"), operation)
		assert.Len(t, s.Requests(operation), 1, "the route is called by its template")
	}
}
