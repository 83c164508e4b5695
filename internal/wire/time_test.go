package wire_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/internal/wire"
)

// noon is the moment of most cases, plus a fraction.
func noon(fraction time.Duration) time.Time {
	return time.Date(2026, 3, 8, 12, 0, 0, 0, time.UTC).Add(fraction)
}

func TestParseTime(t *testing.T) { // FWD-4
	t.Parallel()
	for _, c := range []struct {
		text string
		want time.Time
	}{
		{"2026-03-08T12:00:00Z", noon(0)},
		{"2026-03-08T12:00:00.1Z", noon(100 * time.Millisecond)},
		{"2026-03-08T12:00:00.123Z", noon(123 * time.Millisecond)},
		{"2026-03-08T12:00:00.123456789Z", noon(123456789)},
		{"2026-03-08T12:00:00.1234567891234Z", noon(123456789)},
		{"2026-03-08T14:00:00+02:00", noon(0)},
		{"2026-03-08T14:00:00.5+0200", noon(500 * time.Millisecond)},
		{"2026-03-08T04:00:00-08:00", noon(0)},
		{"2026-03-08T12:00:00", noon(0)},
		{"2026-03-08T12:00:00.123", noon(123 * time.Millisecond)},
		{"2026-03-08 12:00:00", noon(0)},
		{"2026-03-08 12:00:00.123", noon(123 * time.Millisecond)},
		{"2026-03-08 12:00:00Z", noon(0)},
		{"2026-03-08 14:00:00+02:00", noon(0)},
		{"2026-03-08T12:00Z", noon(0)},
		{"2026-03-08", noon(-12 * time.Hour)},
		{"2026-03-08t12:00:00z", noon(0)},
		{"2026-03-08t14:00:00.5+02:00", noon(500 * time.Millisecond)},
		{"2026-03-08 12:00:00+00", noon(0)},
		{"2026-03-08 12:00:00.123456+00", noon(123456 * time.Microsecond)},
		{"2026-03-08 17:30:00+05:30", noon(0)},
		{"2026-03-08 06:30:00-0530", noon(0)},
		{"2026-03-08T04:00:00-08", noon(0)},
		{"2026-03-08 12:00:00 +00:00", noon(0)},
		{"2026-03-08 12:00:00 Z", noon(0)},
		{"2016-12-31T23:59:60Z", time.Date(2017, 1, 1, 0, 0, 0, 0, time.UTC)}, // DEC-6
		{"2016-12-31T23:59:60.5Z", time.Date(2017, 1, 1, 0, 0, 0, 5e8, time.UTC)},
		{"2017-01-01 00:59:60+01", time.Date(2017, 1, 1, 0, 0, 0, 0, time.UTC)},
		{"1772971200", noon(0)},
		{"1772971200.123", noon(123 * time.Millisecond)},
		{"1772971200123", noon(123 * time.Millisecond)},
		{"1.7729712e9", noon(0)},
		{"1.001", time.UnixMilli(1001)}, // a product of floats that falls short of the whole number
		{"0", time.Unix(0, 0)},
		{"-1", time.Unix(-1, 0)},
		{"99999999999", time.Unix(99999999999, 0)},
		{"100000000000", time.UnixMilli(100000000000)},
	} {
		t.Run(c.text, func(t *testing.T) {
			t.Parallel()
			got, ok := wire.ParseTime(c.text)
			require.True(t, ok)
			assert.True(t, c.want.Equal(got), "%s", got)
		})
	}
}

func TestParseTimeRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "soon", "12:00", "2026-13-08T12:00:00Z", "2026-02-30", "08/03/2026", "2026-03-08T12:00:61Z", "2026-03-08T12:60:60Z", "2026-03-08x12:00:00Z", "NaN", "Inf", "-Inf", "1e999", "0x10",
		"99999999999999999999", "9223372036854775807", "-9223372036854775808", "-99999999999", "253402300800000", "2026-03-08T25:00:00Z",
	} {
		_, ok := wire.ParseTime(text)
		assert.False(t, ok, text)
	}
}

// TestTimesInAnswers reads times as they stand in answers: texts and numbers.
func TestTimesInAnswers(t *testing.T) { // FWD-4
	t.Parallel()
	type answer struct {
		At time.Time `json:"at"`
	}
	for value, want := range map[string]time.Time{
		`"2026-03-08T12:00:00Z"`: noon(0), `"2026-03-08 12:00:00"`: noon(0), `1772971200`: noon(0), `"1772971200"`: noon(0),
		`1772971200123`: noon(123 * time.Millisecond), `1772971200.5`: noon(500 * time.Millisecond),
		`" 2026-03-08T12:00:00 "`: noon(0), `""`: {}, `null`: {}, `"2016-12-31T23:59:60Z"`: time.Date(2017, 1, 1, 0, 0, 0, 0, time.UTC),
		`"2026-03-08t12:00:00z"`: noon(0), `"2026-03-08 12:00:00+00"`: noon(0),
	} {
		var got answer
		require.NoError(t, wire.Unmarshal(fmt.Appendf(nil, `{"at":%s}`, value), &got), value)
		assert.True(t, want.Equal(got.At), "%s: %s", value, got.At)
	}
}

// FuzzParseTime looks for times that cannot be written again.
func FuzzParseTime(f *testing.F) {
	for _, seed := range []string{
		"2026-03-08T12:00:00.123Z", "2026-03-08 12:00:00", "2026-03-08", "1772971200", "1772971200123", "-99999999999", "1e10", "9999-12-31T23:59:59-23:59", "2016-12-31T23:59:60Z", "2026-03-08 12:00:00 +00",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at, ok := wire.ParseTime(text)
		if !ok {
			return
		}
		out, err := json.Marshal(at.UTC())
		require.NoError(t, err)
		var again time.Time
		require.NoError(t, json.Unmarshal(out, &again))
		require.True(t, at.Equal(again))
	})
}
