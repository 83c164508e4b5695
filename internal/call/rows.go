package call

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"net/http"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/wire"
)

// maxRow bounds one row of a stream, so that a stream without end does not fill
// the memory.
const maxRow = 1 << 20

// Rows makes a call whose answer is a JSON array of any length, and ranges over
// its rows as they come: it holds one at a time. When all have come, the headers
// are shown to end, whose error is the last thing that the range yields. Each
// range makes a call of its own.
func Rows[T, W any, PW Wire[T, W]](
	ctx context.Context, from caller, r *Route, in any, end func(http.Header) error, opts []api.CallOption,
) iter.Seq2[T, error] {
	rows := *r
	rows.accept = "application/json"
	return func(yield func(T, error) bool) {
		d, err := Stream(ctx, from, &rows, in, opts)
		if err == nil {
			defer d.Body.Close() //nolint:errcheck // all that matters was read
			source := d.source(maxRow)
			goesOn := true
			err = source.each(func(row []byte) (bool, error) {
				var w W
				if err := from.through().reader.Unmarshal(row, &w); err != nil {
					return false, err
				}
				info := d.Info
				if d.x.set.RawJSON {
					info = withRaw(info, row)
				}
				goesOn = yield(*PW(&w).Public(info), nil)
				return goesOn, nil
			})
			if !goesOn {
				return
			}
			if err == nil {
				err = end(d.Header)
			}
		}
		if err != nil {
			var none T
			yield(none, err)
		}
	}
}

// each hands one row after the other to use, whose slice is used again for the
// next. It stops where use returns false, and makes the user's error of whatever
// goes wrong.
func (s *source) each(use func(row []byte) (bool, error)) error {
	first, err := s.sniff()
	if err != nil {
		return err
	}
	if head, _ := s.text.Peek(len(mark)); string(head) == mark {
		_, _ = s.text.Discard(len(mark))
	}
	if first == '{' {
		err = s.eachInEnvelope(use)
	} else {
		err = s.eachInArray(use)
	}
	switch {
	case errors.Is(s.err, errTooLarge):
		return s.download.unreadable(s.err)
	case s.err != nil:
		return s.download.brokeOff(s.err)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), endsEarly(err):
		return s.download.brokeOff(io.ErrUnexpectedEOF)
	case err != nil:
		return s.download.unreadable(err)
	}
	return nil
}

// endsEarly reports whether a decoder came to the end of its text between two
// tokens. From Go 1.27 on that is a syntax error, which only its text tells from
// others.
func endsEarly(err error) bool {
	var syntax *json.SyntaxError
	return errors.As(err, &syntax) && syntax.Error() == "unexpected end of JSON input"
}

// eachInArray reads the documented form.
func (s *source) eachInArray(use func([]byte) (bool, error)) error {
	dec := json.NewDecoder(s.text)
	if err := expect(dec, '['); err != nil {
		return err
	}
	var row json.RawMessage
	for dec.More() {
		s.room = maxRow
		if err := dec.Decode(&row); err != nil {
			return err
		}
		if goesOn, err := use(row); err != nil || !goesOn {
			return err
		}
	}
	if err := expect(dec, ']'); err != nil {
		return err
	}
	if _, err := dec.Token(); err != io.EOF { //nolint:errorlint // a decoder's end is never wrapped
		return errTrailing
	}
	return nil
}

// expect reads the given bracket.
func expect(dec *json.Decoder, bracket json.Delim) error {
	token, err := dec.Token()
	if err == nil && token != bracket {
		err = errNoArray
	}
	return err
}

// eachInEnvelope reads an answer that is wrapped like all others. It is read
// whole, and may be as large as any other.
func (s *source) eachInEnvelope(use func([]byte) (bool, error)) error {
	s.room = maxSuccessBody
	body, err := io.ReadAll(s.text)
	if err != nil {
		return err
	}
	rows, err := wire.Items(body)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if goesOn, err := use(row); err != nil || !goesOn {
			return err
		}
	}
	return nil
}

// Reasons why rows could not be read, as constants.
const (
	errNoArray  = api.Sentinel("the response is not an array")
	errTrailing = api.Sentinel("the response goes on behind its array")
)
