package wire

import (
	"encoding/json"
	"math"
	"strconv"
	"time"
)

// timeFor rewrites a time in any of the forms that Orbit has been seen to write
// as the RFC 3339 that encoding/json reads.
func timeFor(raw json.RawMessage) json.RawMessage {
	text := scalar(raw)
	if text == "" && raw[0] == '"' {
		return json.RawMessage("null")
	}
	t, ok := ParseTime(text)
	if !ok {
		return raw
	}
	out, err := json.Marshal(t)
	if err != nil {
		return raw
	}
	return out
}

// ParseTime reads RFC 3339 with any fraction and offset, with a space for the T,
// without a zone (then UTC), a date alone, and Unix seconds or milliseconds.
func ParseTime(text string) (time.Time, bool) {
	for _, layout := range [...]string{
		time.RFC3339Nano,
		"2006-01-02 15:04:05.999999999Z07:00",
		"2006-01-02T15:04:05.999999999",
		"2006-01-02 15:04:05.999999999",
		"2006-01-02T15:04:05.999999999Z0700",
		"2006-01-02T15:04Z07:00",
		time.DateOnly,
	} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, isWritable(t)
		}
	}
	return unixTime(text)
}

// unixTime reads Unix seconds, or milliseconds from the value that would
// otherwise be a date after the year 5000.
func unixTime(text string) (time.Time, bool) {
	const firstMilliseconds = 100_000_000_000
	var t time.Time
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		t = time.Unix(n, 0)
		if n >= firstMilliseconds || n <= -firstMilliseconds {
			t = time.UnixMilli(n)
		}
		return t.UTC(), isWritable(t)
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || !(f > -firstMilliseconds && f < firstMilliseconds) {
		return time.Time{}, false
	}
	t = time.UnixMicro(int64(math.Round(f * 1e6)))
	return t.UTC(), isWritable(t)
}

// isWritable keeps out years that RFC 3339 cannot write.
func isWritable(t time.Time) bool { return t.UTC().Year() >= 0 && t.UTC().Year() <= 9999 }
