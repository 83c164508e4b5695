package main

import (
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/orbittest"
)

// interrupted is a folder with an export that has kept two pages.
func interrupted(t *testing.T) (*account, folder) {
	t.Helper()
	a, f := newAccount(t, 10), newFolder(t)
	a.FailNext("GET /messages", orbittest.Pass(), orbittest.Pass(), orbittest.Fault{Status: 501})
	require.Error(t, a.attempt(t, osDisk{}, f.path("out")))
	return a, f
}

// What cannot be trusted is left as it is, with a word on what to do.
func TestRefusedStates(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		spoil func(*testing.T, folder)
		want  string
	}{
		"torn state":      {func(t *testing.T, f folder) { f.write(t, "out.state", f.read(t, "out.state")[:20]) }, "OUT.state is not the state of an export: unexpected end of JSON input"},
		"another file":    {func(t *testing.T, f folder) { f.write(t, "out.state", "id,to\n") }, "OUT.state is not the state of an export: invalid character 'i' looking for beginning of value"},
		"lost rows":       {func(t *testing.T, f folder) { require.NoError(t, os.Truncate(f.path("out"), 100)) }, "OUT has lost some of its rows: remove it and OUT.state to begin anew"},
		"lost output":     {func(t *testing.T, f folder) { require.NoError(t, os.Remove(f.path("out"))) }, "stat OUT: no such file or directory"},
		"no state":        {func(t *testing.T, f folder) { require.NoError(t, os.Remove(f.path("out.state"))) }, "OUT is there already, and not of an export that was interrupted: name another file with -out"},
		"another account": {func(t *testing.T, f folder) { f.write(t, "out.state", `{"from":"live","cursor":"c"}`) }, `OUT.state is of another export (live, channel ""): name another file with -out`},
		"another channel": {func(t *testing.T, f folder) { f.write(t, "out.state", `{"from":"sandbox","channel":"sms"}`) }, `OUT.state is of another export (sandbox, channel "sms"): name another file with -out`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name == "lost output" && runtime.GOOS == "windows" {
				t.Skip("Windows says it in other words")
			}
			a, f := interrupted(t)
			test.spoil(t, f)
			before := contents(t, f)
			asked := len(a.Requests())
			err := a.attempt(t, osDisk{}, f.path("out"))
			require.EqualError(t, err, strings.ReplaceAll(test.want, "OUT", f.path("out")))
			assert.Equal(t, before, contents(t, f))
			assert.Len(t, a.Requests(), asked)
		})
	}
}

// contents is all that a folder holds.
func contents(t *testing.T, f folder) map[string]string {
	t.Helper()
	all := make(map[string]string)
	for _, name := range f.names(t) {
		all[name] = f.read(t, name)
	}
	return all
}

// The state holds neither key nor messages, and nobody else can read the files.
func TestStateFile(t *testing.T) {
	t.Parallel()
	_, f := interrupted(t)
	assert.Regexp(t, `^\{"from":"sandbox","cursor":"cur_[\w-]+","length":\d+,"messages":6\}\n$`, f.read(t, "out.state"))
	for _, name := range f.names(t) {
		info, err := os.Stat(f.path(name))
		require.NoError(t, err)
		if runtime.GOOS != "windows" {
			assert.Equal(t, os.FileMode(0o600), info.Mode(), name)
		}
	}
}

func TestStateNamesTheChannel(t *testing.T) {
	t.Parallel()
	m := newModel()
	m.restart(allSurvives, lifetime)
	wanted := state{From: placeLive, Channel: messages.ChannelRCS}
	_, err := open(m, "out", wanted)
	require.NoError(t, err)
	again, err := open(m, "out", wanted)
	require.NoError(t, err)
	assert.Equal(t, wanted, again.state)
}
