package messages_test

import (
	"testing"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
)

func TestSendPush(t *testing.T) {
	t.Parallel()
	with := func(ios messages.PushIOS) messages.SendPushParams {
		return messages.SendPushParams{To: "news", Title: "T", Body: "B", IOS: ios}
	}
	const start = `{"to":"news","title":"T","body":"B"`
	testSends(t, "/messages/push", (*messages.Service).SendPush, []golden[messages.SendPushParams]{
		{"minimal", messages.SendPushParams{To: "news", Title: "T", Body: "B"}, start + `}`},
		{
			"full",
			messages.SendPushParams{
				To: "fcm:APA91b-_x", Title: "T", Body: "B", From: "app_1", Data: orbit.Metadata{"order": "7", "n": 1},
				IOS: messages.PushIOS{Sound: "ping", Badge: orbit.Ptr(5)}, Android: messages.PushAndroid{ChannelID: "c", Priority: "high"},
				ContentAvailable: true,
			},
			`{"to":"fcm:APA91b-_x","title":"T","body":"B","from":"app_1","data":{"n":1,"order":"7"},"ios":{"sound":"ping","badge":5},` +
				`"android":{"channel_id":"c","priority":"high"},"content_available":true}`,
		},
		// The badge has three states: ERG-2.
		{"badge left as it is", with(messages.PushIOS{}), start + `}`},
		{"badge taken away", with(messages.PushIOS{Badge: orbit.Ptr(0)}), start + `,"ios":{"badge":0}}`},
		{"badge set", with(messages.PushIOS{Badge: orbit.Ptr(3)}), start + `,"ios":{"badge":3}}`},
		{"badge left, sound set", with(messages.PushIOS{Sound: "ping"}), start + `,"ios":{"sound":"ping"}}`},
		{"not in the background", messages.SendPushParams{To: "news", Title: "T", Body: "B", ContentAvailable: false}, start + `}`},
	})
}

func TestSendPushRefuses(t *testing.T) {
	t.Parallel()
	testRefusals(t, "Messages.SendPush", (*messages.Service).SendPush, []refusal[messages.SendPushParams]{
		{"no recipient", messages.SendPushParams{Title: "T", Body: "B"}, "to", ruleEmpty, ""},
		{"no title", messages.SendPushParams{To: "news", Body: "B"}, "title", ruleEmpty, ""},
		{"no body", messages.SendPushParams{To: "news", Title: "T"}, "body", ruleEmpty, ""},
	})
}
