package messages

import (
	"context"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
)

// SendPushParams is a push notification to an app.
type SendPushParams struct {
	// To is a device token, or a topic. Required.
	To string `json:"to"`
	// Title is the heading. Required.
	Title string `json:"title"`
	// Body is the text. Required.
	Body string `json:"body"`
	// From is the ID of the app; the default is the account's.
	From string `json:"from,omitzero"`
	// Data goes to the app with the notification.
	Data api.Metadata `json:"data,omitempty"`
	// IOS is for Apple's devices only.
	IOS PushIOS `json:"ios,omitzero"`
	// Android is for Android devices only.
	Android PushAndroid `json:"android,omitzero"`
	// ContentAvailable wakes the app in the background.
	ContentAvailable bool `json:"content_available,omitzero"`
}

// PushIOS is what only Apple's devices understand.
type PushIOS struct {
	// Sound is the name of the sound to play.
	Sound string `json:"sound,omitzero"`
	// Badge is the number on the app's icon: nil leaves it, 0 takes it away.
	Badge *int `json:"badge,omitempty"`
}

// PushAndroid is what only Android devices understand.
type PushAndroid struct {
	// ChannelID is the notification channel.
	ChannelID string `json:"channel_id,omitzero"`
	// Priority is how soon it is shown.
	Priority PushPriority `json:"priority,omitzero"`
}

// PushPriority is how soon a push notification is shown. The set is open.
type PushPriority string

// The priorities. Orbit's examples name high; normal is Android's own word.
const (
	// PushPriorityNormal may delay the notification to save power.
	PushPriorityNormal PushPriority = "normal"
	// PushPriorityHigh wakes the device.
	PushPriorityHigh PushPriority = "high"
)

// Known reports whether this version of the SDK has a constant for the priority.
func (p PushPriority) Known() bool { return p == PushPriorityNormal || p == PushPriorityHigh }

// SendPush sends a push notification.
//
// POST /messages/push
func (s *Service) SendPush(ctx context.Context, params SendPushParams, opts ...api.CallOption) (*Message, error) {
	route := call.Post("Messages.SendPush", "/messages/push").Check(
		check.Required("to", params.To), check.Required("title", params.Title), check.Required("body", params.Body))
	return call.Create[Message, messageWire](ctx, s.core, route, params, opts)
}
