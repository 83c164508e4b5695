package orbittest_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/orbittest"
)

const aCode = `{"to":"+14155550100","channel":"sms"}`

func verificationID(a answer) string {
	id, _ := a.at("data.verification_id").(string)
	return id
}

// The exact bytes, so that no change of the wire goes unnoticed.
func TestVerificationsOfBothGenerations(t *testing.T) {
	for g, want := range map[orbittest.Generation]string{
		orbittest.Newer: `{"data":{"verification_id":"ID","status":"pending","channel":"sms","expires_at":"2000-01-01T00:10:00Z"}}`,
		orbittest.Older: `{"data":{"verification_id":"ID","to":"+14155550100","channel":"sms","status":"pending","max_attempts":3,"expires_at":"2000-01-01T00:10:00Z","created_at":"2000-01-01T00:00:00Z"},"meta":{"request_id":"req_1000001","timestamp":"2000-01-01T00:00:00Z"}}`,
	} {
		synctest.Test(t, func(t *testing.T) {
			s := orbittest.New(t, orbittest.WithGeneration(g))
			a := do(t, s, "POST", "/verify/send", aCode)
			assert.Equal(t, 201, a.status)
			assert.Equal(t, strings.Replace(want, "ID", verificationID(a), 1), a.raw)
		})
	}
}

// TST-2: codes are checked, run out of attempts and of time, and are good for
// once.
func TestCodes(t *testing.T) {
	for _, c := range []struct {
		generation    orbittest.Generation
		bad, canceled string
	}{
		{orbittest.Newer, "failed", "cancelled"},
		{orbittest.Older, "rejected", "canceled"},
	} {
		const right = "approved"
		synctest.Test(t, func(t *testing.T) {
			s := full(t, orbittest.WithGeneration(c.generation))
			send := func() string {
				return verificationID(do(t, s, "POST", "/verify/send", `{"to":"+14155550100","channel":"sms","max_attempts":2,"expires_in_seconds":60,"code_length":8}`))
			}
			check := func(id, code string) answer {
				return do(t, s, "POST", "/verify/check", `{"verification_id":"`+id+`","code":"`+code+`"}`)
			}
			id := send()
			assert.Regexp(t, `^\d{8}$`, s.Code(id))
			assert.NotEqual(t, s.Code(id), s.Code(send()))

			a := check(id, "x")
			assert.Equal(t, 200, a.status, "a wrong code is a result")
			assert.Equal(t, c.bad, a.at("data.status"))
			assert.NotEmpty(t, a.at("data.checked_at"))
			assert.Nil(t, a.at("data.verified_at"))
			assert.Equal(t, "pending", do(t, s, "GET", "/verify/"+id, "").at("data.status"))
			a = check(id, s.Code(id))
			assert.Equal(t, right, a.at("data.status"))
			assert.NotEmpty(t, a.at("data.verified_at"))
			assert.Equal(t, 409, do(t, s, "POST", "/verify/"+id+"/cancel", "").status)
			time.Sleep(time.Hour)
			assert.Equal(t, right, do(t, s, "GET", "/verify/"+id, "").at("data.status"), "it does not expire any more")

			id = send()
			check(id, "x")
			assert.Equal(t, c.bad, check(id, "x").at("data.status"))
			assert.Equal(t, "exhausted", check(id, s.Code(id)).at("data.status"))

			id = send()
			time.Sleep(time.Minute)
			assert.Equal(t, "expired", check(id, s.Code(id)).at("data.status"))
			assert.Equal(t, []string{id}, verifications(do(t, s, "GET", "/verify/?limit=1&status=expired", "")))

			id = send()
			assert.Equal(t, c.canceled, do(t, s, "POST", "/verify/"+id+"/cancel", "").at("data.status"))
			assert.Equal(t, c.canceled, check(id, s.Code(id)).at("data.status"))
			assert.Equal(t, []string{id}, verifications(do(t, s, "GET", "/verify?status="+c.canceled, "")))
			for _, r := range s.Requests() {
				assert.NotEqual(t, 0, r.Status)
			}
		})
	}
}

