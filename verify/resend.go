package verify

import (
	"cmp"
	"context"
	"errors"
	"net/http"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
)

// ResendParams says what is different about a code that is sent again.
type ResendParams struct {
	// To is the recipient. The default is that of the verification.
	To string
	// Channel is the way to send it, such as [ChannelVoice] for somebody who got no
	// SMS message. The default is that of the verification.
	Channel Channel
	// MaxAttempts is how often the new code may be typed, 1 to 10. The default is
	// that of the verification.
	MaxAttempts int
	// CodeLength is the number of digits, 4 to 8. Give it as for Send.
	CodeLength int
	// ExpiresInSeconds is how long the new code is good for. Give it as for Send.
	ExpiresInSeconds int
	// Locale is the language of the message. Give it as for Send.
	Locale string
	// FallbackChannel is tried where Channel does not get through. Give it as for
	// Send.
	FallbackChannel Channel
	// CustomMessage is the text to send, which must hold {{code}}. Give it as for
	// Send.
	CustomMessage string
	// ProfileID takes the settings that are not given from a profile. The default is
	// that of the verification.
	ProfileID string
}

// Resend invalidates the code of a verification and sends a new one, which is a
// new verification: check the code under its ID. An expired, used-up or cancelled
// verification gets a new code as well. An approved one needs none: it is returned
// as it is, and nothing is sent.
//
// Its parts are calls of their own: GetDetail, Cancel and Send. Idempotency key and
// body fields go with the Send. If it fails, calling it again goes on where it
// stopped.
//
// GET /verify/{id}/detail, POST /verify/{id}/cancel, POST /verify/send
func (s *Service) Resend(ctx context.Context, id string, params ResendParams, opts ...api.CallOption) (*Verification, error) {
	ctx, cancel, opts := call.ClientOf(s.core).Several(ctx, opts)
	defer cancel()
	others := append(opts[:len(opts):len(opts)], api.NewCallOption(func(s *api.CallSettings) {
		s.IdempotencyKey, s.HasIdempotencyKey, s.BodyFields = "", false, nil
	}))
	old, err := s.GetDetail(ctx, id, others...)
	if err != nil {
		return nil, err
	}
	renewed := params.of(old)
	route := renewed.route("Verify.Resend")
	if err := call.ClientOf(s.core).Problem(route); err != nil { // while the old code is still good
		return nil, err
	}
	if !old.Status.IsTerminal() {
		if old, err = s.invalidate(ctx, old, others); err != nil {
			return nil, err
		}
	}
	if old.Status.Approved() {
		return old.verification(), nil
	}
	return s.send(ctx, route, renewed, opts)
}

// of fills in what a verification tells.
func (p ResendParams) of(old *Detail) SendParams {
	p.To, p.Channel = cmp.Or(p.To, old.To), cmp.Or(p.Channel, old.Channel)
	p.MaxAttempts, p.ProfileID = cmp.Or(p.MaxAttempts, old.MaxAttempts), cmp.Or(p.ProfileID, old.ProfileID)
	return SendParams(p)
}

// invalidate cancels a verification. One that reached a final status in the
// meantime, with which that conflicts, is read again.
func (s *Service) invalidate(ctx context.Context, old *Detail, opts []api.CallOption) (*Detail, error) {
	_, err := s.Cancel(ctx, old.ID, opts...)
	var f *call.Failure
	if errors.As(err, &f) && f.StatusCode == http.StatusConflict {
		return s.GetDetail(ctx, old.ID, opts...)
	}
	return old, err
}

// verification is the shorter form of the same.
func (d *Detail) verification() *Verification {
	return &Verification{
		Meta: d.Meta, ID: d.ID, To: d.To, Channel: d.Channel, Status: d.Status, MaxAttempts: d.MaxAttempts, Attempts: d.Attempts,
		ProfileID: d.ProfileID, CreatedAt: d.CreatedAt, ExpiresAt: d.ExpiresAt, VerifiedAt: d.VerifiedAt,
	}
}
