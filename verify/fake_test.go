package verify_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/orbittest"
	"github.com/devotel/orbit-go/verify"
)

// inBothGenerations runs a test against a strict fake of each generation, which says
// all that it knows of a code.
func inBothGenerations(t *testing.T, test func(t *testing.T, server *orbittest.Server, service *verify.Service), opts ...orbittest.Option) {
	for name, generation := range map[string]orbittest.Generation{"newer": orbittest.Newer, "older": orbittest.Older} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := orbittest.New(t, append(opts, orbittest.WithGeneration(generation), orbittest.WithFullResponses())...)
				test(t, server, server.Client().Verify)
			})
		})
	}
}

// sent sends a code by SMS.
func sent(t *testing.T, service *verify.Service, params verify.SendParams) *verify.Verification {
	t.Helper()
	params.To, params.Channel = "+14155552671", verify.ChannelSMS
	v, err := service.Send(t.Context(), params)
	require.NoError(t, err)
	assert.Equal(t, http.StatusCreated, v.Info.StatusCode)
	return v
}

// checked checks a code.
func checked(t *testing.T, service *verify.Service, id, code string) *verify.Verification {
	t.Helper()
	v, err := service.Check(t.Context(), verify.CheckParams{VerificationID: id, Code: orbit.Secret(code)})
	require.NoError(t, err)
	return v
}

// wrong is a code that is not the right one.
func wrong(server *orbittest.Server, id string) string {
	if code := server.Code(id); code[0] != '0' {
		return "0" + code[1:]
	}
	return "1" + server.Code(id)[1:]
}

func TestRightCode(t *testing.T) {
	inBothGenerations(t, func(t *testing.T, server *orbittest.Server, service *verify.Service) {
		v := sent(t, service, verify.SendParams{})
		assert.Equal(t, verify.StatusPending, v.Status)
		assert.Equal(t, 3, v.MaxAttempts)
		require.NotNil(t, v.AttemptsRemaining)
		assert.Equal(t, 3, *v.AttemptsRemaining)
		assert.Equal(t, 10*time.Minute, v.ExpiresAt.Sub(v.CreatedAt))
		assert.Len(t, server.Code(v.ID), 6)

		time.Sleep(time.Minute)
		bad := checked(t, service, v.ID, wrong(server, v.ID))
		assert.False(t, bad.Approved())
		assert.True(t, bad.Status.Wrong())
		assert.Equal(t, 2, *bad.AttemptsRemaining)
		assert.Equal(t, time.Minute, bad.CheckedAt.Sub(v.CreatedAt))
		still, err := service.Get(t.Context(), v.ID)
		require.NoError(t, err)
		assert.Equal(t, verify.StatusPending, still.Status)

		good := checked(t, service, v.ID, server.Code(v.ID))
		assert.True(t, good.Approved())
		assert.Equal(t, time.Minute, good.VerifiedAt.Sub(v.CreatedAt))
		_, err = service.Cancel(t.Context(), v.ID)
		require.ErrorIs(t, err, orbit.ErrConflict)
	})
}

// TestEndsWithoutApproval proves that no code is good after the end.
func TestEndsWithoutApproval(t *testing.T) {
	for want, end := range map[verify.Status]func(t *testing.T, server *orbittest.Server, service *verify.Service, id string){
		verify.StatusExpired: func(_ *testing.T, _ *orbittest.Server, _ *verify.Service, _ string) { time.Sleep(time.Minute) },
		verify.StatusExhausted: func(t *testing.T, server *orbittest.Server, service *verify.Service, id string) {
			assert.Equal(t, 1, *checked(t, service, id, wrong(server, id)).AttemptsRemaining)
			assert.Equal(t, 0, *checked(t, service, id, wrong(server, id)).AttemptsRemaining)
		},
		verify.StatusCancelled: func(t *testing.T, _ *orbittest.Server, service *verify.Service, id string) {
			v, err := service.Cancel(t.Context(), id)
			require.NoError(t, err)
			assert.True(t, v.Status.IsTerminal())
		},
	} {
		t.Run(string(want), func(t *testing.T) {
			inBothGenerations(t, func(t *testing.T, server *orbittest.Server, service *verify.Service) {
				v := sent(t, service, verify.SendParams{MaxAttempts: 2, ExpiresInSeconds: 60, CodeLength: 8})
				assert.Len(t, server.Code(v.ID), 8)
				end(t, server, service, v.ID)
				late := checked(t, service, v.ID, server.Code(v.ID))
				assert.False(t, late.Approved())
				status := late.Status
				if status == verify.StatusCanceled {
					status = verify.StatusCancelled
				}
				assert.Equal(t, want, status)
				assert.True(t, status.IsTerminal())
			})
		})
	}
}