// A right code that comes twice, as by a double click, is right twice, for as long
// as it is good. That lets nobody guess it.
func TestCodesTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := orbittest.New(t)
		check := func(id, code string) answer {
			return do(t, s, "POST", "/verify/check", `{"verification_id":"`+id+`","code":"`+code+`"}`)
		}
		send := func() string {
			return verificationID(do(t, s, "POST", "/verify/send", `{"to":"+14155550100","channel":"sms","max_attempts":2,"expires_in_seconds":60}`))
		}
		id := send()
		check(id, "x")
		first := check(id, s.Code(id))
		time.Sleep(59 * time.Second)
		again := check(id, s.Code(id))
		assert.Equal(t, 200, again.status)
		assert.Equal(t, first.at("data"), again.at("data"), "the last attempt, and nothing is counted twice")
		assert.Equal(t, "failed", check(id, "x").at("data.status"))
		assert.Equal(t, "exhausted", check(id, s.Code(id)).at("data.status"))
		assert.Equal(t, "approved", do(t, s, "GET", "/verify/"+id, "").at("data.status"))

		id = send()
		check(id, s.Code(id))
		time.Sleep(time.Minute)
		assert.Equal(t, "expired", check(id, s.Code(id)).at("data.status"))
	})
}

func verifications(a answer) []string {
	var ids []string
	for _, item := range a.at("data").([]any) {
		ids = append(ids, item.(map[string]any)["verification_id"].(string))
	}
	return ids
}

func TestVerificationFields(t *testing.T) {
	const miss, invalid, phone = "MISSING_REQUIRED_FIELD", "VALIDATION_ERROR", "INVALID_PHONE_NUMBER"
	s := orbittest.New(t)
	for _, c := range []struct{ path, body, code, field string }{
		{"send", `{"channel":"sms"}`, miss, "to"},
		{"send", `{"to":"+14155550100"}`, miss, "channel"},
		{"send", `{"to":"+14155550100","channel":"pigeon"}`, "INVALID_CHANNEL", "channel"},
		{"send", `{"to":"4155550100","channel":"sms"}`, phone, "to"},
		{"send", `{"to":"ada","channel":"email"}`, "INVALID_EMAIL", "to"},
		{"send", `{"to":"+14155550100","channel":"email"}`, "INVALID_EMAIL", "to"},
		{"send", `{"to":"+14155550100","channel":"sms","max_attempts":11}`, invalid, "max_attempts"},
		{"send", `{"to":"+14155550100","channel":"sms","max_attempts":0}`, invalid, "max_attempts"},
		{"send", `{"to":"+14155550100","channel":"sms","code_length":3}`, invalid, "code_length"},
		{"send", `{"to":"+14155550100","channel":"sms","code_length":9}`, invalid, "code_length"},
		{"send", `{"to":"+14155550100","channel":"sms","expires_in_seconds":0}`, invalid, "expires_in_seconds"},
		{"send", `{"to":"+14155550100","channel":"sms","custom_message":"no code"}`, invalid, "custom_message"},
		{"send", `{"to":"+14155550100","channel":"sms","fallback_channel":"pigeon"}`, "INVALID_CHANNEL", "fallback_channel"},
		{"send", `{"to":"+14155550100","channel":"sms","profile_id":"x"}`, invalid, "profile_id"},
		{"check", `{"code":"1"}`, miss, "verification_id"},
		{"check", `{"verification_id":"x"}`, miss, "code"},
		{"bulk", `{"channel":"sms","recipients":[]}`, miss, "recipients"},
		{"bulk", `{"recipients":[{"to":"+14155550100"}]}`, miss, "channel"},
		{"bulk", `{"channel":"sms","recipients":` + listOf(1001, `{"to":"+14155550100"}`) + `}`, invalid, "recipients"},
		{"bulk", `{"channel":"sms","recipients":[{"to":"+14155550100"}],"profile_id":"x"}`, invalid, "profile_id"},
		{"profiles", `{"channel":"sms"}`, miss, "name"},
		{"profiles", `{"name":"n","code_length":9}`, invalid, "code_length"},
	} {
		a := do(t, s, "POST", "/verify/"+c.path, c.body)
		assert.Equal(t, c.code, a.code(), c.body)
		assert.Equal(t, c.field, a.at("error.details.field"), c.body)
	}
	assert.Empty(t, do(t, s, "GET", "/verify/", "").at("data"))
	assert.Equal(t, 201, do(t, s, "POST", "/verify/send", `{"to":"ada@example.com","channel":"email","max_attempts":10,"code_length":4,`+
		`"expires_in_seconds":1,"locale":"en","fallback_channel":"sms","custom_message":"{{code}}"}`).status)
	for _, path := range []string{"/verify/x", "/verify/x/detail", "/verify/profiles/x"} {
		assert.Equal(t, "NOT_FOUND", do(t, s, "GET", path, "").code(), path)
	}
	assert.Equal(t, "NOT_FOUND", do(t, s, "POST", "/verify/x/cancel", "").code())
	assert.Equal(t, "NOT_FOUND", do(t, s, "POST", "/verify/check", `{"verification_id":"x","code":"1"}`).code())
	assert.Equal(t, "NOT_FOUND", do(t, s, "PATCH", "/verify/profiles/x", `{}`).code())
	assert.Equal(t, "NOT_FOUND", do(t, s, "DELETE", "/verify/profiles/x", "").code())
}

