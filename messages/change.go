package messages

import (
	"context"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
)

// EditParams is the new text of a message.
type EditParams struct {
	// Text replaces the text. Required.
	Text string `json:"text"`
}

// Edit changes a message that was sent, on channels that allow it (Telegram).
// The path is documented; the request follows the API's conventions. An answer
// without a body gives a Message that holds nothing but its metadata.
//
// PATCH /messages/{id}
func (s *Service) Edit(ctx context.Context, id string, params EditParams, opts ...api.CallOption) (*Message, error) {
	route := call.Patch("Messages.Edit", "/messages/{id}", id).Check(check.Required("text", params.Text)).MayBeEmpty()
	return call.Do[Message, messageWire](ctx, s.core, route, params, opts)
}

// Delete takes a message back that was sent, on channels that allow it
// (Telegram). The path is documented; the answer follows the API's conventions.
//
// DELETE /messages/{id}
func (s *Service) Delete(ctx context.Context, id string, opts ...api.CallOption) error {
	return call.Act(ctx, s.core, call.Delete("Messages.Delete", "/messages/{id}", id), nil, opts)
}

// Retry sends a failed message again. The capability is documented; the path
// follows the API's conventions.
//
// POST /messages/{id}/retry
func (s *Service) Retry(ctx context.Context, id string, opts ...api.CallOption) (*Message, error) {
	return call.Do[Message, messageWire](ctx, s.core, call.Post("Messages.Retry", "/messages/{id}/retry", id), nil, opts)
}
