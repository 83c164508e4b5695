package call_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
)

// upload sends a file of at most 1 MiB.
func upload(ctx context.Context, c *call.Client, name string, content io.Reader, opts ...api.CallOption) error {
	file := call.File{Part: "file", Name: name, ContentType: "text/plain", Content: content, MaxMiB: 1}
	_, err := call.Do[thing, thingWire](ctx, c, call.Post("Things.Upload", "/things"), file, opts)
	return err
}

func TestFile(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, content string }{
		{"a.txt", "Hello"},
		{"lines.txt", "--\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n--"},
		{`a "quoted" \ name.txt`, "x"},
		{"größe.txt", "\x00\xff"},
		{"largest.bin", strings.Repeat("x", 1<<20)},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := play(answer(200, good))
			require.NoError(t, upload(t.Context(), s.client(), test.name, iotest.OneByteReader(strings.NewReader(test.content))))

			media, params, err := mime.ParseMediaType(s.hits[0].header.Get("Content-Type"))
			require.NoError(t, err)
			assert.Equal(t, "multipart/form-data", media)
			form := multipart.NewReader(strings.NewReader(s.hits[0].body), params["boundary"])
			part, err := form.NextPart()
			require.NoError(t, err)
			assert.Equal(t, "file", part.FormName())
			assert.Equal(t, test.name, part.FileName())
			assert.Equal(t, "text/plain", part.Header.Get("Content-Type"))
			content, err := io.ReadAll(part)
			require.NoError(t, err)
			assert.True(t, bytes.Equal([]byte(test.content), content))
			_, err = form.NextPart()
			assert.Equal(t, io.EOF, err, "nothing comes after the file")
		})
	}
}

// RET-2, RET-9: the file is read once, and its form is the same on every attempt
// and in every call that sends it again.
func TestFileIsRepeatable(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := play(problem(503, "SERVICE_UNAVAILABLE"), answer(200, good))
		require.NoError(t, upload(t.Context(), s.client(), "a.txt", strings.NewReader("Hello")))
		require.NoError(t, upload(t.Context(), s.client(), "a.txt", strings.NewReader("Hello")))
		require.NoError(t, upload(t.Context(), s.client(), "a.txt", strings.NewReader("Goodbye")))
		require.Len(t, s.hits, 4)
		assert.Contains(t, s.hits[0].body, "\r\n\r\nHello\r\n")
		for _, h := range s.hits[1:3] {
			assert.Equal(t, s.hits[0].body, h.body)
			assert.Equal(t, s.hits[0].header["Content-Type"], h.header["Content-Type"])
		}
		assert.NotEqual(t, s.hits[0].header["Content-Type"], s.hits[3].header["Content-Type"])
	})
}

// A file that cannot be sent is refused before anything is, also with the local
// checks off.
func TestFileIsRefused(t *testing.T) {
	t.Parallel()
	unreadable := errors.New("the disk +14155552671 is gone")
	for _, test := range []struct {
		name, rule string
		content    io.Reader
		cause      error
	}{
		{"none", "must not be nil", nil, nil},
		{"empty", "must not be empty", strings.NewReader(""), nil},
		{"too large", "must not be larger than 1 MiB", io.LimitReader(zeros{}, 1<<20+1), nil},
		{"endless", "must not be larger than 1 MiB", zeros{}, nil},
		{"unreadable", "could not be read", io.MultiReader(strings.NewReader("x"), iotest.ErrReader(unreadable)), unreadable},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := play(answer(200, good))
			err := upload(t.Context(), s.client(func(c *call.Config) { c.SkipChecks = true }), "a.txt", test.content)
			got := failure(t, err)
			assert.Equal(t, call.KindParam, got.Kind)
			assert.Equal(t, "Things.Upload", got.Op)
			assert.Equal(t, "file", got.Field)
			assert.Equal(t, test.rule, got.Rule)
			assert.True(t, got.NotSent)
			assert.Empty(t, s.hits)
			if test.cause != nil {
				require.ErrorIs(t, err, test.cause)
				assert.NotContains(t, got.Err.Error(), "14155552671") // SEC-4
			}
		})
	}
}

