package call

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"mime/multipart"
)

// File is a body that is a form with one file.
type File struct {
	// Part is the name of the form's only part.
	Part string
	// Name is the name of the file.
	Name string
	// ContentType is what the file holds.
	ContentType string
	// Content is read to its end, once for all attempts.
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

func (f File) read() ([]byte, *Failure) {
	if f.Content == nil {
		return nil, f.refuse("must not be nil", nil)
	}
	limit := f.MaxMiB << 20
	content, err := io.ReadAll(io.LimitReader(f.Content, int64(limit)+1)) // one more, to see the end
	switch {
	case err != nil:
		return nil, f.refuse("could not be read", err)
	case len(content) > limit:
		return nil, f.refuse(fmt.Sprintf("must not be larger than %d MiB", f.MaxMiB), nil)
	}
	return content, nil
}

func (f File) refuse(rule string, err error) *Failure {
	problem := &Failure{Kind: KindParam, NotSent: true, Field: f.Part, Rule: rule}
	if err != nil {
		problem.Err = foreignCause(err, f.Name)
	}
	return problem
}
