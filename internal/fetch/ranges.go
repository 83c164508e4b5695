package fetch

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// contentRange reads a Content-Range such as "bytes 5-9/10". It refuses what names
// no part of anything.
func contentRange(text string) (first, last, size int64, ok bool) {
	text, ok = strings.CutPrefix(text, "bytes ")
	part, whole, found := strings.Cut(text, "/")
	from, to, ranged := strings.Cut(part, "-")
	for _, n := range []struct {
		text string
		to   *int64
	}{{from, &first}, {to, &last}, {whole, &size}} {
		value, err := strconv.ParseUint(n.text, 10, 63)
		ok = ok && err == nil
		*n.to = int64(value)
	}
	return first, last, size, ok && found && ranged && first <= last && last < size
}

// validator names a version of a file for If-Range: by a strong tag, or by a date
// that is old enough for the version to be the only one of its second.
func validator(h http.Header) string {
	if tag := h.Get("ETag"); isStrong(tag) {
		return tag
	}
	modified, err := http.ParseTime(h.Get("Last-Modified"))
	if err != nil {
		return ""
	}
	if date, err := http.ParseTime(h.Get("Date")); err != nil || date.Sub(modified) < time.Second {
		return ""
	}
	return h.Get("Last-Modified")
}

// isStrong reports whether a tag names one sequence of bytes.
func isStrong(tag string) bool { return strings.HasPrefix(tag, `"`) }
