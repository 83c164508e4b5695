package verify

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"iter"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
	"github.com/devotel/orbit-go/internal/wire"
)

// SendBulkParams says whom to send codes, each of them one of their own.
type SendBulkParams struct {
	// Recipients are whom to send one, up to 1000. Required.
	Recipients []BulkRecipient `json:"recipients"`
	// Channel is the way to send them. Required.
	Channel Channel `json:"channel"`
	// ProfileID takes the settings from a profile.
	ProfileID string `json:"profile_id,omitzero"`
}

// BulkRecipient is one of many recipients.
type BulkRecipient struct {
	// To is a phone number in E.164 form, or an e-mail address. Required.
	To string `json:"to"`
}

// BulkResult is what became of each recipient.
type BulkResult struct {
	api.Meta `json:"-"`

	// Rows has one row for each recipient.
	Rows []BulkRow `json:"rows"`
	// Totals is what the answer says beside the rows: how many codes were sent,
	// how many were not. Its names are not documented.
	Totals api.Metadata `json:"totals,omitzero"`
}

// Failed ranges over the rows of the recipients that were sent no code. There may
// be some although SendBulk returned no error.
func (r *BulkResult) Failed() iter.Seq[BulkRow] {
	return func(yield func(BulkRow) bool) {
		for _, row := range r.Rows {
			if row.Failed() && !yield(row) {
				return
			}
		}
	}
}

// BulkRow is what became of one recipient.
type BulkRow struct {
	// To is the recipient, whole: do not log it.
	To string `json:"to"`
	// ID is the ID of the verification, for Check; empty where no code was sent.
	ID string `json:"verification_id,omitzero"`
	// Status is how the verification stands.
	Status Status `json:"status,omitzero"`
	// Error says why no code was sent. It is zero where one was.
	Error Failure `json:"error,omitzero"`
}

// Failed reports whether the recipient was sent no code.
func (r BulkRow) Failed() bool {
	return r.ID == "" || r.Status == StatusFailed || !r.Error.IsZero()
}

// Failure says why a code was not sent. Its zero value is no failure.
type Failure = api.Failure

// SendBulk sends codes to many recipients. It succeeds where at least one of them
// was sent a code: range over [BulkResult.Failed] for the rest. Where none was, it
// returns an error, whose rows [BulkRows] reads. The path is documented; names in
// the answer follow the API's conventions.
//
// POST /verify/bulk
func (s *Service) SendBulk(ctx context.Context, params SendBulkParams, opts ...api.CallOption) (*BulkResult, error) {
	route := call.Post("Verify.SendBulk", "/verify/bulk").Check(
		params.checkRecipients(), check.Required("channel", string(params.Channel)))
	return call.Do[BulkResult, bulkWire](ctx, s.core, route, params, opts)
}

func (p SendBulkParams) checkRecipients() *check.Problem {
	for _, r := range p.Recipients {
		if problem := checkRecipient(p.Channel, "recipients.to", r.To); problem != nil {
			return problem
		}
	}
	return check.That(len(p.Recipients) > 0, "recipients", "must not be empty")
}

// BulkRows returns the rows of a [Service.SendBulk] that failed for all of its
// recipients, from the error that it returned; nil where the error holds none.
func BulkRows(err error) []BulkRow {
	var answer interface{ RawBody() []byte }
	if !errors.As(err, &answer) {
		return nil
	}
	w, _, err := wire.One[bulkWire](answer.RawBody())
	if err != nil {
		return nil
	}
	return w.Public(nil).Rows
}

// bulkWire is a BulkResult as it may come: rows alone, or among the results of an
// object with totals.
type bulkWire struct {
	rows   []bulkRowWire
	totals api.Metadata
}

// bulkRowWire is a BulkRow with the name that newer answers give its ID.
type bulkRowWire struct {
	BulkRow

	NewerID string `json:"id"`
}

// errNoRows is why an answer cannot be read that says of no recipient what became
// of them.
const errNoRows = api.Sentinel("the answer has no rows")

// UnmarshalJSON reads any of the forms.
func (w *bulkWire) UnmarshalJSON(data []byte) error {
	rows := json.RawMessage(bytes.TrimSpace(data))
	if len(rows) > 0 && rows[0] == '{' {
		if err := json.Unmarshal(data, &w.totals); err != nil {
			return err
		}
		delete(w.totals, "results")
		var object struct {
			Results json.RawMessage `json:"results"`
		}
		if err := json.Unmarshal(data, &object); err != nil {
			return err
		}
		rows = object.Results
	}
	if len(rows) == 0 || rows[0] != '[' {
		return errNoRows
	}
	if err := wire.Unmarshal(rows, &w.rows); err != nil {
		return err
	}
	if len(w.rows) == 0 {
		return errNoRows
	}
	return nil
}

// Public returns the rows under the newest names.
func (w *bulkWire) Public(info *api.ResponseInfo) *BulkResult {
	result := &BulkResult{Meta: api.Meta{Info: info}, Rows: make([]BulkRow, len(w.rows)), Totals: w.totals}
	for i, row := range w.rows {
		result.Rows[i] = row.BulkRow
		result.Rows[i].ID = cmp.Or(row.ID, row.NewerID)
	}
	return result
}
