package webhooks_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/orbittest"
	"github.com/devotel/orbit-go/webhooks"
)

// answered makes a call against one answer and returns what was sent, as
// "METHOD path body".
func answered(t *testing.T, answer string, do func(ctx context.Context, s *webhooks.Service) error) string {
	t.Helper()
	var sent string
	mock := httpmock.NewMockTransport()
	mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		body := ""
		if r.Body != nil {
			buf := make([]byte, r.ContentLength)
			_, _ = r.Body.Read(buf)
			body = string(buf)
		}
		sent = r.Method + " " + r.URL.RequestURI() + " " + body
		return httpmock.NewStringResponse(200, answer), nil
	})
	client, err := orbit.NewClient("dv_test_sk_mock", orbit.WithHTTPClient(&http.Client{Transport: mock}))
	require.NoError(t, err)
	require.NoError(t, do(t.Context(), client.Webhooks))
	return sent
}

// Each operation, minimal and full: method, path, query and body.
func TestRequests(t *testing.T) {
	t.Parallel()
	const one, many = `{"data":{"id":"wh_1"}}`, `{"data":[]}`
	url := "https://shop.example/orbit"
	for _, test := range []struct {
		answer, want string
		do           func(ctx context.Context, s *webhooks.Service) error
	}{
		{one, `POST /api/v1/webhooks {"url":"https://shop.example/orbit","events":["*"]}`, func(ctx context.Context, s *webhooks.Service) error {
			_, err := s.Create(ctx, webhooks.CreateParams{URL: url, Events: []webhooks.EventType{webhooks.AllEvents}})
			return err
		}},
		{one, `POST /api/v1/webhooks {"url":"https://shop.example/orbit","events":["message.delivered"],"description":"d","secret":"whsec_own"}`, func(ctx context.Context, s *webhooks.Service) error {
			_, err := s.Create(ctx, webhooks.CreateParams{URL: url, Events: webhooks.Types(webhooks.MessageDelivered), Description: "d", Secret: "whsec_own"})
			return err
		}},
		{many, "GET /api/v1/webhooks ", func(ctx context.Context, s *webhooks.Service) error {
			_, err := s.List(ctx, webhooks.ListParams{})
			return err
		}},
		{many, "GET /api/v1/webhooks?cursor=c&limit=2 ", func(ctx context.Context, s *webhooks.Service) error {
			_, err := s.List(ctx, webhooks.ListParams{Cursor: "c", Limit: 2})
			return err
		}},
		{one, "GET /api/v1/webhooks/wh_1 ", func(ctx context.Context, s *webhooks.Service) error {
			_, err := s.Get(ctx, "wh_1")
			return err
		}},
		{one, "PUT /api/v1/webhooks/wh_1 {}", func(ctx context.Context, s *webhooks.Service) error {
			_, err := s.Update(ctx, "wh_1", webhooks.UpdateParams{})
			return err
		}},
		{one, `PUT /api/v1/webhooks/wh_1 {"url":"https://shop.example/orbit","events":["call.completed"],"active":false,"description":"d"}`, func(ctx context.Context, s *webhooks.Service) error {
			_, err := s.Update(ctx, "wh_1", webhooks.UpdateParams{URL: url, Events: []webhooks.EventType{"call.completed"}, Active: orbit.Ptr(false), Description: orbit.Set("d")})
			return err
		}},
		{"", "DELETE /api/v1/webhooks/wh_1 ", func(ctx context.Context, s *webhooks.Service) error { return s.Delete(ctx, "wh_1") }},
		{"", "POST /api/v1/webhooks/wh_1/test ", func(ctx context.Context, s *webhooks.Service) error { return s.Test(ctx, "wh_1") }},
		{many, "GET /api/v1/webhooks/wh_1/deliveries?cursor=c&limit=2 ", func(ctx context.Context, s *webhooks.Service) error {
			_, err := s.Deliveries.List(ctx, "wh_1", webhooks.ListDeliveriesParams{Cursor: "c", Limit: 2})
			return err
		}},
	} {
		t.Run(test.want, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, test.want, answered(t, test.answer, test.do))
		})
	}
}

