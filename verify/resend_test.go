package verify_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/orbittest"
	"github.com/devotel/orbit-go/verify"
)

// TestResend sends a new code in place of one that got lost: the old one is good
// for nothing any more.
func TestResend(t *testing.T) { // NAM-2
	inBothGenerations(t, func(t *testing.T, server *orbittest.Server, service *verify.Service) {
		first := sent(t, service, verify.SendParams{MaxAttempts: 5})
		second, err := service.Resend(t.Context(), first.ID, verify.ResendParams{Channel: verify.ChannelVoice, CodeLength: 4},
			orbit.WithIdempotencyKey("job-0001"), orbit.WithBodyField("/metadata/job", 1))
		require.NoError(t, err)
		assert.NotEqual(t, first.ID, second.ID)
		assert.Equal(t, verify.StatusPending, second.Status)
		assert.Equal(t, "+14155552671", second.To)
		assert.Equal(t, verify.ChannelVoice, second.Channel)
		assert.Equal(t, 5, second.MaxAttempts)
		assert.Len(t, server.Code(second.ID), 4)
		assert.False(t, checked(t, service, first.ID, server.Code(first.ID)).Approved())
		assert.True(t, checked(t, service, second.ID, server.Code(second.ID)).Approved())

		sends := server.Requests("POST /verify/send")
		require.Len(t, sends, 2)
		assert.Equal(t, "job-0001", sends[1].IdempotencyKey)
		assert.JSONEq(t, `{"to":"+14155552671","channel":"voice","max_attempts":5,"code_length":4,"metadata":{"job":1}}`, string(sends[1].Body))
		cancels := server.Requests("POST /verify/{id}/cancel")
		require.Len(t, cancels, 1)
		assert.NotEqual(t, "job-0001", cancels[0].IdempotencyKey)
		assert.Empty(t, cancels[0].Body)
	}, orbittest.AllowUnknownFields())
}

// TestResendAfterTheEnd sends a new code after every end but the good one.
func TestResendAfterTheEnd(t *testing.T) { // NAM-2
	inBothGenerations(t, func(t *testing.T, server *orbittest.Server, service *verify.Service) {
		expired := sent(t, service, verify.SendParams{ExpiresInSeconds: 60})
		time.Sleep(time.Minute)
		exhausted := sent(t, service, verify.SendParams{MaxAttempts: 1})
		checked(t, service, exhausted.ID, "none")
		cancelled := sent(t, service, verify.SendParams{})
		_, err := service.Cancel(t.Context(), cancelled.ID)
		require.NoError(t, err)
		for _, old := range []string{expired.ID, exhausted.ID, cancelled.ID} {
			v, err := service.Resend(t.Context(), old, verify.ResendParams{})
			require.NoError(t, err)
			assert.Equal(t, verify.StatusPending, v.Status)
			assert.NotEqual(t, old, v.ID)
		}

		approved := sent(t, service, verify.SendParams{})
		checked(t, service, approved.ID, server.Code(approved.ID))
		before := len(server.Requests("POST *"))
		v, err := service.Resend(t.Context(), approved.ID, verify.ResendParams{})
		require.NoError(t, err)
		assert.Equal(t, approved.ID, v.ID)
		assert.True(t, v.Approved())
		assert.NotZero(t, v.VerifiedAt)
		assert.Len(t, server.Requests("POST *"), before, "nothing is sent")
	})
}

// TestResendRaces reads a verification again that ended between two calls.
func TestResendRaces(t *testing.T) { // NAM-2
	inBothGenerations(t, func(t *testing.T, server *orbittest.Server, service *verify.Service) {
		old := sent(t, service, verify.SendParams{})
		server.FailNext("POST /verify/{id}/cancel", orbittest.Fault{Status: http.StatusConflict})
		v, err := service.Resend(t.Context(), old.ID, verify.ResendParams{})
		require.NoError(t, err)
		assert.NotEqual(t, old.ID, v.ID)
		assert.Len(t, server.Requests("GET /verify/{id}/detail"), 2)
	})
}

// TestResendRefuses leaves the old code as it is where the new one cannot be sent.
func TestResendRefuses(t *testing.T) { // NAM-2
	inBothGenerations(t, func(t *testing.T, server *orbittest.Server, service *verify.Service) {
		old := sent(t, service, verify.SendParams{})
		for field, params := range map[string]verify.ResendParams{
			"to":             {To: "Ada"},
			"custom_message": {CustomMessage: "Hello"},
		} {
			_, err := service.Resend(t.Context(), old.ID, params)
			var refused *orbit.ParamError
			require.ErrorAs(t, err, &refused)
			assert.Equal(t, "Verify.Resend", refused.Op)
			assert.Equal(t, field, refused.Field)
		}
		_, err := service.Resend(t.Context(), "none", verify.ResendParams{})
		require.ErrorIs(t, err, orbit.ErrNotFound)

		server.FailNext("POST /verify/{id}/cancel", orbittest.Fault{Status: http.StatusForbidden})
		_, err = service.Resend(t.Context(), old.ID, verify.ResendParams{})
		require.ErrorIs(t, err, orbit.ErrForbidden)
		assert.True(t, checked(t, service, old.ID, server.Code(old.ID)).Approved())
	})
}

// TestCheckedAsTyped sends a code without what people type between its digits.
func TestCheckedAsTyped(t *testing.T) {
	inBothGenerations(t, func(t *testing.T, server *orbittest.Server, service *verify.Service) {
		for _, between := range []string{"", " ", "-", " - ", "\u00a0", "\u2013", "\u2212", "\u200b", "\t", "\n"} {
			v := sent(t, service, verify.SendParams{})
			code := server.Code(v.ID)
			assert.True(t, checked(t, service, v.ID, between+code[:3]+between+code[3:]+between).Approved(), "%q", between)
		}
		_, err := service.Check(t.Context(), verify.CheckParams{VerificationID: "v", Code: " - "})
		var refused *orbit.ParamError
		require.ErrorAs(t, err, &refused)
		assert.Equal(t, "code", refused.Field)
	})
}

// TestCheckedTwice proves that a double click is no error, and that a server that
// takes a code once is understood.
func TestCheckedTwice(t *testing.T) {
	inBothGenerations(t, func(t *testing.T, server *orbittest.Server, service *verify.Service) {
		v := sent(t, service, verify.SendParams{})
		first, second := checked(t, service, v.ID, server.Code(v.ID)), checked(t, service, v.ID, server.Code(v.ID))
		assert.True(t, second.Approved())
		assert.Equal(t, first.VerifiedAt, second.VerifiedAt)
		assert.False(t, checked(t, service, v.ID, wrong(server, v.ID)).Approved())

		server.FailNext("POST /verify/check", orbittest.Fault{Status: http.StatusConflict})
		_, err := service.Check(t.Context(), verify.CheckParams{VerificationID: v.ID, Code: "123456"})
		require.ErrorIs(t, err, orbit.ErrConflict)
		assert.False(t, orbit.Retryable(err))
	})
}