// LEAK-5: neither a name nor a content type makes a part, a header or a form of its
// own; what could is refused.
func TestFileForgesNothing(t *testing.T) {
	t.Parallel()
	const forged = "\r\n\r\nx\r\n--b\r\nContent-Disposition: form-data; name=\"role\"\r\n\r\nadmin"
	for _, c := range []struct{ name, contentType, field string }{
		{"a" + forged, "text/plain", "filename"}, {"a\nb", "text/plain", "filename"}, {"a\rb", "text/plain", "filename"},
		{"a\x00.txt", "text/plain", "filename"}, {"a\tb", "text/plain", "filename"}, {"a\x7f", "text/plain", "filename"},
		{"a\u0085b", "text/plain", "filename"}, {"a\xff", "text/plain", "filename"},
		{"a", "text/plain" + forged, "content_type"}, {"a", "text/plain\nX-A: b", "content_type"}, {"a", "text/plain\r", "content_type"},
		{"a", "text/plain; charset=\"a\r\nb\"", "content_type"}, {"a", "text/plain; charset=\"a\x00b\"", "content_type"},
		{"a", "text plain", "content_type"}, {"a", "", "content_type"}, {"a", "text/plain; charset", "content_type"},
	} {
		s := play(answer(200, good))
		client := s.client(func(c *call.Config) { c.SkipChecks = true })
		file := call.File{Part: "file", Name: c.name, ContentType: c.contentType, Content: strings.NewReader("x"), MaxMiB: 1}
		_, err := call.Do[thing, thingWire](t.Context(), client, call.Post("Things.Upload", "/things"), file, nil)
		assert.Equal(t, c.field, failure(t, err).Field, "%q %q", c.name, c.contentType)
		assert.NotContains(t, failure(t, err).Error(), "admin")
		assert.Empty(t, s.hits)
	}
}

// FuzzFile proves, for any name and content type: what is sent is a form of one
// file with that name, that type and that content, and nothing else.
func FuzzFile(f *testing.F) {
	for _, seed := range [][3]string{
		{"a.txt", "text/plain", "Hello"}, {`a "quoted" \ name.txt`, "text/plain; charset=utf-8", "--"}, {"größe\u2028.txt", "a/b", "\r\n--"},
		{"a\r\nX: y", "text/plain", "x"}, {"a", "text/plain\r\n\r\n", "x"}, {`\"`, `text/plain; a="\""`, "\x00"}, {"%0D%0A", "a/b", "x"},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
	f.Fuzz(func(t *testing.T, name, contentType, content string) {
		s := play(answer(200, good))
		file := call.File{Part: "file", Name: name, ContentType: contentType, Content: strings.NewReader(content), MaxMiB: 1}
		_, err := call.Do[thing, thingWire](t.Context(), s.client(), call.Post("Things.Upload", "/things"), file, nil)
		if err != nil {
			require.Empty(t, s.hits)
			return
		}
		_, params, err := mime.ParseMediaType(s.hits[0].header.Get("Content-Type"))
		require.NoError(t, err)
		form := multipart.NewReader(strings.NewReader(s.hits[0].body), params["boundary"])
		part, err := form.NextRawPart()
		require.NoError(t, err)
		disposition, fields, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
		require.NoError(t, err)
		require.Equal(t, "form-data", disposition)
		require.Equal(t, map[string]string{"name": "file", "filename": name}, fields)
		require.Equal(t, []string{strings.TrimSpace(contentType)}, part.Header["Content-Type"])
		require.Len(t, part.Header, 2)
		got, err := io.ReadAll(part)
		require.NoError(t, err)
		require.Equal(t, content, string(got))
		_, err = form.NextRawPart()
		require.Equal(t, io.EOF, err)
	})
}

// A field that the form has no place for is refused, not dropped.
func TestFileTakesNoBodyField(t *testing.T) {
	t.Parallel()
	s := play(answer(200, good))
	err := upload(t.Context(), s.client(), "a.txt", strings.NewReader("x"), option(func(s *api.CallSettings) {
		s.BodyFields = []api.BodyField{{Name: "tag", Value: "x"}}
	}))
	assert.Equal(t, "WithBodyField", failure(t, err).Field)
	assert.Empty(t, s.hits)
}

// A call that is refused for another reason leaves the reader alone.
func TestFileIsReadLast(t *testing.T) {
	t.Parallel()
	s := play(answer(200, good))
	content := strings.NewReader("Hello")
	file := call.File{Part: "file", Name: "a.txt", ContentType: "text/plain", Content: content, MaxMiB: 1}
	_, err := call.Do[thing, thingWire](t.Context(), s.client(), call.Post("Things.Upload", "/things/{id}", ""), file, nil)
	assert.Equal(t, "id", failure(t, err).Field)
	assert.Equal(t, 5, content.Len())
}

// zeros never ends.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
