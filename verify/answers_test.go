package verify_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/verify"
)

// TestVerificationAnswers reads a verification in every form.
func TestVerificationAnswers(t *testing.T) { // FWD-1, FWD-4
	t.Parallel()
	whole := verify.Verification{
		ID: "vrf_1", To: "+14155552671", Channel: verify.ChannelSMS, Status: verify.StatusPending, MaxAttempts: 3, Attempts: 3,
		AttemptsRemaining: orbit.Ptr(0), ProfileID: "vprof_1", CreatedAt: noon(0), ExpiresAt: noon(10 * time.Minute),
		VerifiedAt: noon(time.Minute), CheckedAt: noon(1500 * time.Millisecond),
	}
	for name, c := range map[string]struct {
		body string
		want verify.Verification
	}{
		"newer": {`{"data":{"id":"vrf_1","verification_id":"vrf_1","to":"+14155552671","channel":"sms","status":"pending","max_attempts":3,"attempts":3,
			"attempts_remaining":0,"profile_id":"vprof_1","created_at":"2026-03-08T12:00:00.000Z","expires_at":"2026-03-08T12:10:00.000Z",
			"verified_at":"2026-03-08T12:01:00.000Z","checked_at":"2026-03-08T12:00:01.500Z","new":[1]},"meta":{"request_id":"req_1"}}`, whole},
		"older, other types": {`{"data":{"verification_id":"vrf_1","to":14155552671,"channel":"sms","status":"pending","max_attempts":"3","attempts":"3",
			"attempts_remaining":"0","profile_id":"vprof_1","created_at":1772971200,"expires_at":"2026-03-08 12:10:00",
			"verified_at":"2026-03-08T12:01:00Z","checked_at":"2026-03-08T12:00:01.5Z"}}`, func() verify.Verification {
			v := whole
			v.To = "14155552671"
			return v
		}()},
		"bare, ID alone": {`{"id":"vrf_1"}`, verify.Verification{ID: "vrf_1"}},
		"nulls": {`{"data":{"verification_id":"vrf_1","id":null,"to":null,"channel":null,"status":null,"max_attempts":null,"attempts":null,
			"attempts_remaining":null,"profile_id":null,"created_at":null,"expires_at":null,"verified_at":null,"checked_at":null}}`, verify.Verification{ID: "vrf_1"}},
		"unknown words": {`{"data":{"id":"vrf_1","channel":"pigeon","status":"asleep"}}`, verify.Verification{ID: "vrf_1", Channel: "pigeon", Status: "asleep"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := answering(t, http.StatusOK, c.body).Get(t.Context(), "vrf_1")
			require.NoError(t, err)
			got.Info = nil
			assert.Equal(t, c.want, inUTC(*got))
			assert.False(t, got.Approved())

			out, err := json.Marshal(got)
			require.NoError(t, err)
			var again verify.Verification
			require.NoError(t, json.Unmarshal(out, &again))
			assert.Equal(t, c.want, inUTC(again)) // ERG-3

			sent, err := answering(t, http.StatusCreated, c.body).Send(t.Context(), verify.SendParams{To: "+14155552671", Channel: verify.ChannelSMS})
			require.NoError(t, err)
			assert.Equal(t, "vrf_1", sent.ID)
			assert.Equal(t, http.StatusCreated, sent.Info.StatusCode)
		})
	}
}

// TestApproved lets nobody in but for the two words that say so.
func TestApproved(t *testing.T) { // FWD-2
	t.Parallel()
	for status, want := range map[string][4]bool{ // known, approved, wrong, an end
		"pending": {true, false, false, false}, "approved": {true, true, false, true}, "verified": {true, true, false, true},
		"rejected": {true, false, true, false}, "invalid": {true, false, true, false}, "failed": {true, false, true, false},
		"expired": {true, false, false, true}, "exhausted": {true, false, false, true},
		"cancelled": {true, false, false, true}, "canceled": {true, false, false, true},
		"": {}, "APPROVED": {}, "approved ": {}, "not_approved": {}, "success": {}, "true": {}, "valid": {},
	} {
		body, err := json.Marshal(map[string]any{"data": map[string]string{"id": "vrf_1", "status": status}})
		require.NoError(t, err)
		got, err := answering(t, http.StatusOK, string(body)).Check(t.Context(), verify.CheckParams{VerificationID: "vrf_1", Code: "123456"})
		require.NoError(t, err, "%s is a result", status)
		s := verify.Status(status)
		assert.Equal(t, want, [4]bool{s.Known(), got.Approved(), s.Wrong(), s.IsTerminal()}, status)
		assert.Equal(t, s, got.Status)
	}
	got, err := answering(t, http.StatusInternalServerError, "").Check(t.Context(), verify.CheckParams{VerificationID: "vrf_1", Code: "123456"}, orbit.WithMaxAttempts(1))
	require.Error(t, err)
	assert.False(t, got.Approved(), "an error lets nobody in, also who did not look at it")
	for _, c := range []verify.Channel{"sms", "whatsapp", "email", "voice", "viber", "telegram"} {
		assert.True(t, c.Known(), c)
	}
	assert.False(t, verify.Channel("pigeon").Known())
}

