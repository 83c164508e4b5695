package orbittest

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
)

// An upload is a file in a form.
type upload struct {
	name, contentType string
	content           []byte
}

// readForm reads a multipart body: a part with a file name is an upload, any
// other a text.
func (c *call) readForm() {
	contentType := c.header.Get("Content-Type")
	media, params, err := mime.ParseMediaType(contentType)
	if err != nil || media != "multipart/form-data" {
		c.unreadable = unsupported(contentType, "multipart/form-data")
		return
	}
	fields, err := decodeForm(multipart.NewReader(bytes.NewReader(c.body), params["boundary"]))
	if err != nil {
		c.unreadable = malformed("The body is not a form.")
		return
	}
	c.take(fields)
}

func decodeForm(form *multipart.Reader) (map[string]any, error) {
	fields := make(map[string]any)
	for {
		part, err := form.NextPart()
		if err == io.EOF { //nolint:errorlint // a form that broke off wraps it
			return fields, nil
		}
		if err != nil {
			return nil, err
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return nil, err
		}
		if name := part.FileName(); name != "" {
			fields[part.FormName()] = upload{name, part.Header.Get("Content-Type"), content}
		} else {
			fields[part.FormName()] = string(content)
		}
	}
}
