package messages

import (
	"context"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
)

// SendFaxParams is a document to fax, and the number it goes to.
type SendFaxParams struct {
	// To is the recipient in E.164 form. Required.
	To string `json:"to"`
	// MediaURL is the https address of a PDF or TIFF of up to 200 pages. Required.
	MediaURL string `json:"media_url"`
	// From is the sender; the default is the account's.
	From string `json:"from,omitzero"`
	// Options say how it is sent.
	Options FaxOptions `json:"options,omitzero"`
}

// FaxOptions say how a fax is sent.
type FaxOptions struct {
	// Quality is the resolution.
	Quality FaxQuality `json:"quality,omitzero"`
	// HeaderText is printed at the top of each page.
	HeaderText string `json:"header_text,omitzero"`
}

// FaxQuality is the resolution of a fax.
type FaxQuality string

// The qualities.
const (
	// FaxQualityStandard is the faster one.
	FaxQualityStandard FaxQuality = "standard"
	// FaxQualityHigh is the finer one.
	FaxQualityHigh FaxQuality = "high"
)

// Known reports whether this version of the SDK has a constant for the quality.
func (q FaxQuality) Known() bool { return q == FaxQualityStandard || q == FaxQualityHigh }

// SendFax sends a fax.
//
// POST /messages/fax
func (s *Service) SendFax(ctx context.Context, params SendFaxParams, opts ...api.CallOption) (*Message, error) {
	route := call.Post("Messages.SendFax", "/messages/fax").Check(
		check.E164("to", params.To), check.Required("media_url", params.MediaURL))
	return call.Create[Message, messageWire](ctx, s.core, route, params, opts)
}
