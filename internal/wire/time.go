package wire

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
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

// ParseTime reads RFC 3339 with any fraction and offset, in small letters too, with a
// space for the T, an offset of hours alone as PostgreSQL writes it, or without a zone
// (then UTC); a date alone; and Unix seconds or milliseconds. A leap second is the
// second behind it.
func ParseTime(text string) (time.Time, bool) {
	text, leap := usual(text)
	for _, layout := range [...]string{
		"2006-01-02T15:04:05.999999999Z07:00",
		"2006-01-02T15:04:05.999999999Z0700",
		"2006-01-02T15:04:05.999999999Z07",
		"2006-01-02T15:04:05.999999999",
		"2006-01-02T15:04Z07:00",
		time.DateOnly,
	} {
		if t, err := time.Parse(layout, text); err == nil {
			t = t.Add(leap)
			return t, isWritable(t)
		}
	}
	return unixTime(text)
}

// usual writes a time as RFC 3339 has it, and a leap second as the one before it and
// what is missing.
func usual(text string) (string, time.Duration) {
	const date, seconds = len(time.DateOnly), len("2006-01-02T15:04:")
	if len(text) <= date || text[4] != '-' {
		return text, 0
	}
	clock := strings.ToUpper(text[date+1:])
	if sign := strings.LastIndexAny(clock, "Z+-"); sign > 0 && clock[sign-1] == ' ' {
		clock = clock[:sign-1] + clock[sign:]
	}
	separator := text[date : date+1]
	if separator == " " || separator == "t" {
		separator = "T"
	}
	text = text[:date] + separator + clock
	if len(text) >= seconds+2 && text[seconds-1:seconds+2] == ":60" {
		return text[:seconds] + "59" + text[seconds+2:], time.Second
	}
	return text, 0
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
