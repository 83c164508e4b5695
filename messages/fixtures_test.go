package messages_test

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
)

// load returns the bytes of a fixture: a response as it is or might be. What Orbit's
// documentation prints is in internal/fixtures; these hold every field, numbers as
// strings and other cases that a client has to survive.
func load(t *testing.T, file string) []byte {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("testdata", file))
	require.NoError(t, err)
	return body
}

// read gives body to the operation that a fixture is an answer of, which its name
// tells, and returns the messages that come out of it.
func read(t *testing.T, file string, body []byte, opts ...orbit.CallOption) ([]messages.Message, error) {
	t.Helper()
	mock := newMock(t)
	mock.RegisterNoResponder(httpmock.NewBytesResponder(http.StatusOK, body))
	return reader(file)(newService(t, mock), t.Context(), opts...)
}

func reader(file string) func(*messages.Service, context.Context, ...orbit.CallOption) ([]messages.Message, error) {
	kind, _, _ := strings.Cut(file, "_")
	switch kind {
	case "list":
		return func(s *messages.Service, ctx context.Context, opts ...orbit.CallOption) ([]messages.Message, error) {
			page, err := s.List(ctx, messages.ListParams{}, opts...)
			if err != nil {
				return nil, err
			}
			return page.Items, nil
		}
	case "group":
		return func(s *messages.Service, ctx context.Context, opts ...orbit.CallOption) ([]messages.Message, error) {
			group, err := s.SendGroup(ctx, messages.SendGroupParams{To: []string{"+14155552671"}, Body: "x"}, opts...)
			if err != nil {
				return nil, err
			}
			return group.Messages, nil
		}
	default:
		return func(s *messages.Service, ctx context.Context, opts ...orbit.CallOption) ([]messages.Message, error) {
			msg, err := s.Get(ctx, "msg_1", opts...)
			if err != nil {
				return nil, err
			}
			return []messages.Message{*msg}, nil
		}
	}
}

// plain takes the answer's metadata off, and puts times into one zone, so that
// messages can be compared.
func plain(in []messages.Message) []messages.Message {
	out := make([]messages.Message, len(in))
	for i, m := range in {
		m.Info = nil
		v := reflect.ValueOf(&m).Elem()
		for j := range v.NumField() {
			if at, ok := v.Field(j).Interface().(time.Time); ok {
				v.Field(j).Set(reflect.ValueOf(at.UTC()))
			}
		}
		out[i] = m
	}
	return out
}

func noon(after time.Duration) time.Time {
	return time.Date(2026, 3, 8, 12, 0, 0, 0, time.UTC).Add(after)
}

