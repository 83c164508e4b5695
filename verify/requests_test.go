package verify_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/verify"
)

// accepted is an answer that every operation can read: a thing, and a list of one.
const accepted = `{"data":{"id":"x_1","results":[{"id":"x_1"}]},"meta":{"request_id":"req_1"}}`

// golden is an operation and the exact request that it makes.
type golden struct {
	name                      string
	call                      operation
	method, path, query, body string
}

func goldens() []golden {
	type C = context.Context
	type S = *verify.Service
	const id, escaped = "a/../b?c#d e+f%2F", "a%2F..%2Fb%3Fc%23d%20e%2Bf%252F"
	send := func(p verify.SendParams) operation {
		return func(ctx C, s S, opts ...orbit.CallOption) error { _, err := s.Send(ctx, p, opts...); return err }
	}
	bulk := func(p verify.SendBulkParams) operation {
		return func(ctx C, s S, opts ...orbit.CallOption) error { _, err := s.SendBulk(ctx, p, opts...); return err }
	}
	list := func(p verify.ListParams) operation {
		return func(ctx C, s S, opts ...orbit.CallOption) error { _, err := s.List(ctx, p, opts...); return err }
	}
	create := func(p verify.CreateProfileParams) operation {
		return func(ctx C, s S, opts ...orbit.CallOption) error {
			_, err := s.Profiles.Create(ctx, p, opts...)
			return err
		}
	}
	update := func(p verify.UpdateProfileParams) operation {
		return func(ctx C, s S, opts ...orbit.CallOption) error {
			_, err := s.Profiles.Update(ctx, id, p, opts...)
			return err
		}
	}
	some := verify.ListParams{Cursor: "cur_1", Limit: 7, Status: verify.StatusPending, Channel: verify.ChannelSMS, To: "+14155552671"}
	const someQuery = "channel=sms&cursor=cur_1&limit=7&status=pending&to=%2B14155552671"
	someProfiles := verify.ListProfilesParams{Cursor: "cur_1", Limit: 7}
	return []golden{
		{"send", send(verify.SendParams{To: "+14155552671", Channel: verify.ChannelSMS}),
			"POST", "/verify/send", "", `{"to":"+14155552671","channel":"sms"}`},
		{"send by e-mail", send(verify.SendParams{To: "ada@example.com", Channel: verify.ChannelEmail}),
			"POST", "/verify/send", "", `{"to":"ada@example.com","channel":"email"}`},
		{"send by a channel that nobody knows", send(verify.SendParams{To: "@ada", Channel: "pigeon"}),
			"POST", "/verify/send", "", `{"to":"@ada","channel":"pigeon"}`},
		{"send with everything", send(verify.SendParams{
			To: "+15005550002", Channel: verify.ChannelWhatsApp, MaxAttempts: 5, CodeLength: 8, ExpiresInSeconds: 600, Locale: "pt-BR",
			FallbackChannel: verify.ChannelVoice, CustomMessage: "Your code: {{code}}", ProfileID: "vprof_1",
		}), "POST", "/verify/send", "", `{"to":"+15005550002","channel":"whatsapp","max_attempts":5,"code_length":8,"expires_in_seconds":600,` +
			`"locale":"pt-BR","fallback_channel":"voice","custom_message":"Your code: {{code}}","profile_id":"vprof_1"}`},
		{"check", func(ctx C, s S, opts ...orbit.CallOption) error {
			_, err := s.Check(ctx, verify.CheckParams{VerificationID: "vrf_1", Code: "012345"}, opts...)
			return err
		}, "POST", "/verify/check", "", `{"verification_id":"vrf_1","code":"012345"}`},
		{"list", list(verify.ListParams{}), "GET", "/verify/", "", ""},
		{"list some", list(some), "GET", "/verify/", someQuery, ""},
		{"pages", func(ctx C, s S, opts ...orbit.CallOption) error { return first(s.Pages(ctx, some, opts...)) },
			"GET", "/verify/", someQuery, ""},
		{"all", func(ctx C, s S, opts ...orbit.CallOption) error { return first(s.All(ctx, some, opts...)) },
			"GET", "/verify/", someQuery, ""},
		{"get", func(ctx C, s S, opts ...orbit.CallOption) error { _, err := s.Get(ctx, id, opts...); return err },
			"GET", "/verify/" + escaped, "", ""},
		{"get detail", func(ctx C, s S, opts ...orbit.CallOption) error { _, err := s.GetDetail(ctx, id, opts...); return err },
			"GET", "/verify/" + escaped + "/detail", "", ""},
		{"cancel", func(ctx C, s S, opts ...orbit.CallOption) error { _, err := s.Cancel(ctx, id, opts...); return err },
			"POST", "/verify/" + escaped + "/cancel", "", ""},
		{"bulk", bulk(verify.SendBulkParams{Recipients: []verify.BulkRecipient{{To: "+14155552671"}}, Channel: verify.ChannelSMS}),
			"POST", "/verify/bulk", "", `{"recipients":[{"to":"+14155552671"}],"channel":"sms"}`},
		{"bulk with everything", bulk(verify.SendBulkParams{
			Recipients: []verify.BulkRecipient{{To: "a@example.com"}, {To: "b@example.com"}}, Channel: verify.ChannelEmail, ProfileID: "vprof_1",
		}), "POST", "/verify/bulk", "", `{"recipients":[{"to":"a@example.com"},{"to":"b@example.com"}],"channel":"email","profile_id":"vprof_1"}`},
		{"create profile", create(verify.CreateProfileParams{Name: "Login"}), "POST", "/verify/profiles", "", `{"name":"Login"}`},
		{"create profile with everything", create(verify.CreateProfileParams{
			Name: "Login", Channel: verify.ChannelViber, CodeLength: 4, ExpiresInSeconds: 60, Locale: "en", Sender: "Acme",
		}), "POST", "/verify/profiles", "", `{"name":"Login","channel":"viber","code_length":4,"expires_in_seconds":60,"locale":"en","sender":"Acme"}`},
		{"list profiles", func(ctx C, s S, opts ...orbit.CallOption) error {
			_, err := s.Profiles.List(ctx, verify.ListProfilesParams{}, opts...)
			return err
		}, "GET", "/verify/profiles", "", ""},
		{"pages of profiles", func(ctx C, s S, opts ...orbit.CallOption) error {
			return first(s.Profiles.Pages(ctx, someProfiles, opts...))
		},
			"GET", "/verify/profiles", "cursor=cur_1&limit=7", ""},
		{"all profiles", func(ctx C, s S, opts ...orbit.CallOption) error {
			return first(s.Profiles.All(ctx, someProfiles, opts...))
		},
			"GET", "/verify/profiles", "cursor=cur_1&limit=7", ""},
		{"get profile", func(ctx C, s S, opts ...orbit.CallOption) error {
			_, err := s.Profiles.Get(ctx, id, opts...)
			return err
		},
			"GET", "/verify/profiles/" + escaped, "", ""},
		{"update nothing of a profile", update(verify.UpdateProfileParams{}), "PATCH", "/verify/profiles/" + escaped, "", `{}`},
		{"update profile", update(verify.UpdateProfileParams{
			Name: "New", Channel: verify.ChannelTelegram, CodeLength: 6, ExpiresInSeconds: 90, Locale: "de", Sender: "Shop",
		}), "PATCH", "/verify/profiles/" + escaped, "",
			`{"name":"New","channel":"telegram","code_length":6,"expires_in_seconds":90,"locale":"de","sender":"Shop"}`},
		{"delete profile", func(ctx C, s S, opts ...orbit.CallOption) error { return s.Profiles.Delete(ctx, id, opts...) },
			"DELETE", "/verify/profiles/" + escaped, "", ""},
	}
}

