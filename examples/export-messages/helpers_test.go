package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/orbittest"
)

// account is an account with messages, of which the newest has the highest number.
type account struct {
	*orbittest.Server

	newest int
}

func newAccount(t *testing.T, count int) *account {
	t.Helper()
	a := &account{Server: orbittest.New(t, orbittest.WithoutLimits(), orbittest.WithFullResponses())}
	a.receive(count)
	return a
}

// receive puts further messages into the account.
func (a *account) receive(count int) {
	for range count {
		a.newest++
		a.AddMessage(orbittest.Message{
			ID: fmt.Sprint("msg_", a.newest), Body: "<Hello>\nthere",
			CreatedAt: time.Date(2026, time.March, 8, 12, 0, a.newest, 0, time.UTC),
		})
	}
}

// ids are the IDs of the messages from one number down to another, as they are
// listed.
func ids(from, to int) []string {
	all := []string{}
	for n := from; n >= to; n-- {
		all = append(all, fmt.Sprint("msg_", n))
	}
	return all
}

// exported are the IDs in an output, which must be whole lines.
func exported(t *testing.T, text string) []string {
	t.Helper()
	all := []string{}
	for line := range strings.Lines(text) {
		require.True(t, strings.HasSuffix(line, "\n"), "a line that does not end: %s", line)
		var m messages.Message
		require.NoError(t, json.Unmarshal([]byte(line), &m), line)
		require.Contains(t, line, `"body":"<Hello>\nthere"`)
		all = append(all, m.ID)
	}
	return all
}

// attempt is one run of the export, with three messages a page.
func (a *account) attempt(t *testing.T, d disk, path string) error {
	t.Helper()
	e, err := open(d, path, state{From: placeSandbox})
	if err != nil {
		return err
	}
	defer e.file.Close()
	return e.run(t.Context(), a.Client().Messages, 3)
}

// folder is a folder of the real disk.
type folder string

func newFolder(t *testing.T) folder { return folder(t.TempDir()) }

func (f folder) path(name string) string { return filepath.Join(string(f), name) }

func (f folder) read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(f.path(name))
	require.NoError(t, err)
	return string(text)
}

func (f folder) write(t *testing.T, name, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(f.path(name), []byte(text), 0o600))
}

// names are the names in the folder.
func (f folder) names(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(string(f))
	require.NoError(t, err)
	names := []string{}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}
