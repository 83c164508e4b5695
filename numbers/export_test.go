package numbers_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/numbers"
	"github.com/devotel/orbit-go/orbittest"
)

// TestExport writes the file that the API makes, as it is, in both formats.
func TestExport(t *testing.T) {
	t.Parallel()
	inBothGenerations(t, func(t *testing.T, server *orbittest.Server, s *numbers.Service) {
		for i := range 3 {
			server.AddNumber(orbittest.Number{PhoneNumber: fmt.Sprintf("+1415555%04d", i), FriendlyName: "a\n\"b\""})
		}
		var file bytes.Buffer
		result, err := s.Export(t.Context(), numbers.ExportParams{Search: "5550", Country: "US", Status: numbers.StatusPurchased}, &file)
		require.NoError(t, err)
		assert.Equal(t, int64(file.Len()), result.Bytes)
		assert.Equal(t, "3 false 0", join(result.RowCount, result.Truncated, result.TruncatedAt))
		assert.NotEmpty(t, result.RequestID())
		rows, err := csv.NewReader(&file).ReadAll()
		require.NoError(t, err)
		assert.Len(t, rows, 4)

		file.Reset()
		_, err = s.Export(t.Context(), numbers.ExportParams{Format: numbers.ExportFormatJSON}, &file)
		require.NoError(t, err)
		assert.True(t, strings.HasPrefix(file.String(), `[{"e164":`))
	})
}

// TestExportThatWasCut tells of it: beside the file in one form, behind the rows
// in the other.
func TestExportThatWasCut(t *testing.T) {
	t.Parallel()
	server := orbittest.New(t, orbittest.WithExportLimit(2))
	for i := range 3 {
		server.AddNumber(orbittest.Number{PhoneNumber: fmt.Sprintf("+1415555%04d", i)})
	}
	s := server.Client().Numbers
	result, err := s.Export(t.Context(), numbers.ExportParams{}, io.Discard)
	require.NoError(t, err)
	assert.Equal(t, "2 true 2", join(result.RowCount, result.Truncated, result.TruncatedAt))

	rows, err := orbit.Collect(s.ExportRows(t.Context(), numbers.ExportRowsParams{}), 10)
	require.ErrorIs(t, err, numbers.ErrTruncated)
	assert.Len(t, rows, 2, "the rows are there all the same")
}

// respond answers with a body and headers.
type respond struct {
	body   io.Reader
	header http.Header
}

func (r respond) RoundTrip(req *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Header: r.header, ContentLength: -1, Body: io.NopCloser(r.body), Request: req}, nil
}

// TestExportHeaders reads what they say, and takes nothing for granted.
func TestExportHeaders(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ rows, truncated, at, want string }{
		{"7", "false", "", "7 false 0"},
		{"7", "false", "50000", "7 false 0"},
		{"50000", "true", "50000", "50000 true 50000"},
		{"50000", "1", "", "50000 true 0"},
		{"50000", "", "50000", "50000 true 50000"},
		{"", "", "", "-1 false 0"},
		{"0", "0", "", "0 false 0"},
		{"many", "perhaps", "then", "-1 true 0"},
	} {
		header := http.Header{}
		for name, value := range map[string]string{"X-Row-Count": c.rows, "X-Truncated": c.truncated, "X-Truncated-At": c.at} {
			if value != "" {
				header.Set(name, value)
			}
		}
		s := newService(t, respond{strings.NewReader("id\n"), header})
		result, err := s.Export(t.Context(), numbers.ExportParams{}, io.Discard)
		require.NoError(t, err)
		assert.Equal(t, c.want, join(result.RowCount, result.Truncated, result.TruncatedAt))
	}
}

// broken ends a body with an error.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// TestExportThatBrokeOff is never a whole file.
func TestExportThatBrokeOff(t *testing.T) { // ERR-1
	t.Parallel()
	var file bytes.Buffer
	s := newService(t, respond{io.MultiReader(strings.NewReader("id\nnum_1\n"), broken{}), http.Header{"X-Row-Count": {"2"}}})
	result, err := s.Export(t.Context(), numbers.ExportParams{}, &file)
	var unreadable *orbit.DecodeError
	require.ErrorAs(t, err, &unreadable)
	assert.Equal(t, "Numbers.Export", unreadable.Op)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.NotNil(t, result)
	assert.Equal(t, int64(9), result.Bytes, "what was written is counted")
	assert.Equal(t, 2, result.RowCount)
	assert.Equal(t, "id\nnum_1\n", file.String())

	s = newService(t, respond{io.MultiReader(strings.NewReader(`[{"id":"num_1"},`), broken{}), http.Header{}})
	rows, err := orbit.Collect(s.ExportRows(t.Context(), numbers.ExportRowsParams{}), 10)
	require.ErrorAs(t, err, &unreadable)
	assert.Equal(t, "Numbers.ExportRows", unreadable.Op)
	assert.Len(t, rows, 1)

	server := orbittest.New(t)
	server.AddNumber(orbittest.Number{PhoneNumber: "+14155550177"})
	server.FailNext("GET /numbers/export", orbittest.Truncated(), orbittest.Truncated(), orbittest.HTML(200))
	_, err = server.Client().Numbers.Export(t.Context(), numbers.ExportParams{}, io.Discard)
	require.ErrorAs(t, err, &unreadable)
	_, err = orbit.Collect(server.Client().Numbers.ExportRows(t.Context(), numbers.ExportRowsParams{}), 10)
	require.ErrorAs(t, err, &unreadable)
	result, err = server.Client().Numbers.Export(t.Context(), numbers.ExportParams{}, io.Discard)
	require.ErrorAs(t, err, &unreadable)
	assert.Zero(t, result.Bytes, "a proxy's page is no export")
}

