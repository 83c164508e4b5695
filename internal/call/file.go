package call

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/devotel/orbit-go/internal/wire"
)

// File is a body that is a form with one file.
type File struct {
	// Part is the name of the form's only part.
	Part string
	// Name is the name of the file, without control characters.
	Name string
	// ContentType is what the file holds: a media type.
	ContentType string
	// Content is read to its end, once for all attempts. It must not be empty.
	Content io.Reader
	// MaxMiB is how large the file may be. A larger one is refused, also with the
	// local checks off, since all of it is kept until the call ends.
	MaxMiB int
}

// raw reads the file and writes the form. The boundary is made of the content,
// which for that reason does not hold it, and so the same file gives the same
// bytes: a job that is run again under its own idempotency key sends the same
// request.
func (f File) raw() (RawBody, *Failure) {
	if problem := f.check(); problem != nil {
		return RawBody{}, problem
	}
	content, problem := f.read()
	if problem != nil {
		return RawBody{}, problem
	}
	sum := sha256.Sum256(content)
	boundary := hex.EncodeToString(sum[:16])
	var form bytes.Buffer
	form.Grow(len(content) + 1<<10)
	fmt.Fprintf(&form, "--%s\r\nContent-Disposition: %s\r\nContent-Type: %s\r\n\r\n",
		boundary, multipart.FileContentDisposition(f.Part, f.Name), f.ContentType)
	form.Write(content)
	fmt.Fprintf(&form, "\r\n--%s--\r\n", boundary)
	return RawBody{ContentType: "multipart/form-data; boundary=" + boundary, Data: form.Bytes()}, nil
}

// check refuses what would make another form than that of one file: a line break
// ends a header, and what comes behind it can be a part of its own. It does so with
// the local checks off as well.
func (f File) check() *Failure {
	if !utf8.ValidString(f.Name) || strings.ContainsFunc(f.Name, unicode.IsControl) {
		return f.refuse("filename", "must be UTF-8 without control characters", nil)
	}
	if _, _, err := mime.ParseMediaType(f.ContentType); err != nil || strings.ContainsFunc(f.ContentType, unicode.IsControl) {
		return f.refuse("content_type", "must be a media type such as text/plain", nil)
	}
	return nil
}

func (f File) read() ([]byte, *Failure) {
	if f.Content == nil {
		return nil, f.refuse(f.Part, "must not be nil", nil)
	}
	content, err := wire.ReadBody(f.Content, -1, f.MaxMiB<<20)
	switch {
	case errors.Is(err, wire.ErrTooLarge):
		return nil, f.refuse(f.Part, fmt.Sprintf("must not be larger than %d MiB", f.MaxMiB), nil)
	case err != nil:
		return nil, f.refuse(f.Part, "could not be read", err)
	case len(content) == 0:
		return nil, f.refuse(f.Part, "must not be empty", nil)
	}
	return content, nil
}

func (f File) refuse(field, rule string, err error) *Failure {
	problem := &Failure{Kind: KindParam, NotSent: true, Field: field, Rule: rule}
	if err != nil {
		problem.Err = foreignCause(err, f.Name)
	}
	return problem
}
