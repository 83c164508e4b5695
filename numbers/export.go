package numbers

import (
	"context"
	"io"
	"iter"
	"net/http"
	"strconv"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
)

// ErrTruncated is the error behind the last row of an export that the API cut at
// its limit, 50,000 rows: the rows before it are right, and the account has more.
const ErrTruncated = api.Sentinel("orbit: the export was cut at the API's limit: the account has more numbers")

// ExportParams says which numbers to export, and how.
type ExportParams struct {
	// Format is the form of the file; the default is [ExportFormatCSV].
	Format ExportFormat `url:"format,omitempty"`
	// Status keeps those of one status; the default is all.
	Status Status `url:"status,omitempty"`
	// Country keeps those of one country, such as "US".
	Country string `url:"country_code,omitempty"`
	// Search keeps those whose number or name holds the text.
	Search string `url:"search,omitempty"`
}

// ExportFormat is the form of an export. The set is open.
type ExportFormat string

// The documented formats.
const (
	// ExportFormatCSV is a line for each number, below a line with the columns' names.
	ExportFormatCSV ExportFormat = "csv"
	// ExportFormatJSON is an array of objects. [Service.ExportRows] reads it.
	ExportFormatJSON ExportFormat = "json"
)

// Known reports whether this version of the SDK has a constant for the format.
func (f ExportFormat) Known() bool { return f == ExportFormatCSV || f == ExportFormatJSON }

// ExportResult tells what was exported.
type ExportResult struct {
	api.Meta `json:"-"`

	// Bytes is the number of bytes written.
	Bytes int64
	// RowCount is the number of rows that the API said there are in the file, -1
	// where it did not say.
	RowCount int
	// Truncated reports whether the API cut the file at its limit, 50,000 rows: the
	// account has more.
	Truncated bool
	// TruncatedAt is the number of rows that it was cut at; 0 where it was not cut,
	// or the API did not say.
	TruncatedAt int
}

// Export writes the account's numbers to w as they come, without holding them in
// memory. The file is whole only if there is no error: one that breaks off, a page
// of HTML and an error in place of the file are errors, and so is what w returns,
// as it is. The result comes beside an error too, once the API has begun to
// answer, with the number of bytes that were written before; it is nil otherwise.
// A file that the API cut at its limit is no error: see Truncated.
//
// The time limit of an attempt is one for the headers of the response, and then for
// each piece of the file. The context alone bounds the whole. Once the file has
// begun, it is neither resumed nor begun anew.
//
// GET /numbers/export
func (s *Service) Export(ctx context.Context, params ExportParams, w io.Writer, opts ...api.CallOption) (*ExportResult, error) {
	route := exportRoute("Numbers.Export").Check(check.That(w != nil, "w", "must not be nil"))
	file, err := call.Stream(ctx, s.core, route, params, opts)
	if err != nil {
		return nil, err
	}
	result := exportResult(file.Header)
	result.Meta = file.Meta
	result.Bytes, err = file.Copy(w)
	return result, err
}

// ExportRowsParams says which numbers to export.
type ExportRowsParams struct {
	// Status keeps those of one status; the default is all.
	Status Status
	// Country keeps those of one country, such as "US".
	Country string
	// Search keeps those whose number or name holds the text.
	Search string
}

// ExportRows ranges over the account's numbers in one call, holding one of them at
// a time, however many there are. A row has no ID: identify it by its PhoneNumber. An error ends it: a row that came before is
// right, but the rows are all only if there was none. [ErrTruncated] comes last
// where the API cut the export at its limit. Each range makes a call of its own.
//
// GET /numbers/export
func (s *Service) ExportRows(ctx context.Context, params ExportRowsParams, opts ...api.CallOption) iter.Seq2[Number, error] {
	in := ExportParams{Format: ExportFormatJSON, Status: params.Status, Country: params.Country, Search: params.Search}
	return call.Rows[Number, numberWire](ctx, s.core, exportRoute("Numbers.ExportRows"), in, checkWhole, opts)
}

func exportRoute(op string) *call.Route { return call.Get(op, "/numbers/export") }

// checkWhole refuses an export that the API cut.
func checkWhole(h http.Header) error {
	if exportResult(h).Truncated {
		return ErrTruncated
	}
	return nil
}

// exportResult reads what the headers of an export say.
func exportResult(h http.Header) *ExportResult {
	r := &ExportResult{RowCount: -1}
	if n, err := strconv.Atoi(h.Get("X-Row-Count")); err == nil {
		r.RowCount = n
	}
	limit := h.Get("X-Truncated-At")
	if truncated, err := strconv.ParseBool(h.Get("X-Truncated")); err == nil {
		r.Truncated = truncated
	} else {
		r.Truncated = limit != "" // better too careful than a part taken for the whole
	}
	if r.Truncated {
		r.TruncatedAt, _ = strconv.Atoi(limit) // 0 for what is no number
	}
	return r
}