func TestExportRefused(t *testing.T) {
	t.Parallel()
	result, err := answering(t, http.StatusForbidden, `{"error":{"code":"INSUFFICIENT_PERMISSIONS"}}`).
		Export(t.Context(), numbers.ExportParams{}, io.Discard)
	require.ErrorIs(t, err, orbit.ErrForbidden)
	assert.Nil(t, result)
}

var errFull = errors.New("the disk is full")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestExportToAWriterThatFails(t *testing.T) {
	t.Parallel()
	_, err := newService(t, respond{strings.NewReader("id\n"), http.Header{}}).Export(t.Context(), numbers.ExportParams{}, full{})
	assert.Equal(t, errFull, err)
}

// TestExportRows reads the rows under the names of both generations, and each
// range makes a call of its own.
func TestExportRows(t *testing.T) { // FWD-1, PAG-3, PAG-4
	t.Parallel()
	inBothGenerations(t, func(t *testing.T, server *orbittest.Server, s *numbers.Service) {
		for i := range 3 {
			server.AddNumber(orbittest.Number{PhoneNumber: fmt.Sprintf("+1415555%04d", i), FriendlyName: "Desk"})
		}
		rows := s.ExportRows(t.Context(), numbers.ExportRowsParams{Search: "desk"})
		for range 2 {
			i := 0
			for n, err := range rows {
				require.NoError(t, err)
				assert.Equal(t, fmt.Sprintf("+1415555%04d Desk US local 1.15", i), join(n.PhoneNumber, n.FriendlyName, n.Country, n.Type, n.MonthlyCost))
				assert.NotEmpty(t, n.RequestID())
				i++
			}
			assert.Equal(t, 3, i)
		}
		for range rows {
			break
		}
		assert.Len(t, server.Requests(), 3)
	})
}

// manyRows is a body of n rows, made while it is read.
type manyRows struct {
	n, made int
	rest    []byte
}

func (r *manyRows) Read(p []byte) (int, error) {
	for len(r.rest) == 0 {
		switch {
		case r.made > r.n:
			return 0, io.EOF
		case r.made == r.n:
			r.rest = append(r.rest, ']')
		default:
			r.rest = append(r.rest[:0], "[,"[min(r.made, 1)])
			r.rest = append(r.rest, `{"id":"num_`...)
			r.rest = strconv.AppendInt(r.rest, int64(r.made), 10)
			r.rest = append(r.rest, `","phone_number":"+14155550100","label":"Desk","monthly_cost":1.150,"capabilities":["sms","voice"]}`...)
		}
		r.made++
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// peakHeap reads an export of n rows, and returns the most that the heap held on
// the way, garbage apart.
func peakHeap(t *testing.T, n int) uint64 {
	t.Helper()
	s := newService(t, respond{&manyRows{n: n}, http.Header{}})
	var peak uint64
	read := 0
	for row, err := range s.ExportRows(t.Context(), numbers.ExportRowsParams{}) {
		require.NoError(t, err)
		if read%(n/20) == 0 {
			require.Equal(t, "num_"+strconv.Itoa(read), row.ID)
			require.Equal(t, orbit.Decimal("1.150"), row.MonthlyCost)
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapAlloc)
		}
		read++
	}
	require.Equal(t, n, read)
	return peak
}

// TestExportRowsHoldsOneRow reads ten times as many rows in the same memory: half a
// mebibyte is left to chance, a tenth of what the smaller export would be. It does
// not run beside other tests, whose memory it would count.
func TestExportRowsHoldsOneRow(t *testing.T) {
	few := peakHeap(t, 50_000)
	many := peakHeap(t, 500_000)
	t.Logf("%d KiB for 50,000 rows, %d KiB for 500,000", few>>10, many>>10)
	assert.InDelta(t, few, many, 512<<10)
}

// TestExportHoldsNoFile copies sixty mebibytes in the same memory as six.
func TestExportHoldsNoFile(t *testing.T) {
	peak := func(n int) uint64 {
		s := newService(t, respond{&manyRows{n: n}, http.Header{}})
		w := &sampler{every: n / 20} // a write for each row
		result, err := s.Export(t.Context(), numbers.ExportParams{Format: numbers.ExportFormatJSON}, w)
		require.NoError(t, err)
		assert.Greater(t, result.Bytes, int64(100*n))
		return w.peak
	}
	assert.InDelta(t, peak(50_000), peak(500_000), 512<<10)
}

// sampler looks at the heap now and then while it is written to.
type sampler struct {
	every, writes int
	peak          uint64
}

func (w *sampler) Write(p []byte) (int, error) {
	if w.writes%w.every == 0 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		w.peak = max(w.peak, m.HeapAlloc)
	}
	w.writes++
	return len(p), nil
}

// TestExportEndsWithItsContext gives up in the middle.
func TestExportEndsWithItsContext(t *testing.T) { // CTX-2
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	s := newService(t, untilDone{&manyRows{n: 1000}})
	read := 0
	var last error
	for _, err := range s.ExportRows(ctx, numbers.ExportRowsParams{}) {
		if last = err; err != nil {
			break
		}
		if read++; read == 10 {
			cancel()
		}
	}
	cancel()
	require.ErrorIs(t, last, context.Canceled)
	var transport *orbit.TransportError
	require.ErrorAs(t, last, &transport)
	assert.Less(t, read, 1000)
}

// untilDone answers with a body that ends with the request's context, as that of
// a connection does.
type untilDone struct{ body io.Reader }

func (u untilDone) RoundTrip(req *http.Request) (*http.Response, error) {
	return respond{readerFunc(func(p []byte) (int, error) {
		if err := req.Context().Err(); err != nil {
			return 0, err
		}
		return u.body.Read(p)
	}), http.Header{}}.RoundTrip(req)
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