func TestDetail(t *testing.T) { // FWD-1, FWD-5
	t.Parallel()
	want := verify.Detail{
		ID: "vrf_1", To: "+1415***2671", Channel: verify.ChannelSMS, Status: verify.StatusPending, ProfileID: "vprof_1", ProfileName: "Login",
		CreatedAt: noon(0), UpdatedAt: noon(time.Second), ExpiresAt: noon(10 * time.Minute), VerifiedAt: noon(time.Minute),
		Attempts: 1, MaxAttempts: 3, ResendsCount: 2, CurrentChannelIndex: 1, NextAttemptAt: noon(2 * time.Minute), ExpirationCountdownSeconds: 540,
		ChannelAttempts: []verify.ChannelAttempt{{
			Channel: verify.ChannelSMS, Provider: "acme", Status: "failed", SentAt: noon(123 * time.Millisecond), ErrorCode: "E1", ErrorMessage: "no route",
		}},
		FallbackChain:  []verify.Fallback{{Channel: verify.ChannelVoice, Outcome: "pending", Reason: "sms failed"}},
		ConfigSnapshot: json.RawMessage(`{"codeLength": 6.0}`), AttemptLog: json.RawMessage(`[{"code": "******"}]`),
	}
	got, err := answering(t, http.StatusOK, load(t, "detail.json")).GetDetail(t.Context(), "vrf_1")
	require.NoError(t, err)
	assert.Contains(t, string(got.Raw), `"new": true`)
	assert.Equal(t, "req_1", got.RequestID())
	got.Info, got.Raw = nil, nil
	got.ChannelAttempts[0].SentAt = got.ChannelAttempts[0].SentAt.UTC()
	assert.Equal(t, want, inUTC(*got))

	for body, want := range map[string]verify.Detail{
		`{"verification_id":7,"to":"a@example.com","attempts":"2","createdAt":1772971200}`: {
			ID: "7", To: "a@example.com", Attempts: 2, CreatedAt: noon(0),
		},
		`{"data":{"id":"vrf_1","verifiedAt":null,"nextAttemptAt":null,"profileId":null,"channelAttempts":null,"configSnapshot":null}}`: {
			ID: "vrf_1", ConfigSnapshot: json.RawMessage("null"),
		},
	} {
		got, err := answering(t, http.StatusOK, body).GetDetail(t.Context(), "vrf_1")
		require.NoError(t, err)
		assert.NotEmpty(t, got.Raw)
		got.Info, got.Raw = nil, nil
		assert.Equal(t, want, inUTC(*got))
	}
	_, err = answering(t, http.StatusNotFound, `{"error":{"code":"NOT_FOUND"}}`).GetDetail(t.Context(), "vrf_theirs")
	require.ErrorIs(t, err, orbit.ErrNotFound)
}

func TestProfileAnswers(t *testing.T) { // FWD-1
	t.Parallel()
	want := verify.Profile{
		ID: "vprof_1", Name: "Login", Channel: verify.ChannelSMS, CodeLength: 6, ExpiresInSeconds: 600, Locale: "en", Sender: "Acme",
		CreatedAt: noon(0), UpdatedAt: noon(time.Second),
	}
	for _, body := range []string{
		`{"data":{"id":"vprof_1","name":"Login","channel":"sms","code_length":6,"expires_in_seconds":600,"locale":"en","sender":"Acme",
			"created_at":"2026-03-08T12:00:00.000Z","updated_at":"2026-03-08T12:00:01.000Z"}}`,
		`{"profile_id":"vprof_1","name":"Login","channel":"sms","code_length":"6","expires_in_seconds":"600","locale":"en","sender":"Acme",
			"created_at":1772971200,"updated_at":"2026-03-08 12:00:01"}`,
	} {
		got, err := answering(t, http.StatusCreated, body).Profiles.Create(t.Context(), verify.CreateProfileParams{Name: "Login"})
		require.NoError(t, err)
		got.Info = nil
		assert.Equal(t, want, inUTC(*got))
	}
	require.NoError(t, answering(t, http.StatusNoContent, "").Profiles.Delete(t.Context(), "vprof_1"))
}

