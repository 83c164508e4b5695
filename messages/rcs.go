package messages

import (
	"context"
	"encoding/json"
	"reflect"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
)

// SendRCSParams is an RCS message: exactly one of Body, RichCard and
// RichCardCarousel.
type SendRCSParams struct {
	// To is the recipient in E.164 form. Required.
	To string `json:"to"`
	// Body is a plain text.
	Body string `json:"body,omitzero"`
	// RichCard is a card with a title, a picture and suggestions.
	RichCard RCSRichCard `json:"rich_card,omitzero"`
	// RichCardCarousel is a row of cards.
	RichCardCarousel RCSCarousel `json:"rich_card_carousel,omitzero"`
	// Suggestions are buttons under a plain text.
	Suggestions []RCSSuggestion `json:"suggestions,omitempty"`
}

// RCSRichCard is a card with buttons.
type RCSRichCard struct {
	// CardContent is what the card shows.
	CardContent RCSCardContent `json:"card_content"`
	// Suggestions are the card's buttons.
	Suggestions []RCSSuggestion `json:"suggestions,omitempty"`
	// Raw is the card as the API writes it, sent in place of all other
	// fields: for what they do not have.
	Raw json.RawMessage `json:"-"`
}

// RCSCarousel is a row of cards. Orbit documents no card width: where an account has
// one, give it with orbit.WithBodyField.
type RCSCarousel struct {
	// CardContents are the cards, 2 to 10 of them.
	CardContents []RCSCardContent `json:"card_contents"`
}

// RCSCardContent is what a card shows.
type RCSCardContent struct {
	// Title is the heading.
	Title string `json:"title,omitzero"`
	// Description is the text under it.
	Description string `json:"description,omitzero"`
	// Media is the picture or video above it.
	Media RCSMedia `json:"media,omitzero"`
	// Raw is the content as the API writes it, sent in place of all other
	// fields: for what they do not have.
	Raw json.RawMessage `json:"-"`
}

// RCSMedia is a picture or video on a card.
type RCSMedia struct {
	// Height is how tall it is shown.
	Height RCSHeight `json:"height,omitzero"`
	// ContentInfo says where it is.
	ContentInfo RCSContentInfo `json:"content_info"`
}

// RCSContentInfo says where a picture or video is.
type RCSContentInfo struct {
	// FileURL is the https URL of the picture or video.
	FileURL string `json:"file_url"`
}

// RCSHeight is how tall media is shown.
type RCSHeight string

// The heights. Orbit's examples name MEDIUM; SHORT and TALL are those of the RCS
// Business Messaging standard.
const (
	// RCSHeightShort is 112 pixels.
	RCSHeightShort RCSHeight = "SHORT"
	// RCSHeightMedium is 168 pixels.
	RCSHeightMedium RCSHeight = "MEDIUM"
	// RCSHeightTall is 264 pixels.
	RCSHeightTall RCSHeight = "TALL"
)

// Known reports whether this version of the SDK has a constant for the height.
func (h RCSHeight) Known() bool {
	return h == RCSHeightShort || h == RCSHeightMedium || h == RCSHeightTall
}

// RCSSuggestion is a button. Its type follows from the field that is set: Reply sends
// a text and its postback data back, Action opens a URL or does something else.
type RCSSuggestion struct {
	// Reply sends a text back.
	Reply RCSReply `json:"reply,omitzero"`
	// Action does something on the phone.
	Action RCSAction `json:"action,omitzero"`
	// Raw is the button as the API writes it, sent in place of all other
	// fields: for what they do not have.
	Raw json.RawMessage `json:"-"`
}

// RCSReply is a button that sends a text back.
type RCSReply struct {
	// Text is the label, and the text that is sent.
	Text string `json:"text"`
	// PostbackData comes back to the account with the reply.
	PostbackData string `json:"postback_data,omitzero"`
}

// RCSAction is a button that does something on the phone.
type RCSAction struct {
	// Text is the label.
	Text string `json:"text"`
	// OpenURL opens an address.
	OpenURL RCSOpenURL `json:"open_url,omitzero"`
	// DialAction calls a number. Its inner shape is not documented.
	DialAction json.RawMessage `json:"dial_action,omitempty"`
	// ViewLocationAction shows a map. Its inner shape is not documented.
	ViewLocationAction json.RawMessage `json:"view_location_action,omitempty"`
}

// RCSOpenURL is the address that a button opens.
type RCSOpenURL struct {
	// URL is the address.
	URL string `json:"url"`
}

// SendRCS sends an RCS message.
//
// POST /messages/rcs
func (s *Service) SendRCS(ctx context.Context, params SendRCSParams, opts ...api.CallOption) (*Message, error) {
	cards := len(params.RichCardCarousel.CardContents)
	card := !reflect.ValueOf(params.RichCard).IsZero()
	route := call.Post("Messages.SendRCS", "/messages/rcs").Check(
		check.E164("to", params.To),
		check.OneOf("body, rich_card, rich_card_carousel", params.Body != "", card, cards > 0),
		check.That(cards != 1, "rich_card_carousel.card_contents", "must hold at least 2 cards; use rich_card for one"))
	return call.Create[Message, messageWire](ctx, s.core, route, params, opts)
}