// The list's root is written with a slash; its items are not the roots of others.
func TestVerificationRoutes(t *testing.T) {
	s := orbittest.New(t)
	id := verificationID(do(t, s, "POST", "/verify/send", aCode))
	for path, route := range map[string]string{
		"/verify": "/verify/", "/verify/": "/verify/", "/verify/" + id: "/verify/{id}", "/verify/profiles": "/verify/profiles",
	} {
		assert.Equal(t, 200, do(t, s, "GET", path, "").status, path)
		requests := s.Requests()
		assert.Equal(t, route, requests[len(requests)-1].Route, path)
	}
	assert.Equal(t, 404, do(t, s, "GET", "/verify/"+id+"/", "").status)
	s.FailNext("GET /verify/", orbittest.Unavailable())
	assert.Equal(t, 503, do(t, s, "GET", "/verify/", "").status)
}

func TestBulkCodes(t *testing.T) {
	const good, number, mail = `{"to":"+14155550100"}`, `{"to":"4155550100"}`, `{"to":"ada@example.com"}`
	s := orbittest.New(t)
	bulk := func(recipients string) answer {
		return do(t, s, "POST", "/verify/bulk", `{"channel":"sms","recipients":[`+recipients+`]}`)
	}
	a := bulk(good + "," + good)
	assert.Equal(t, 201, a.status)
	rows := a.at("data.results").([]any)
	require.Len(t, rows, 2)
	assert.Equal(t, 2., a.at("data.sent"))
	assert.Len(t, s.Code(rows[0].(map[string]any)["verification_id"].(string)), 6)

	a = bulk(good + "," + number + "," + mail + `,{},{"to":"+15005550004"}`)
	assert.Equal(t, 207, a.status)
	var codes []any
	for _, row := range a.at("data.results").([]any) {
		problem, _ := row.(map[string]any)["error"].(map[string]any)
		codes = append(codes, problem["code"])
	}
	assert.Equal(t, []any{nil, "INVALID_PHONE_NUMBER", "INVALID_PHONE_NUMBER", "MISSING_REQUIRED_FIELD", "MESSAGE_SEND_FAILED"}, codes)
	assert.Equal(t, 4., a.at("data.failed"))

	a = bulk(number)
	assert.Equal(t, 400, a.status)
	assert.Equal(t, "VALIDATION_ERROR", a.code())
	assert.Len(t, a.at("data.results"), 1)
	assert.False(t, s.Requests("POST /verify/bulk")[2].Stored)
	assert.Len(t, do(t, s, "GET", "/verify/", "").at("data"), 3)

	older := orbittest.New(t, orbittest.WithGeneration(orbittest.Older))
	a = do(t, older, "POST", "/verify/bulk", `{"channel":"sms","recipients":[`+number+`]}`)
	assert.Equal(t, 400, a.status)
	assert.Len(t, a.at("data"), 1, "rows alone")
	live := do(t, s, "POST", "/verify/bulk", `{"channel":"sms","recipients":[{"to":"+15005550004"}]}`, "X-API-Key", "dv_live_sk_x")
	assert.Equal(t, 201, live.status)
}

