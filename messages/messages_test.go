package messages_test

import (
	"context"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
)

// operation is a row of the contract's table of operations, and a call of it.
type operation struct {
	name, verb, route string
	call              func(ctx context.Context, s *messages.Service, opts ...orbit.CallOption) error
}

// sending is the call of an operation that takes params.
func sending[P, R any](op method[P, R], params P) func(context.Context, *messages.Service, ...orbit.CallOption) error {
	return func(ctx context.Context, s *messages.Service, opts ...orbit.CallOption) error {
		_, err := op(s, ctx, params, opts...)
		return err
	}
}

func operations() []operation {
	type svc = *messages.Service
	const to = "+14155552671"
	return []operation{
		{"SendSMS", "POST", "/messages/sms", sending(svc.SendSMS, messages.SendSMSParams{To: to, Body: "x"})},
		{"SendWhatsApp", "POST", "/messages/whatsapp", sending(svc.SendWhatsApp, messages.SendWhatsAppParams{To: to, Text: messages.WhatsAppText{Body: "x"}})},
		{"SendEmail", "POST", "/messages/email", sending(svc.SendEmail, messages.SendEmailParams{To: []string{"a@example.com"}, Subject: "x", Text: "x"})},
		{"SendRCS", "POST", "/messages/rcs", sending(svc.SendRCS, messages.SendRCSParams{To: to, Body: "x"})},
		{"SendViber", "POST", "/messages/viber", sending(svc.SendViber, messages.SendViberParams{To: to, Body: "x"})},
		{"SendTelegram", "POST", "/messages/telegram", sending(svc.SendTelegram, messages.SendTelegramParams{To: "1", Text: "x"})},
		{"SendMessenger", "POST", "/messages/messenger", sending(svc.SendMessenger, messages.SendMessengerParams{To: "1", Text: "x"})},
		{"SendInstagram", "POST", "/messages/instagram", sending(svc.SendInstagram, messages.SendInstagramParams{To: "1", Text: "x"})},
		{"SendLINE", "POST", "/messages/line", sending(svc.SendLINE, messages.SendLINEParams{To: "1", Body: "x"})},
		{"SendPush", "POST", "/messages/push", sending(svc.SendPush, messages.SendPushParams{To: "1", Title: "x", Body: "x"})},
		{"SendFax", "POST", "/messages/fax", sending(svc.SendFax, messages.SendFaxParams{To: to, MediaURL: "https://example.com/a.pdf"})},
		{"SendGroup", "POST", "/messages/group", sending(svc.SendGroup, messages.SendGroupParams{To: []string{to}, Body: "x"})},
		{"List", "GET", "/messages", func(ctx context.Context, s *messages.Service, opts ...orbit.CallOption) error {
			_, err := s.List(ctx, messages.ListParams{}, opts...)
			return err
		}},
		{"Get", "GET", "/messages/{id}", func(ctx context.Context, s *messages.Service, opts ...orbit.CallOption) error {
			_, err := s.Get(ctx, "msg_1", opts...)
			return err
		}},
		{"Edit", "PATCH", "/messages/{id}", func(ctx context.Context, s *messages.Service, opts ...orbit.CallOption) error {
			_, err := s.Edit(ctx, "msg_1", messages.EditParams{Text: "x"}, opts...)
			return err
		}},
		{"Delete", "DELETE", "/messages/{id}", func(ctx context.Context, s *messages.Service, opts ...orbit.CallOption) error {
			return s.Delete(ctx, "msg_1", opts...)
		}},
		{"Retry", "POST", "/messages/{id}/retry", func(ctx context.Context, s *messages.Service, opts ...orbit.CallOption) error {
			_, err := s.Retry(ctx, "msg_1", opts...)
			return err
		}},
		{
			"GetWhatsAppWindow", "GET", "/messages/whatsapp/window-status",
			sending(svc.GetWhatsAppWindow, messages.GetWhatsAppWindowParams{To: to}),
		},
		{"RenderEmail", "POST", "/messages/email-builder/render", sending(svc.RenderEmail, messages.RenderEmailParams{Name: "x"})},
	}
}

// TestOperations compares each method with its row: the name that errors and
// traces show, the HTTP method and the path.
func TestOperations(t *testing.T) {
	t.Parallel()
	for _, op := range operations() {
		t.Run(op.name, func(t *testing.T) {
			t.Parallel()
			mock := newMock(t)
			var got request
			body := accepted
			if op.name == "List" {
				body = `{"data":[]}`
			}
			path := strings.ReplaceAll(op.route, "{id}", "msg_1")
			mock.RegisterResponder(op.verb, orbit.DefaultBaseURL+path, record(&got, http.StatusOK, body))
			var seen []orbit.CallEvent
			observer := orbit.Observer{CallDone: func(_ context.Context, e orbit.CallEvent) { seen = append(seen, e) }}
			require.NoError(t, op.call(t.Context(), newService(t, mock, orbit.WithObserver(observer))))
			require.Len(t, seen, 1)
			assert.Equal(t, "Messages."+op.name, seen[0].Op)
			assert.Equal(t, op.verb, seen[0].Method)
			assert.Equal(t, op.route, seen[0].Route)
			assert.Equal(t, op.verb != http.MethodGet, got.header["Idempotency-Key"] != nil) // RET-1
			assert.Equal(t, 1, mock.GetTotalCallCount())
		})
	}
}

// TestOperationsKeepTheCallersKey sends the caller's own idempotency key with
// every call that changes something.
func TestOperationsKeepTheCallersKey(t *testing.T) { // RET-1, RET-9
	t.Parallel()
	for _, op := range operations() {
		if op.verb == http.MethodGet {
			continue
		}
		mock := newMock(t)
		var got request
		mock.RegisterNoResponder(record(&got, http.StatusOK, accepted))
		require.NoError(t, op.call(t.Context(), newService(t, mock), orbit.WithIdempotencyKey("job-4711")), op.name)
		assert.Equal(t, []string{"job-4711"}, got.header["Idempotency-Key"], op.name)
	}
}

// TestOperationsRepeatTheSameBytes sees a send fail and be repeated: the bytes and
// the key stay.
func TestOperationsRepeatTheSameBytes(t *testing.T) { // RET-1, RET-2
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, op := range operations() {
			if op.verb == http.MethodGet {
				continue
			}
			mock := newMock(t)
			var got [2]request
			failed, worked := record(&got[0], http.StatusBadGateway, "<html>"), record(&got[1], http.StatusOK, accepted)
			mock.RegisterNoResponder(failed.Then(worked))
			require.NoError(t, op.call(t.Context(), newService(t, mock)), op.name)
			assert.Equal(t, got[0], got[1], op.name)
		}
	})
}

// TestServiceMethods proves that the table above leaves no method out.
func TestServiceMethods(t *testing.T) { // CTX-1
	t.Parallel()
	known := []string{"All", "Pages", "Wait"} // made of List and Get
	for _, op := range operations() {
		known = append(known, op.name)
	}
	var methods []string
	service := reflect.TypeFor[*messages.Service]()
	for i := range service.NumMethod() {
		m := service.Method(i)
		methods = append(methods, m.Name)
		assert.Equal(t, reflect.TypeFor[context.Context](), m.Type.In(1), m.Name)
		assert.True(t, m.Type.IsVariadic(), "%s takes options", m.Name)
	}
	assert.ElementsMatch(t, known, methods)
	assert.Len(t, operations(), 19)
}