// first takes one item of an iterator.
func first[T any](items func(func(T, error) bool)) error {
	for _, err := range items {
		return err
	}
	return errors.New("there is no item")
}

func TestRequests(t *testing.T) { // ERG-1, ERG-2, HTTP-5
	t.Parallel()
	for _, c := range goldens() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			mock := newMock(t)
			var got request
			mock.RegisterNoResponder(record(&got, http.StatusOK, accepted))

			require.NoError(t, c.call(t.Context(), newService(t, mock), orbit.WithHeader("X-Extra", "1")))

			assert.Equal(t, c.method, got.method)
			assert.Equal(t, "/api/v1"+c.path, got.path)
			assert.Equal(t, c.query, got.query)
			assert.Equal(t, c.body, got.body)
			assert.Equal(t, "1", got.header.Get("X-Extra"), "options are passed on")
			assert.Equal(t, apiKey, got.header.Get("X-API-Key"))
			assert.Equal(t, c.body != "", got.header.Get("Content-Type") == "application/json")
			assert.Equal(t, c.method != "GET", got.header["Idempotency-Key"] != nil) // RET-1
			assert.Equal(t, 1, mock.GetTotalCallCount())
		})
	}
}

const (
	ruleEmpty = "must not be empty"
	ruleE164  = "must be a phone number in E.164 form"
)

