package fetch

// ContentRange reads a Content-Range.
func ContentRange(text string) (first, last, size int64, ok bool) { return contentRange(text) }
