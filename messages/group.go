package messages

import (
	"context"
	"encoding/json"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
	"github.com/devotel/orbit-go/internal/wire"
)

// SendGroupParams is one message to a group of numbers.
type SendGroupParams struct {
	// To are 1 to 20 distinct recipients in E.164 form. Required.
	To []string `json:"to"`
	// Body is the text, 1 to 1600 characters. Required unless media is given.
	Body string `json:"body"`
	// From is the sender; the default is the account's.
	From string `json:"from,omitzero"`
	// MediaURLs are https addresses of media.
	MediaURLs []string `json:"media_urls,omitempty"`
}

// GroupResult is what became of a group message.
type GroupResult struct {
	api.Meta `json:"-"`

	// Messages has one message for each recipient.
	Messages []Message `json:"messages"`
}

// SendGroup sends one MMS to several numbers, who see each other. The path is
// documented; names in the request follow the API's conventions.
//
// POST /messages/group
func (s *Service) SendGroup(ctx context.Context, params SendGroupParams, opts ...api.CallOption) (*GroupResult, error) {
	route := call.Post("Messages.SendGroup", "/messages/group").Check(
		check.EachE164("to", params.To), checkBody(params.Body, params.MediaURLs))
	return call.Create[GroupResult, groupWire](ctx, s.core, route, params, opts)
}

// groupWire is a GroupResult as the generations write it: an array of messages,
// an object that holds one, or a single message.
type groupWire struct {
	rows []messageWire
}

// UnmarshalJSON reads any of the three forms.
func (w *groupWire) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '[' {
		return wire.Unmarshal(data, &w.rows)
	}
	var object struct {
		Messages json.RawMessage `json:"messages"`
	}
	if err := json.Unmarshal(data, &object); err != nil {
		return err
	}
	if len(object.Messages) > 0 && object.Messages[0] == '[' {
		return wire.Unmarshal(object.Messages, &w.rows)
	}
	w.rows = make([]messageWire, 1)
	return wire.Unmarshal(data, &w.rows[0])
}

// Public returns the messages under the names of the newest generation.
func (w *groupWire) Public(info *api.ResponseInfo) *GroupResult {
	result := &GroupResult{Meta: api.Meta{Info: info}, Messages: make([]Message, len(w.rows))}
	each := call.Each(info, "messages")
	for i := range w.rows {
		result.Messages[i] = *w.rows[i].Public(each(i))
	}
	return result
}

// Identity is the ID of the first message that has one.
func (w *groupWire) Identity() string {
	for i := range w.rows {
		if id := w.rows[i].Identity(); id != "" {
			return id
		}
	}
	return ""
}
