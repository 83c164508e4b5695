package messages

import (
	"cmp"
	"context"
	"encoding/json"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
)

// typeText is the kind of message that needs nothing but a text.
const typeText = "text"

// socialRoute is the route of a channel whose recipients have IDs of their own.
func socialRoute(op, template, to, kind, text string) *call.Route {
	return call.Post(op, template).Check(
		check.Required("to", to), check.That(kind != typeText || text != "", "text", "must not be empty"))
}

// SendTelegramParams is a Telegram message.
type SendTelegramParams struct {
	// To is the chat's ID. Required.
	To string `json:"to"`
	// Type is the kind of message; the default is "text".
	Type string `json:"type"`
	// Text is the text. Required for a text.
	Text string `json:"text,omitzero"`
	// From is the bot; the default is the account's.
	From string `json:"from,omitzero"`
	// ReplyMarkup is a keyboard to show with the message.
	ReplyMarkup ReplyMarkup `json:"reply_markup,omitzero"`
}

// ReplyMarkup is a Telegram keyboard: InlineKeyboard, or another kind as Raw.
type ReplyMarkup struct {
	// InlineKeyboard are rows of buttons under the message.
	InlineKeyboard [][]InlineButton
	// Raw is a keyboard of another kind, sent as it is in place of
	// InlineKeyboard.
	Raw json.RawMessage
}

// InlineButton is a button under a Telegram message.
type InlineButton struct {
	// Text is the label.
	Text string `json:"text"`
	// CallbackData comes back in the telegram.callback event.
	CallbackData string `json:"callback_data,omitzero"`
	// Raw is the button as the API writes it, sent in place of all other
	// fields: for what they do not have.
	Raw json.RawMessage `json:"-"`
}

// SendTelegram sends a Telegram message.
//
// POST /messages/telegram
func (s *Service) SendTelegram(ctx context.Context, params SendTelegramParams, opts ...api.CallOption) (*Message, error) {
	params.Type = cmp.Or(params.Type, typeText)
	route := socialRoute("Messages.SendTelegram", "/messages/telegram", params.To, params.Type, params.Text)
	return call.Create[Message, messageWire](ctx, s.core, route, params, opts)
}

// SendMessengerParams is a Facebook Messenger message. Media, buttons and
// templates go with Type and orbit.WithBodyField.
type SendMessengerParams struct {
	// To is the person's page-scoped ID. Required.
	To string `json:"to"`
	// Type is the kind of message; the default is "text".
	Type string `json:"type"`
	// Text is the text. Required for a text.
	Text string `json:"text,omitzero"`
	// From is the ID of the page; the default is the account's.
	From string `json:"from,omitzero"`
}

// SendMessenger sends a Facebook Messenger message.
//
// POST /messages/messenger
func (s *Service) SendMessenger(ctx context.Context, params SendMessengerParams, opts ...api.CallOption) (*Message, error) {
	params.Type = cmp.Or(params.Type, typeText)
	route := socialRoute("Messages.SendMessenger", "/messages/messenger", params.To, params.Type, params.Text)
	return call.Create[Message, messageWire](ctx, s.core, route, params, opts)
}

// SendInstagramParams is an Instagram message.
type SendInstagramParams struct {
	// To is the person's ID. Required.
	To string `json:"to"`
	// Type is the kind of message; the default is "text".
	Type string `json:"type"`
	// Text is the text. Required for a text.
	Text string `json:"text,omitzero"`
	// From is the business account; the default is the account's.
	From string `json:"from,omitzero"`
	// Tag allows a message outside the usual window. Its name follows the API's
	// conventions.
	Tag InstagramTag `json:"tag,omitzero"`
	// QuickReplies are up to 13 buttons, as the API writes them. Their inner
	// shape is not documented.
	QuickReplies []json.RawMessage `json:"quick_replies,omitempty"`
}

// InstagramTag is a reason to write outside the usual window.
type InstagramTag string

// The tags.
const (
	// InstagramTagHumanAgent is an answer by a person.
	InstagramTagHumanAgent InstagramTag = "HUMAN_AGENT"
	// InstagramTagAccountUpdate is a change of the person's account.
	InstagramTagAccountUpdate InstagramTag = "ACCOUNT_UPDATE"
	// InstagramTagPostPurchaseUpdate is news of something bought.
	InstagramTagPostPurchaseUpdate InstagramTag = "POST_PURCHASE_UPDATE"
	// InstagramTagConfirmedEventUpdate is news of an event that the person will
	// go to.
	InstagramTagConfirmedEventUpdate InstagramTag = "CONFIRMED_EVENT_UPDATE"
)

// Known reports whether this version of the SDK has a constant for the tag.
func (t InstagramTag) Known() bool {
	switch t {
	case InstagramTagHumanAgent, InstagramTagAccountUpdate, InstagramTagPostPurchaseUpdate, InstagramTagConfirmedEventUpdate:
		return true
	}
	return false
}

// SendInstagram sends an Instagram message.
//
// POST /messages/instagram
func (s *Service) SendInstagram(ctx context.Context, params SendInstagramParams, opts ...api.CallOption) (*Message, error) {
	params.Type = cmp.Or(params.Type, typeText)
	route := socialRoute("Messages.SendInstagram", "/messages/instagram", params.To, params.Type, params.Text)
	return call.Create[Message, messageWire](ctx, s.core, route, params, opts)
}

// SendLINEParams is a LINE message. The sender follows from the account's LINE
// channel.
type SendLINEParams struct {
	// To is the ID of a user (U...), a group (C...) or a room (R...). Required.
	To string `json:"to"`
	// Body is the content, 1 to 5000 characters. Required.
	Body string `json:"body"`
	// Type is the kind of message: "text", "image", "video", "audio", "location",
	// "sticker", "template" or "flex". The default is "text".
	Type string `json:"type,omitzero"`
	// Metadata comes back with the message and in its events. Its values are
	// strings.
	Metadata map[string]string `json:"metadata,omitempty"`
}

// SendLINE sends a LINE message.
//
// POST /messages/line
func (s *Service) SendLINE(ctx context.Context, params SendLINEParams, opts ...api.CallOption) (*Message, error) {
	route := call.Post("Messages.SendLINE", "/messages/line").Check(
		check.Required("to", params.To), check.Required("body", params.Body))
	return call.Create[Message, messageWire](ctx, s.core, route, params, opts)
}
