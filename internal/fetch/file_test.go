package fetch_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/internal/fetch"
)

// LEAK-6: a page for people is no file, whether it says so or only looks so.
func TestPagesAreNoFiles(t *testing.T) {
	t.Parallel()
	const page = "\n <!DOCTYPE html><title>Sign in</title>"
	for name, r := range map[string]func() *http.Response{
		"says so":       func() *http.Response { return sends(200, whole, "Content-Type", "text/html; charset=utf-8") },
		"says so, XML":  func() *http.Response { return sends(200, whole, "Content-Type", "application/xhtml+xml") },
		"in upper case": func() *http.Response { return sends(200, whole, "Content-Type", "Text/HTML") },
		"looks so":      func() *http.Response { return sends(200, page, "Content-Type", "audio/wav") },
		"says nothing":  func() *http.Response { return sends(200, page) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := &network{responses: []any{r()}}
			var got bytes.Buffer
			err := open(t.Context(), n, fetch.Hosts{}, source(address)).CopyTo(&got, nil)
			assert.Equal(t, "the storage host sent a page of HTML in place of the thing", failure(t, err).Reason)
			assert.Empty(t, got.Bytes())
			assert.Len(t, n.hits, 1)
		})
	}
	for _, content := range []string{"", "<", "RIFF<!DOCTYPE html>", "<?xml version='1.0'?>", strings.Repeat("\x00", 513) + "<html>"} {
		got, err := io.ReadAll(open(t.Context(), &network{responses: []any{sends(200, content)}}, fetch.Hosts{}, source(address)))
		require.NoError(t, err)
		assert.Equal(t, content, string(got))
	}
}

// LEAK-6: what is compressed is neither passed off as the file, nor mixed with it.
func TestEncodedFiles(t *testing.T) {
	t.Parallel()
	const reason = "the storage host sent the thing compressed, although it was asked for as it is"
	for _, responses := range [][]any{
		{sends(200, whole, "Content-Encoding", "gzip")},
		{sends(200, whole, "Content-Encoding", "br")},
		{half(), rest("Content-Encoding", "gzip")},
		{half(), sends(200, whole, "Content-Encoding", "gzip")},
	} {
		n := &network{responses: responses}
		var got bytes.Buffer
		err := open(t.Context(), n, fetch.Hosts{}, source(address)).CopyTo(&got, nil)
		assert.Equal(t, reason, failure(t, err).Reason)
		assert.Len(t, n.hits, len(responses))
		assert.True(t, strings.HasPrefix(whole, got.String()))
	}
	got, err := io.ReadAll(open(t.Context(), &network{responses: []any{sends(200, whole, "Content-Encoding", "identity")}}, fetch.Hosts{}, source(address)))
	require.NoError(t, err)
	assert.Equal(t, whole, string(got))
}

// LEAK-6: an address that has expired, at the beginning or on the way, is asked for
// anew, once, and the download goes on where it was.
func TestExpiredAddress(t *testing.T) {
	t.Parallel()
	denied := func(status int) any { return func(*http.Request) *http.Response { return sends(status, "expired") } }
	for _, status := range []int{400, 401, 403, 404, 410} {
		for _, c := range []struct {
			name      string
			responses []any
			asked     []string // what the host was asked for
			failed    int      // 0 for a whole file
		}{
			{"at the beginning", []any{denied(status), sends(200, whole)}, []string{"", "again"}, 0},
			{"on the way", []any{half(), denied(status), rest()}, []string{"", " bytes=5-", "again bytes=5-"}, 0},
			{"for good", []any{denied(status)}, []string{"", "again"}, status},
			{"twice", []any{denied(status), half(), denied(status)}, []string{"", "again", "again bytes=5-"}, status},
		} {
			n := &network{responses: c.responses}
			var got bytes.Buffer
			f := open(t.Context(), n, fetch.Hosts{}, source(address))
			err := f.CopyTo(&got, nil)
			var asked []string
			for _, r := range n.hits {
				line := ""
				if strings.HasSuffix(r.URL.RawQuery, "&again") {
					line = "again"
				}
				if at := r.Header.Get("Range"); at != "" {
					line += " " + at
				}
				asked = append(asked, line)
			}
			assert.Equal(t, c.asked, asked, c.name)
			if c.failed == 0 {
				require.NoError(t, err, c.name)
				assert.Equal(t, whole, got.String())
				continue
			}
			assert.Equal(t, c.failed, failure(t, err).Status)
			assert.Equal(t, len(c.asked), failure(t, err).Requests)
		}
	}
}

