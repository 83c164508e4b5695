//go:build unix

package project_test

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What pages show of a local Orbit is what happens. The commands of a page, run one
// after the other against a server that has just been started, print what stands
// below them, where "…" is anything; and what the server prints meanwhile is a
// block of text on the page.
func TestTranscripts(t *testing.T) {
	slow(t)
	t.Parallel()
	needsCurl(t)
	const starts = "go run ./orbittest/orbit-local"
	for page, text := range pages(t) {
		steps := transcript(blocks(page, text, "console"))
		if len(steps) == 0 {
			continue
		}
		t.Run(page, func(t *testing.T) {
			require.Equal(t, starts, steps[0].command)
			local := startLocal(t)
			for _, s := range steps[1:] {
				out, err := local.shell(t, s.command).Output()
				require.NoError(t, err, s.command)
				assert.Regexp(t, anything(s.output), strings.TrimSpace(string(out)), s.command)
			}
			var logs []string
			for _, b := range blocks(page, text, "text") {
				logs = append(logs, b.code)
			}
			if printed := local.stop(t); printed != "" {
				assert.Contains(t, logs, printed)
			}
		})
	}
}

// step is a command in a transcript, with what it prints.
type step struct{ command, output string }

// transcript reads blocks in which commands follow a dollar.
func transcript(shown []snippet) []step {
	var steps []step
	for _, s := range shown {
		for line := range strings.Lines(s.code) {
			if command, ok := strings.CutPrefix(line, "$ "); ok {
				steps = append(steps, step{command: strings.TrimSpace(command)})
			} else if len(steps) > 0 {
				steps[len(steps)-1].output += line
			}
		}
	}
	return steps
}

// anything matches a text in which "…" stands for anything.
func anything(text string) *regexp.Regexp {
	quoted := regexp.QuoteMeta(strings.TrimSpace(text))
	return regexp.MustCompile("^" + strings.ReplaceAll(quoted, "…", ".*") + "$")
}

// A server is a program that runs until it is stopped.
type server struct {
	cmd     *exec.Cmd
	out     *bufio.Reader
	address string // as in http://127.0.0.1:8025
}

// serve starts a program, reads what it prints up to a line with the given
// beginning, and takes the address from it.
func serve(t *testing.T, greeting string, cmd *exec.Cmd) server {
	t.Helper()
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	s := server{cmd: cmd, out: bufio.NewReader(stdout)}
	for line := ""; !strings.HasPrefix(line, greeting); {
		line, err = s.out.ReadString('\n')
		require.NoError(t, err)
		if m := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(line); s.address == "" {
			s.address = m
		}
	}
	return s
}

func startLocal(t *testing.T, args ...string) server {
	t.Helper()
	binary := build(t, "./orbittest/orbit-local")
	return serve(t, "Requests", exec.CommandContext(t.Context(), binary, append([]string{"-addr", "127.0.0.1:0"}, args...)...))
}

// shell is a command of a page that talks to a local Orbit, with this one's address.
func (s server) shell(t *testing.T, command string) *exec.Cmd {
	t.Helper()
	return exec.CommandContext(t.Context(), "sh", "-c", strings.ReplaceAll(command, "http://127.0.0.1:8025", s.address))
}

func needsCurl(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("there is no curl")
	}
}

// stop ends the program, and returns what it printed behind its greeting.
func (s server) stop(t *testing.T) string {
	t.Helper()
	require.NoError(t, s.cmd.Process.Signal(syscall.SIGTERM))
	printed, err := io.ReadAll(s.out)
	require.NoError(t, err)
	require.NoError(t, s.cmd.Wait())
	return string(printed)
}

// The three commands with which docs/webhooks.md tries a receiver out: what is sent
// to the local Orbit is reported to the program of the example.
func TestReceiverOnThisMachine(t *testing.T) {
	slow(t)
	t.Parallel()
	needsCurl(t)
	receiver := exec.CommandContext(t.Context(), build(t, "./examples/webhook-server"), "-addr", "127.0.0.1:0")
	receiver.Env = append(os.Environ(), "ORBIT_WEBHOOK_SECRET=whsec_local")
	reports := serve(t, "listening", receiver)
	local := startLocal(t, "-webhook", reports.address+"/orbit")
	require.NoError(t, local.shell(t, receiverCommands(t)[2]).Run())
	for line := ""; !strings.Contains(line, ": delivered\n"); {
		var err error
		line, err = reports.out.ReadString('\n')
		require.NoError(t, err, "nothing was reported")
	}
	assert.Contains(t, local.stop(t), "POST /messages/sms 202 ")
	reports.stop(t)
}