func TestDetailOfTheFake(t *testing.T) {
	inBothGenerations(t, func(t *testing.T, server *orbittest.Server, service *verify.Service) {
		profile, err := service.Profiles.Create(t.Context(), verify.CreateProfileParams{Name: "Login", CodeLength: 4, ExpiresInSeconds: 90})
		require.NoError(t, err)
		v := sent(t, service, verify.SendParams{ProfileID: profile.ID, FallbackChannel: verify.ChannelVoice})
		assert.Len(t, server.Code(v.ID), 4)
		assert.Equal(t, 90*time.Second, v.ExpiresAt.Sub(v.CreatedAt))
		checked(t, service, v.ID, wrong(server, v.ID))
		time.Sleep(30 * time.Second)
		d, err := service.GetDetail(t.Context(), v.ID)
		require.NoError(t, err)
		assert.Equal(t, v.ID, d.ID)
		assert.Equal(t, "+14155552671", d.To)
		assert.Equal(t, profile.ID, d.ProfileID)
		assert.Equal(t, "Login", d.ProfileName)
		assert.Equal(t, 1, d.Attempts)
		assert.Equal(t, 60, d.ExpirationCountdownSeconds)
		assert.Equal(t, verify.ChannelSMS, d.ChannelAttempts[0].Channel)
		assert.Equal(t, verify.ChannelVoice, d.FallbackChain[1].Channel)
		assert.NotEmpty(t, d.ConfigSnapshot)
		assert.Contains(t, string(d.AttemptLog), "****")
		assert.NotContains(t, string(d.Raw), server.Code(v.ID))
		checked(t, service, v.ID, server.Code(v.ID))
		d, err = service.GetDetail(t.Context(), v.ID)
		require.NoError(t, err)
		assert.True(t, d.Status.Approved())
		assert.Equal(t, time.Now().UTC(), d.VerifiedAt.UTC())

		var ids []string
		for v, err := range service.All(t.Context(), verify.ListParams{Status: d.Status, Channel: "sms", To: "+14155552671"}) {
			require.NoError(t, err)
			ids = append(ids, v.ID)
		}
		assert.Equal(t, []string{v.ID}, ids)
		_, err = service.GetDetail(t.Context(), "vrf_theirs")
		require.ErrorIs(t, err, orbit.ErrNotFound)
	})
}

func TestBulkOfTheFake(t *testing.T) {
	inBothGenerations(t, func(t *testing.T, server *orbittest.Server, service *verify.Service) {
		send := func(to ...string) (*verify.BulkResult, error) {
			p := verify.SendBulkParams{Channel: verify.ChannelSMS}
			for _, one := range to {
				p.Recipients = append(p.Recipients, verify.BulkRecipient{To: one})
			}
			return service.SendBulk(t.Context(), p)
		}
		all, err := send("+15005550002", "+15005550003")
		require.NoError(t, err)
		assert.Equal(t, http.StatusCreated, all.Info.StatusCode)
		assert.Len(t, all.Rows, 2)
		for range all.Failed() {
			t.Error("nobody failed")
		}
		assert.True(t, checked(t, service, all.Rows[1].ID, server.Code(all.Rows[1].ID)).Approved())

		some, err := send("+15005550002", "+15005550004")
		require.NoError(t, err)
		assert.Equal(t, http.StatusMultiStatus, some.Info.StatusCode)
		for row := range some.Failed() {
			assert.Equal(t, "+15005550004", row.To)
			assert.Equal(t, api.CodeMessageSendFailed, row.Error.Code)
			assert.NotEmpty(t, row.Error.Message)
		}

		none, err := send("+15005550004", "+14155550104")
		assert.Nil(t, none)
		require.ErrorIs(t, err, orbit.ErrInvalid)
		rows := verify.BulkRows(err)
		require.Len(t, rows, 2)
		assert.Equal(t, "+14155550104", rows[1].To)
		assert.True(t, rows[1].Failed())
	})
}

