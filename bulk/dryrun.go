package bulk

import (
	"context"
	"errors"
	"iter"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/messages"
)

// Forecast is what [DryRun] found.
type Forecast struct {
	// Rows is the number of rows.
	Rows int
	// Rejected is the number of rows that the SDK would reject before sending.
	Rejected int
	// Duplicates is the number of rows whose key came before.
	Duplicates int
	// Segments is the number of SMS that the rows are billed as; 0 for channels other
	// than SMS.
	Segments int
	// Unicode is the number of SMS whose text needs UCS-2, which fits fewer characters
	// in a segment.
	Unicode int
}

// errDryRun ends each call of a dry run before anything is sent.
const errDryRun = api.Sentinel("bulk: a dry run")

// DryRun goes through the items without sending, and counts what would be sent. Each
// row takes all local checks of its send. OnResult of the options is called for each row
// that they reject; the other options do not matter. The keys are held in memory, as 16
// bytes each, to find duplicates.
func DryRun[P, R any](ctx context.Context, items iter.Seq2[string, P], send SendFunc[P, R], opts SendOptions) (Forecast, error) {
	var f Forecast
	seen := map[rowID]bool{}
	never, cancel := context.WithCancelCause(ctx)
	cancel(errDryRun)
	for key, params := range items {
		if ctx.Err() != nil {
			return f, context.Cause(ctx)
		}
		f.Rows++
		id, err := identify("", key, params)
		if err == nil {
			_, err = send(never, params, opts.Call...)
		}
		var invalid *orbit.ParamError
		if errors.As(err, &invalid) {
			f.Rejected++
			if opts.OnResult != nil {
				opts.OnResult(key, RowResult{Outcome: Rejected, Err: err})
			}
			continue
		}
		_, row := splitKey(id.key)
		if seen[row] {
			f.Duplicates++
			continue
		}
		seen[row] = true
		f.add(params)
	}
	if opts.ItemsErr != nil {
		return f, opts.ItemsErr()
	}
	return f, nil
}

// add counts the segments of an SMS.
func (f *Forecast) add(params any) {
	sms, ok := params.(messages.SendSMSParams)
	if !ok || len(sms.MediaURLs) > 0 {
		return
	}
	s := messages.Segments(sms.Body)
	f.Segments += s.Segments
	if s.Encoding == messages.EncodingUCS2 {
		f.Unicode++
	}
}