func TestVerificationDetail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := full(t)
		profile := do(t, s, "POST", "/verify/profiles", `{"name":"Login","expires_in_seconds":90}`).id()
		id := verificationID(do(t, s, "POST", "/verify/send", `{"to":"+14155550100","channel":"sms","fallback_channel":"voice","profile_id":"`+profile+`"}`))
		do(t, s, "POST", "/verify/check", `{"verification_id":"`+id+`","code":"x"}`)
		time.Sleep(time.Minute)
		at := func(d time.Duration) string { return bubbleStart().Add(d).UTC().Format("2006-01-02T15:04:05.000Z") }
		assert.Equal(t, map[string]any{
			"id": id, "recipient": "+14155550100", "channel": "sms", "status": "pending", "profileId": profile, "profileName": "Login",
			"createdAt": at(0), "updatedAt": at(0), "expiresAt": at(90 * time.Second), "verifiedAt": nil, "attempts": 1., "maxAttempts": 3.,
			"resendsCount": 0., "currentChannelIndex": 0., "nextAttemptAt": nil, "expirationCountdownSec": 30.,
			"channelAttempts": []any{map[string]any{
				"channel": "sms", "provider": "orbittest", "status": "sent", "sentAt": at(0), "errorCode": nil, "errorMessage": nil,
			}},
			"fallbackChain": []any{
				map[string]any{"channel": "sms", "outcome": "sent", "reason": nil},
				map[string]any{"channel": "voice", "outcome": "skipped", "reason": "An earlier channel got through."},
			},
			"configSnapshot": map[string]any{"codeLength": 6., "expiresInSeconds": 90.},
			"attemptLog":     []any{map[string]any{"at": at(0), "code": "******", "matched": false}},
		}, do(t, s, "GET", "/verify/"+id+"/detail", "").at("data"))
		time.Sleep(time.Hour)
		assert.Equal(t, 0., do(t, s, "GET", "/verify/"+id+"/detail", "").at("data.expirationCountdownSec"))
	})
}

func TestProfiles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := full(t)
		a := do(t, s, "POST", "/verify/profiles", `{"name":"Login","channel":"sms","code_length":5,"locale":"en","sender":"Acme"}`)
		assert.Equal(t, 201, a.status)
		id := a.id()
		time.Sleep(time.Second)
		a = do(t, s, "PATCH", "/verify/profiles/"+id, `{"name":"Sign in","locale":null,"expires_in_seconds":7}`)
		assert.Equal(t, map[string]any{
			"id": id, "name": "Sign in", "channel": "sms", "code_length": 5., "expires_in_seconds": 7., "sender": "Acme",
			"created_at": "2000-01-01T00:00:00.000Z", "updated_at": "2000-01-01T00:00:01.000Z",
		}, a.at("data"))
		assert.Equal(t, a.at("data"), do(t, s, "GET", "/verify/profiles/"+id, "").at("data"))
		code := verificationID(do(t, s, "POST", "/verify/send", `{"to":"+14155550100","channel":"sms","profile_id":"`+id+`"}`))
		assert.Len(t, s.Code(code), 5)
		longer := verificationID(do(t, s, "POST", "/verify/send", `{"to":"+14155550100","channel":"sms","code_length":7,"profile_id":"`+id+`"}`))
		assert.Len(t, s.Code(longer), 7, "the request has the last word")
		assert.Equal(t, []string{id}, do(t, s, "GET", "/verify/profiles", "").ids())
		assert.Equal(t, 204, do(t, s, "DELETE", "/verify/profiles/"+id, "").status)
		assert.Equal(t, 404, do(t, s, "GET", "/verify/profiles/"+id, "").status)
	})
}

func TestCodeOfNothing(t *testing.T) {
	tb := &fakeTB{}
	assert.Empty(t, orbittest.New(tb).Code("x"))
	assert.Equal(t, "orbittest: there is no verification with ID x", tb.fatal)
}