func TestRefusals(t *testing.T) { // NUM-1, NUM-4
	t.Parallel()
	send := func(p verify.SendParams) operation {
		return func(ctx context.Context, s *verify.Service, opts ...orbit.CallOption) error {
			_, err := s.Send(ctx, p, opts...)
			return err
		}
	}
	check := func(p verify.CheckParams) operation {
		return func(ctx context.Context, s *verify.Service, opts ...orbit.CallOption) error {
			_, err := s.Check(ctx, p, opts...)
			return err
		}
	}
	bulk := func(channel verify.Channel, to ...string) operation {
		p := verify.SendBulkParams{Channel: channel}
		for _, one := range to {
			p.Recipients = append(p.Recipients, verify.BulkRecipient{To: one})
		}
		return func(ctx context.Context, s *verify.Service, opts ...orbit.CallOption) error {
			_, err := s.SendBulk(ctx, p, opts...)
			return err
		}
	}
	for _, c := range []struct {
		name, op, field, rule, suggestion string
		call                              operation
	}{
		{"nobody", "Verify.Send", "to", ruleEmpty, "", send(verify.SendParams{Channel: "sms"})},
		{"nobody by e-mail", "Verify.Send", "to", ruleEmpty, "", send(verify.SendParams{Channel: "email"})},
		{"spaces", "Verify.Send", "to", ruleE164, "+14*******71", send(verify.SendParams{To: "+1 415 555 2671", Channel: "sms"})},
		{"e-mail by WhatsApp", "Verify.Send", "to", ruleE164, "", send(verify.SendParams{To: "ada@example.com", Channel: "whatsapp"})},
		{"national by voice", "Verify.Send", "to", ruleE164, "", send(verify.SendParams{To: "4155552671", Channel: "voice"})},
		{"no plus by Viber", "Verify.Send", "to", ruleE164, "+14*******71", send(verify.SendParams{To: "14155552671", Channel: "viber"})},
		{"no channel", "Verify.Send", "channel", ruleEmpty, "", send(verify.SendParams{To: "+14155552671"})},
		{"message without the code", "Verify.Send", "custom_message", "must hold {{code}}", "",
			send(verify.SendParams{To: "+14155552671", Channel: "sms", CustomMessage: "Your code: {code}"})},
		{"no verification", "Verify.Check", "verification_id", ruleEmpty, "", check(verify.CheckParams{Code: "123456"})},
		{"no code", "Verify.Check", "code", ruleEmpty, "", check(verify.CheckParams{VerificationID: "vrf_1"})},
		{"bulk to nobody", "Verify.SendBulk", "recipients", ruleEmpty, "", bulk("sms")},
		{"bulk without a channel", "Verify.SendBulk", "channel", ruleEmpty, "", bulk("", "+14155552671")},
		{"bulk to an empty one", "Verify.SendBulk", "recipients.to", ruleEmpty, "", bulk("email", "a@example.com", "")},
		{"bulk to a wrong one", "Verify.SendBulk", "recipients.to", ruleE164, "+14*******71", bulk("sms", "+14155552671", "0014155552671")},
		{"profile without a name", "Verify.Profiles.Create", "name", ruleEmpty, "", func(ctx context.Context, s *verify.Service, opts ...orbit.CallOption) error {
			_, err := s.Profiles.Create(ctx, verify.CreateProfileParams{Channel: "sms"}, opts...)
			return err
		}},
		{"negative limit", "Verify.List", "limit", "must not be negative", "", func(ctx context.Context, s *verify.Service, opts ...orbit.CallOption) error {
			return first(s.All(ctx, verify.ListParams{Limit: -1}, opts...))
		}},
		{"negative limit of profiles", "Verify.Profiles.List", "limit", "must not be negative", "", func(ctx context.Context, s *verify.Service, opts ...orbit.CallOption) error {
			return first(s.Profiles.All(ctx, verify.ListProfilesParams{Limit: -1}, opts...))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			mock := newMock(t)
			err := c.call(t.Context(), newService(t, mock))
			var refused *orbit.ParamError
			require.ErrorAs(t, err, &refused)
			assert.Equal(t, c.op, refused.Op)
			assert.Equal(t, c.field, refused.Field)
			assert.Contains(t, refused.Rule, c.rule)
			assert.Equal(t, c.suggestion, refused.Suggestion)
			require.ErrorIs(t, err, orbit.ErrNotSent)
			assert.NotRegexp(t, "[0-9]{6}", err.Error()) // SEC-4
			assert.NotContains(t, err.Error(), "@")
			assert.Zero(t, mock.GetTotalCallCount())

			var got request
			mock.RegisterNoResponder(record(&got, http.StatusOK, accepted))
			require.NoError(t, c.call(t.Context(), newService(t, mock, orbit.WithoutChecks())), "without checks the server decides")
		})
	}
}

// TestIDsAreRefused proves that no ID turns a call into another one, also with
// the checks off.
func TestIDsAreRefused(t *testing.T) { // HTTP-5
	t.Parallel()
	for name, call := range map[string]func(context.Context, *verify.Service, string) error{
		"get": func(ctx context.Context, s *verify.Service, id string) error { _, err := s.Get(ctx, id); return err },
		"get detail": func(ctx context.Context, s *verify.Service, id string) error {
			_, err := s.GetDetail(ctx, id)
			return err
		},
		"cancel": func(ctx context.Context, s *verify.Service, id string) error { _, err := s.Cancel(ctx, id); return err },
		"get profile": func(ctx context.Context, s *verify.Service, id string) error {
			_, err := s.Profiles.Get(ctx, id)
			return err
		},
		"update profile": func(ctx context.Context, s *verify.Service, id string) error {
			_, err := s.Profiles.Update(ctx, id, verify.UpdateProfileParams{})
			return err
		},
		"delete profile": func(ctx context.Context, s *verify.Service, id string) error { return s.Profiles.Delete(ctx, id) },
	} {
		for _, id := range []string{"", ".", ".."} {
			err := call(t.Context(), newService(t, newMock(t), orbit.WithoutChecks()), id)
			var refused *orbit.ParamError
			require.ErrorAs(t, err, &refused, "%s %q", name, id)
			assert.Equal(t, "id", refused.Field)
		}
	}
}