// FWD-1: the fields of the answers, under the names of both generations.
func TestAnswers(t *testing.T) {
	t.Parallel()
	for _, names := range [][3]string{{"id", "signing_secret", "id"}, {"webhook_id", "secret", "delivery_id"}} {
		answered(t, fmt.Sprintf(`{"data":{"%s":"wh_1","url":"https://a.example","events":["*"],"description":"d","active":true,"%s":"whsec_canary",
			"created_at":"2026-03-08T12:00:00Z","updated_at":"2026-03-08T13:00:00Z"}}`, names[0], names[1]), func(ctx context.Context, s *webhooks.Service) error {
			w, err := s.Get(ctx, "wh_1")
			require.NoError(t, err)
			assert.Equal(t, "wh_1", w.ID)
			assert.Equal(t, "https://a.example", w.URL)
			assert.Equal(t, []webhooks.EventType{webhooks.AllEvents}, w.Events)
			assert.Equal(t, "d", w.Description)
			assert.Equal(t, orbit.Ptr(true), w.Active)
			assert.Equal(t, "whsec_canary", string(w.SigningSecret))
			assert.NotContains(t, fmt.Sprintf("%v %+v %#v", w, w, w), "canary")
			assert.Equal(t, 12, w.CreatedAt.Hour())
			assert.Equal(t, 13, w.UpdatedAt.Hour())
			return nil
		})
		answered(t, fmt.Sprintf(`{"data":[{"%s":"del_1","event_id":"evt_1","event_type":"webhook.test","status_code":"200","response_time_ms":12,
			"attempt":2,"success":true,"created_at":"2026-03-08T12:00:00Z"}]}`, names[2]), func(ctx context.Context, s *webhooks.Service) error {
			page, err := s.Deliveries.List(ctx, "wh_1", webhooks.ListDeliveriesParams{})
			require.NoError(t, err)
			d := page.Items[0]
			assert.Equal(t, webhooks.Delivery{
				Meta: d.Meta, ID: "del_1", EventID: "evt_1", EventType: "webhook.test", StatusCode: 200, ResponseTimeMS: 12, Attempt: 2,
				Success: true, CreatedAt: d.CreatedAt,
			}, d)
			assert.Equal(t, 12, d.CreatedAt.Hour())
			return nil
		})
	}
}

// What can never be valid is refused before it is sent.
func TestCreateRefuses(t *testing.T) {
	t.Parallel()
	s := orbittest.New(t)
	for field, params := range map[string]webhooks.CreateParams{
		"url": {Events: []webhooks.EventType{"*"}}, "events": {URL: "https://shop.example"},
	} {
		_, err := s.Client().Webhooks.Create(t.Context(), params)
		var param *orbit.ParamError
		require.ErrorAs(t, err, &param)
		assert.Equal(t, field, param.Field)
	}
	assert.Empty(t, s.Requests())
}

// The life of a webhook on the fake, in both generations.
func TestWebhookLife(t *testing.T) {
	t.Parallel()
	for _, generation := range []orbittest.Generation{orbittest.Newer, orbittest.Older} {
		receiver := orbittest.WithWebhookHandler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
		server := orbittest.New(t, orbittest.WithGeneration(generation), receiver)
		client, ctx := server.Client(), t.Context()
		_, err := client.Webhooks.Create(ctx, webhooks.CreateParams{URL: "http://localhost", Events: []webhooks.EventType{"*"}})
		require.ErrorIs(t, err, orbit.CodeInvalidWebhookURL)
		made, err := client.Webhooks.Create(ctx, webhooks.CreateParams{URL: "https://shop.example/orbit", Events: []webhooks.EventType{"*"}})
		require.NoError(t, err)
		assert.NotEmpty(t, made.SigningSecret)
		require.NoError(t, client.Webhooks.Test(ctx, made.ID))
		_, err = server.DeliverEvents(ctx)
		require.NoError(t, err)
		changed, err := client.Webhooks.Update(ctx, made.ID, webhooks.UpdateParams{Active: orbit.Ptr(false), Description: orbit.Set("paused")})
		require.NoError(t, err)
		assert.Equal(t, orbit.Ptr(false), changed.Active)
		assert.Empty(t, changed.SigningSecret)
		delivered, err := orbit.Collect(client.Webhooks.Deliveries.All(ctx, made.ID, webhooks.ListDeliveriesParams{}), 10)
		require.NoError(t, err)
		require.Len(t, delivered, 1)
		assert.Equal(t, webhooks.EventType("webhook.test"), delivered[0].EventType)
		require.NoError(t, client.Webhooks.Delete(ctx, made.ID))
		_, err = client.Webhooks.Get(ctx, made.ID)
		require.ErrorIs(t, err, orbit.ErrNotFound)
	}
}