// fixtures are the files, and what stands in them.
func fixtures() map[string][]messages.Message {
	const ms = time.Millisecond
	newer := messages.Message{
		ID: "msg_01HV", Channel: messages.ChannelSMS, Status: messages.StatusDelivered, Direction: messages.DirectionOutbound,
		To: messages.Recipients{"+14155552671"}, From: "+14155552672", Body: "Hello", Subject: "S", Text: "T", HTML: "<p>H</p>", Segments: 2,
		Metadata: orbit.Metadata{
			"order": json.Number("7"), "exact": json.Number("9007199254740993"),
			"deep": map[string]any{"price": json.Number("1.50"), "tags": []any{"a", nil, true}},
		},
		ProviderID: "SM0123456789", ErrorCode: "E30003", ErrorMessage: "unreachable", FailureReason: messages.FailureReasonBusy,
		PagesSent: 1, TotalPages: 3, Platforms: []string{"ios", "android"},
		ConversationID: "conv_1", ContactID: "con_1", CampaignID: "camp_1",
		ScheduledAt: noon(-time.Minute), CreatedAt: noon(123 * ms), SentAt: noon(1000 * ms), DeliveredAt: noon(2500 * ms), ReadAt: noon(3000 * ms),
	}
	older := messages.Message{
		ID: "msg_01HV", Channel: messages.ChannelSMS, Status: messages.StatusDelivered, Direction: messages.DirectionOutbound,
		To: messages.Recipients{"+14155552671"}, From: "14155552672", Body: "Hello", Segments: 2,
		Metadata:   orbit.Metadata{"order": json.Number("7"), "exact": json.Number("9007199254740993")},
		ProviderID: "SM0123456789", ErrorCode: "30003", PagesSent: 1, TotalPages: 3, Platforms: []string{"ios", "2"}, ConversationID: "77",
		CreatedAt: noon(123 * ms), SentAt: noon(1000 * ms), DeliveredAt: noon(2500 * ms), ReadAt: noon(3000 * ms),
	}
	two := []messages.Message{
		{
			ID: "msg_1", Channel: messages.ChannelSMS, Status: messages.StatusDelivered, Direction: messages.DirectionOutbound,
			To: messages.Recipients{"+14155552671"}, Body: "One", Segments: 1, CreatedAt: noon(0),
		},
		{
			ID: "msg_2", Channel: messages.ChannelPush, Status: messages.StatusSent, To: messages.Recipients{"news"}, Platforms: []string{"ios"},
			Metadata: orbit.Metadata{"order": json.Number("7")}, CreatedAt: noon(1500 * ms),
		},
	}
	group := []messages.Message{
		{
			ID: "msg_1", Channel: messages.ChannelMMS, Status: messages.StatusQueued, To: messages.Recipients{"+14155552671"}, Segments: 1,
			CreatedAt: noon(0),
		},
		{
			ID: "msg_2", Channel: messages.ChannelMMS, Status: messages.StatusFailed, To: messages.Recipients{"+14155552672"}, ErrorCode: "BLOCKED",
			CreatedAt: noon(1500 * ms),
		},
	}
	return map[string][]messages.Message{
		"message_newer.json": {newer},
		"message_older.json": {older},
		"message_bare.json": {{
			ID: "msg_01HV", Channel: messages.ChannelWhatsApp, Status: messages.StatusRead, To: messages.Recipients{"+14155552671"}, Body: "Hello",
			CreatedAt: noon(123 * ms),
		}},
		"message_email.json": {{
			ID: "msg_01HE", Channel: messages.ChannelEmail, Status: messages.StatusSubmittedNoReceipt,
			To: messages.Recipients{"jane@example.com", "john@example.com"}, From: "shop@example.com", Subject: "Hi", HTML: "<p>H</p>", Text: "H",
			CreatedAt: noon(0),
		}},
		"message_fax.json": {{
			ID: "fax_01HV", Channel: messages.ChannelFax, Status: messages.StatusFailed, Direction: messages.DirectionOutbound,
			To: messages.Recipients{"+14155552671"}, FailureReason: messages.FailureReasonNoFaxTone, TotalPages: 3, CreatedAt: noon(0),
		}},
		"list_newer.json":   two,
		"list_older.json":   two,
		"list_nested.json":  two,
		"list_bare.json":    two,
		"group_array.json":  group,
		"group_object.json": group,
	}
}

// TestFixtures reads every generation's answers into the same Go values.
func TestFixtures(t *testing.T) { // FWD-1, FWD-4, FWD-5
	t.Parallel()
	files, err := filepath.Glob("testdata/*.json")
	require.NoError(t, err)
	assert.Len(t, files, len(fixtures()), "each file has its test")
	for file, want := range fixtures() {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			body := load(t, file)
			var raw orbit.Response
			got, err := read(t, file, body, orbit.CaptureResponse(&raw))
			require.NoError(t, err)
			assert.Equal(t, want, plain(got))
			assert.Equal(t, string(body), string(raw.Body()), "the raw answer stays readable")
			for _, m := range got {
				assert.Equal(t, raw.RequestID, m.RequestID())
			}
		})
	}
}

// TestFixturesRoundTrip proves that what was read can be stored and read again.
func TestFixturesRoundTrip(t *testing.T) { // ERG-3
	t.Parallel()
	for file := range fixtures() {
		got, err := read(t, file, load(t, file))
		require.NoError(t, err)
		got = plain(got)
		encoded, err := json.Marshal(got)
		require.NoError(t, err)
		var again []messages.Message
		require.NoError(t, json.Unmarshal(encoded, &again))
		assert.Equal(t, got, plain(again), file)
	}
}

// TestFixtureCursors reads the next cursor from both envelopes.
func TestFixtureCursors(t *testing.T) { // PAG-7
	t.Parallel()
	for file, cursor := range map[string]string{"list_newer.json": "cur_2", "list_older.json": "cur_2", "list_nested.json": "cur_2", "list_bare.json": ""} {
		mock := newMock(t)
		mock.RegisterNoResponder(httpmock.NewBytesResponder(http.StatusOK, load(t, file)))
		page, err := newService(t, mock).List(t.Context(), messages.ListParams{})
		require.NoError(t, err, file)
		assert.Equal(t, cursor, page.NextCursor, file)
		assert.Equal(t, cursor != "", page.HasMore, file)
		if file == "list_newer.json" || file == "list_nested.json" {
			require.NotNil(t, page.Total, file)
			assert.Equal(t, 12, *page.Total, file)
		} else {
			assert.Nil(t, page.Total, file)
		}
	}
}