func TestProfileLife(t *testing.T) {
	inBothGenerations(t, func(t *testing.T, _ *orbittest.Server, service *verify.Service) {
		ctx, profiles := t.Context(), service.Profiles
		made, err := profiles.Create(ctx, verify.CreateProfileParams{
			Name: "Login", Channel: verify.ChannelSMS, CodeLength: 6, ExpiresInSeconds: 600, Locale: "en", Sender: "Acme",
		})
		require.NoError(t, err)
		time.Sleep(time.Hour)
		changed, err := profiles.Update(ctx, made.ID, verify.UpdateProfileParams{Name: "Sign in", CodeLength: 8})
		require.NoError(t, err)
		got, err := profiles.Get(ctx, made.ID)
		require.NoError(t, err)
		changed.Info, got.Info = nil, nil
		assert.Equal(t, inUTC(*changed), inUTC(*got))
		assert.Equal(t, verify.Profile{
			ID: made.ID, Name: "Sign in", Channel: verify.ChannelSMS, CodeLength: 8, ExpiresInSeconds: 600, Locale: "en", Sender: "Acme",
			CreatedAt: made.CreatedAt.UTC(), UpdatedAt: made.CreatedAt.UTC().Add(time.Hour),
		}, inUTC(*got))
		page, err := profiles.List(ctx, verify.ListProfilesParams{})
		require.NoError(t, err)
		assert.Len(t, page.Items, 1)
		require.NoError(t, profiles.Delete(ctx, made.ID))
		_, err = profiles.Get(ctx, made.ID)
		require.ErrorIs(t, err, orbit.ErrNotFound)
		_, err = service.Send(ctx, verify.SendParams{To: "+14155552671", Channel: "sms", ProfileID: made.ID})
		require.ErrorIs(t, err, orbit.ErrInvalid)
	})
}

// TestRepeatedCheck proves that an answer which got lost costs no second attempt.
func TestRepeatedCheck(t *testing.T) { // RET-1
	synctest.Test(t, func(t *testing.T) {
		server := orbittest.New(t, orbittest.WithFullResponses())
		service := server.Client().Verify
		v := sent(t, service, verify.SendParams{})
		server.FailNext("POST /verify/check", orbittest.ResetAfter())
		bad := checked(t, service, v.ID, wrong(server, v.ID))
		assert.Equal(t, 2, bad.Info.Attempts)
		assert.Equal(t, 1, bad.Attempts)
		assert.True(t, checked(t, service, v.ID, server.Code(v.ID)).Approved())
	})
}

// TestFakeKnowsEveryRequest proves that each operation reaches a route of the fake
// with no field or parameter that it does not know.
func TestFakeKnowsEveryRequest(t *testing.T) {
	routes := []string{
		"/verify/send", "/verify/check", "/verify/bulk", "/verify/", "/verify/{id}", "/verify/{id}/detail", "/verify/{id}/cancel",
		"/verify/profiles", "/verify/profiles/{id}",
	}
	for _, c := range goldens() {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := orbittest.New(t) // fails on what it does not know
				_ = c.call(t.Context(), server.Client().Verify)
				require.NotEmpty(t, server.Requests())
				for _, r := range server.Requests() {
					assert.Empty(t, r.UnknownFields)
					assert.NotEqual(t, http.StatusMethodNotAllowed, r.Status)
					assert.Contains(t, routes, r.Route)
				}
			})
		})
	}
}
