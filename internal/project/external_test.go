package project_test

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// installCommand is how the README says the SDK is installed.
const installCommand = "go get " + modulePath + "@latest"

// user is somebody with a module of his own, who has the SDK from a proxy.
type user struct {
	dir string
	env []string
}

// quiet says that nothing else runs meanwhile, so that costs can be measured.
var quiet = flag.Bool("alone", false, "measure what a build costs")

// newUser makes an empty module. It finds the SDK on a proxy on disk, and other
// modules where the go command has them already: nothing asks a network, but that
// the first command fetches the go.mod files that no build of this module needed.
func newUser(t *testing.T) *user {
	t.Helper()
	graph := exec.CommandContext(t.Context(), "go", "mod", "graph")
	graph.Dir = root
	_, err := run(graph)
	require.NoError(t, err)
	cache, err := run(exec.CommandContext(t.Context(), "go", "env", "GOMODCACHE"))
	require.NoError(t, err)
	downloads := fileURL(filepath.Join(strings.TrimSpace(cache), "cache", "download"))
	u := &user{dir: t.TempDir(), env: append(os.Environ(),
		"GOPROXY="+serveFromDisk(t)+","+downloads, "GOMODCACHE="+t.TempDir(), "GOSUMDB=off", "GONOPROXY=none", "GOPRIVATE=",
		"GOFLAGS=-mod=mod -modcacherw", "GOTOOLCHAIN=local", "GOWORK=off",
	)}
	u.must(t, "go", "mod", "init", "example.com/shop")
	return u
}

// must runs a command in the user's module and returns what it prints.
func (u *user) must(t *testing.T, words ...string) string {
	t.Helper()
	out, err := run(u.command(t, words...))
	require.NoError(t, err)
	return out
}

func (u *user) command(t *testing.T, words ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), words[0], words[1:]...)
	cmd.Dir, cmd.Env = u.dir, u.env
	return cmd
}

// write puts a program into the user's module.
func (u *user) write(t *testing.T, name, text string) {
	t.Helper()
	dir := filepath.Join(u.dir, name)
	require.NoError(t, os.MkdirAll(dir, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "main.go"), []byte(text), 0o600))
}

// build builds one of the user's programs and returns where it is.
func (u *user) build(t *testing.T, name string, flags ...string) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), name+".exe")
	u.must(t, append(append([]string{"go", "build", "-o", binary}, flags...), "./"+name)...)
	return binary
}

// VER-5 and what follows from it: somebody who does what the README says has a
// program that builds, runs, links what it should, and is small.
func TestExternalProgram(t *testing.T) {
	slow(t)
	t.Parallel()
	readme := contents(t, "README.md")
	require.Contains(t, readme, "```sh\n"+installCommand+"\n```")
	program := blocks("README.md", readme, "go")[0]
	require.True(t, program.isProgram())

	u := newUser(t)
	u.must(t, strings.Fields(installCommand)...)
	u.write(t, "sms", program.code)
	for _, name := range []string{"byhand", "interface", "receiver", "guesses"} {
		u.write(t, name, contents(t, "internal/project/testdata/programs/"+name+"/main.go"))
	}
	t.Run("runs", func(t *testing.T) {
		assert.Regexp(t, `^msg_\S+ queued\n$`, runProgram(t, u.build(t, "sms")))
	})
	t.Run("compiles what readers guessed", func(t *testing.T) { u.must(t, "go", "vet", "./guesses") })
	t.Run("links few modules", u.linksFewModules)
	t.Run("links no method that is not called", u.linksCalledMethodsOnly)
	t.Run("a receiver links no service", u.receiverLinksNoService)
	t.Run("is small", u.isSmall)
	t.Run("builds quickly", u.buildsQuickly)
}