// TestUnreadable proves that an accepted send whose answer tells nothing is an
// error that says so.
func TestUnreadable(t *testing.T) { // ERR-7
	t.Parallel()
	for _, body := range []string{"", "null", "{}", `{"data":{"status":"pending"}}`, `{"data":[]}`, `{"data":{"results":[]}}`, `{"data":{"results":"?"}}`, "<html>"} {
		service := answering(t, http.StatusCreated, body)
		for name, call := range map[string]func() error{
			"send": func() error {
				_, err := service.Send(t.Context(), verify.SendParams{To: "+14155552671", Channel: verify.ChannelSMS})
				return err
			},
			"bulk": func() error {
				_, err := service.SendBulk(t.Context(), oneRecipient())
				return err
			},
			"profile": func() error {
				_, err := service.Profiles.Create(t.Context(), verify.CreateProfileParams{Name: "Login"})
				return err
			},
		} {
			var unreadable *orbit.DecodeError
			err := call()
			require.ErrorAs(t, err, &unreadable, "%s %s", name, body)
			assert.True(t, orbit.MaybeSent(err))
			assert.Empty(t, verify.BulkRows(err))
		}
	}
}

func oneRecipient() verify.SendBulkParams {
	return verify.SendBulkParams{Recipients: []verify.BulkRecipient{{To: "+14155552671"}}, Channel: verify.ChannelSMS}
}

const (
	goodRow = `{"to":"+14155552671","verification_id":"vrf_1","status":"pending"}`
	badRow  = `{"to":"+14155552672","status":"failed","error":{"code":"INVALID_PHONE_NUMBER","message":"no"}}`
)

