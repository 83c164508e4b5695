package orbittest

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
)

// AnswerRequest returns the request that Orbit makes of a number's answer URL when
// a call comes in, for a call that the server holds, such as one of
// [Server.AddCall]. The method is POST, with the fields as JSON, or GET, with them
// in the query. It goes to the voice_webhook_url of the number that is called, or
// to https://receiver.example/ if the server knows of none. Give it to a handler.
// It is not signed, since nothing says that Orbit signs it. An ID that the server
// does not hold, and another method, fail the test.
func (s *Server) AnswerRequest(ctx context.Context, method, callID string) *http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, p, ok := held(s, callID, callRows)
	if !ok {
		s.misused("there is no call with ID %s", callID)
		return nil
	}
	r, err := newAnswerRequest(ctx, method, s.answerURL(p.to), p.answerFields())
	if err != nil {
		s.misused("there is no answer request: %v", err)
	}
	return r
}

func (s *Server) answerURL(number string) string {
	if h := s.market.holder[number]; h != nil && h.voiceWebhookURL != "" {
		return h.voiceWebhookURL
	}
	return receiverURL
}

func newAnswerRequest(ctx context.Context, method, address string, fields object) (*http.Request, error) {
	switch method {
	case http.MethodGet:
		return newAnswerQuery(ctx, address, fields)
	case http.MethodPost:
		var body encoder
		body.object(fields)
		r, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body.buf))
		if err == nil {
			r.Header.Set("Content-Type", "application/json; charset=utf-8")
		}
		return r, err
	default:
		return nil, fmt.Errorf("its method is POST or GET, not %s", method)
	}
}

// newAnswerQuery adds the fields to what the address asks already. A query has no
// null: a number that is withheld is empty there.
func newAnswerQuery(ctx context.Context, address string, fields object) (*http.Request, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	query := u.Query()
	for _, f := range fields {
		text, _ := f.value.(string)
		query.Set(f.name, text)
	}
	u.RawQuery = query.Encode()
	return http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
}

// answerFields are what an answer URL is told of a call.
func (p *phoneCall) answerFields() object {
	var from any // null for a number that is withheld
	if p.from != "" {
		from = p.from
	}
	return object{
		{"callSid", p.id}, {"from", from}, {"to", p.to}, {"dialedE164", p.to},
		{"routeId", "rt_orbittest"}, {"organizationId", "org_orbittest"},
	}
}