// What asking for the address anew cannot mend.
func TestAddressIsNotRenewed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status  int
		change  func(*fetch.Source)
		renewed int
	}{
		"same address":  {403, func(s *fetch.Source) { s.Renew = func(context.Context) (string, error) { return address, nil } }, 1},
		"no address":    {403, func(s *fetch.Source) { s.Renew = func(context.Context) (string, error) { return "", errors.New("no") } }, 1},
		"no retries":    {403, func(s *fetch.Source) { s.Attempts = 1 }, 0},
		"other refusal": {405, func(*fetch.Source) {}, 0},
		"other success": {204, func(*fetch.Source) {}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := &network{responses: []any{sends(c.status, "")}}
			s, renewed := source(address), 0
			c.change(&s)
			renew := s.Renew
			s.Renew = func(ctx context.Context) (string, error) { renewed++; return renew(ctx) }
			err := open(t.Context(), n, fetch.Hosts{}, s).Connect()
			assert.Equal(t, c.status, failure(t, err).Status)
			assert.Len(t, n.hits, 1)
			assert.Equal(t, c.renewed, renewed)
		})
	}
}

// A renewed address is as foreign as the first one.
func TestRenewedAddressIsChecked(t *testing.T) {
	t.Parallel()
	s := source(address)
	s.Renew = func(context.Context) (string, error) { return "https://127.0.0.1/rec", nil }
	n := &network{responses: []any{sends(403, "")}}
	require.ErrorIs(t, open(t.Context(), n, fetch.Hosts{}, s).Connect(), fetch.ErrPrivate)
	assert.Len(t, n.hits, 1)
}

// LEAK-6: where the download has to begin anew, nothing that was in the file behind
// it is cut off, nor what was there before it.
func TestNothingIsCutOff(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, before, behind string
		whole                bool
	}{
		{"empty file", "", "", true},
		{"behind something", "kept ", "", true},
		{"in front of something", "", strings.Repeat("x", 8) + " kept", false},
		{"between something", "kept ", strings.Repeat("x", 8) + " kept", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			name := filepath.Join(t.TempDir(), "file")
			require.NoError(t, os.WriteFile(name, []byte(c.before+c.behind), 0o600))
			file, err := os.OpenFile(name, os.O_RDWR, 0)
			require.NoError(t, err)
			defer file.Close() //nolint:errcheck // it is read below
			_, err = file.Seek(int64(len(c.before)), io.SeekStart)
			require.NoError(t, err)

			n := &network{responses: []any{half(), sends(200, "another")}}
			err = open(t.Context(), n, fetch.Hosts{}, source(address)).CopyTo(file, nil)
			got, readErr := os.ReadFile(name)
			require.NoError(t, readErr)
			if c.whole {
				require.NoError(t, err)
				assert.Equal(t, c.before+"another", string(got))
				return
			}
			assert.Contains(t, failure(t, err).Reason, "what was received cannot be taken back")
			assert.Equal(t, c.before+whole[:5]+c.behind[5:], string(got))
			at, err := file.Seek(0, io.SeekCurrent)
			require.NoError(t, err)
			assert.Equal(t, int64(len(c.before)+5), at, "it stays where it was")
		})
	}
}