// TestBulk reads the rows wherever they are.
func TestBulk(t *testing.T) { // FWD-1
	t.Parallel()
	good := verify.BulkRow{To: "+14155552671", ID: "vrf_1", Status: verify.StatusPending}
	bad := verify.BulkRow{To: "+14155552672", Status: verify.StatusFailed, Error: verify.Failure{Code: "INVALID_PHONE_NUMBER", Message: "no"}}
	for name, c := range map[string]struct {
		status int
		body   string
		totals orbit.Metadata
	}{
		"data":                  {http.StatusMultiStatus, `{"data":[` + goodRow + `,` + badRow + `],"meta":{"request_id":"req_1"}}`, nil},
		"data.results":          {http.StatusMultiStatus, `{"data":{"results":[` + goodRow + `,` + badRow + `],"total":2,"exact":9007199254740993}}`, orbit.Metadata{"total": json.Number("2"), "exact": json.Number("9007199254740993")}},
		"bare":                  {http.StatusOK, `[` + goodRow + `,` + badRow + `]`, nil},
		"bare results":          {http.StatusCreated, `{"results":[` + goodRow + `,` + badRow + `],"sent":"1"}`, orbit.Metadata{"sent": "1"}},
		"with an error":         {http.StatusMultiStatus, `{"data":[` + goodRow + `,` + badRow + `],"error":{"code":"PARTIAL","message":"some failed"}}`, nil},
		"other names and types": {http.StatusMultiStatus, `{"data":[{"to":"+14155552671","id":"vrf_1","status":"pending","error":null},` + badRow + `]}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := answering(t, c.status, c.body).SendBulk(t.Context(), oneRecipient())
			require.NoError(t, err, "some were sent: that is a success")
			assert.Equal(t, []verify.BulkRow{good, bad}, got.Rows)
			assert.Len(t, got.Totals, len(c.totals))
			for name, value := range c.totals {
				assert.Equal(t, value, got.Totals[name])
			}
			var failed []verify.BulkRow
			for row := range got.Failed() {
				failed = append(failed, row)
			}
			assert.Equal(t, []verify.BulkRow{bad}, failed)
			assert.Equal(t, c.status, got.Info.StatusCode)

			out, err := json.Marshal(got) // ERG-3
			require.NoError(t, err)
			again := verify.BulkResult{Meta: got.Meta}
			require.NoError(t, json.Unmarshal(out, &again))
			assert.Equal(t, got, &again)
			assert.Contains(t, string(out), `"error":{"code":"INVALID_PHONE_NUMBER","message":"no"}`)
			assert.Contains(t, string(out), `{"rows":[`)
			assert.Equal(t, got.Totals != nil, strings.Contains(string(out), `"totals":{`))
		})
	}
}

// TestBulkRefused proves that a refusal of all still tells what became of each.
func TestBulkRefused(t *testing.T) {
	t.Parallel()
	bad := verify.BulkRow{To: "+14155552672", Status: verify.StatusFailed, Error: verify.Failure{Code: "INVALID_PHONE_NUMBER", Message: "no"}}
	for name, body := range map[string]string{
		"data":         `{"data":[` + badRow + `],"error":{"code":"VALIDATION_ERROR","message":"none","status":400}}`,
		"data.results": `{"data":{"results":[` + badRow + `],"total":1},"meta":{}}`,
		"bare":         `{"results":[` + badRow + `]}`,
		"array":        `[` + badRow + `]`,
	} {
		got, err := answering(t, http.StatusBadRequest, body).SendBulk(t.Context(), oneRecipient())
		assert.Nil(t, got)
		require.ErrorIs(t, err, orbit.ErrInvalid, name)
		assert.False(t, orbit.MaybeSent(err))
		assert.Equal(t, []verify.BulkRow{bad}, verify.BulkRows(err), name)
		assert.NotContains(t, err.Error(), "4155552672")
	}
	for _, body := range []string{`{"error":{"code":"VALIDATION_ERROR"}}`, "", "<html>", `{"data":{}}`, `{"data":null}`, `"x"`} {
		_, err := answering(t, http.StatusBadRequest, body).SendBulk(t.Context(), oneRecipient())
		require.Error(t, err)
		assert.Nil(t, verify.BulkRows(err), body)
	}
	assert.Nil(t, verify.BulkRows(nil))
	assert.Nil(t, verify.BulkRows(orbit.ErrInvalid))
}

func TestBulkRowFailed(t *testing.T) {
	t.Parallel()
	for row, want := range map[string]bool{
		goodRow:                                     false,
		badRow:                                      true,
		`{"to":"a","id":"vrf_1"}`:                   false,
		`{"to":"a","id":"vrf_1","error":false}`:     false,
		`{"to":"a","id":"vrf_1","error":""}`:        false,
		`{"to":"a","id":"vrf_1","error":{}}`:        false,
		`{"to":"a","id":"vrf_1","error":"no"}`:      true,
		`{"to":"a","id":"vrf_1","error":{"x":"y"}}`: true,
		`{"to":"a","id":"vrf_1","status":"failed"}`: true,
		`{"to":"a","status":"pending"}`:             true,
	} {
		got, err := answering(t, http.StatusCreated, `{"data":[`+row+`]}`).SendBulk(t.Context(), oneRecipient())
		require.NoError(t, err, row)
		assert.Equal(t, want, got.Rows[0].Failed(), row)
	}
	two := verify.BulkResult{Rows: make([]verify.BulkRow, 2)}
	for range two.Failed() {
		break // and nothing more is yielded
	}
}

// TestLists reads the pages of both lists.
func TestLists(t *testing.T) { // PAG-1, PAG-7
	t.Parallel()
	for name, pages := range map[string][2]string{
		"newer": {
			`{"data":[{"id":"a"},{"id":"b"}],"meta":{"pagination":{"cursor":"cur_2","has_more":true,"total":3}}}`,
			`{"data":[{"id":"c"}],"meta":{"pagination":{"cursor":"cur_3","has_more":false}}}`,
		},
		"older": {
			`{"data":[{"id":"a"},{"id":"b"}],"meta":{"next_cursor":"cur_2"}}`,
			`{"data":[{"id":"c"}],"meta":{"next_cursor":null}}`,
		},
	} {
		for _, path := range []string{"/verify/", "/verify/profiles"} {
			mock := newMock(t)
			mock.RegisterResponderWithQuery(http.MethodGet, orbit.DefaultBaseURL+path, "limit=2", httpmock.NewStringResponder(http.StatusOK, pages[0]))
			mock.RegisterResponderWithQuery(http.MethodGet, orbit.DefaultBaseURL+path, "limit=2&cursor=cur_2", httpmock.NewStringResponder(http.StatusOK, pages[1]))
			service := newService(t, mock)
			var ids []string
			if path == "/verify/" {
				for v, err := range service.All(t.Context(), verify.ListParams{Limit: 2}) {
					require.NoError(t, err)
					ids = append(ids, v.ID)
				}
			} else {
				for p, err := range service.Profiles.All(t.Context(), verify.ListProfilesParams{Limit: 2}) {
					require.NoError(t, err)
					ids = append(ids, p.ID)
				}
			}
			assert.Equal(t, []string{"a", "b", "c"}, ids, "%s %s", name, path)
			assert.Equal(t, 2, mock.GetTotalCallCount())
		}
	}
}
