//go:build unix

package project_test

import (
	"bufio"
	"io"
	"os/exec"
	"path/filepath"
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
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("there is no curl")
	}
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
				cmd := exec.CommandContext(t.Context(), "sh", "-c", strings.ReplaceAll(s.command, "http://127.0.0.1:8025", local.address))
				out, err := cmd.Output()
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

// local is an orbit-local that runs.
type local struct {
	cmd     *exec.Cmd
	out     *bufio.Reader
	address string
}

func startLocal(t *testing.T) local {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "orbit-local")
	compile := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "./orbittest/orbit-local")
	compile.Dir = root
	_, err := run(compile)
	require.NoError(t, err)

	l := local{cmd: exec.CommandContext(t.Context(), binary, "-addr", "127.0.0.1:0")}
	stdout, err := l.cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, l.cmd.Start())
	l.out = bufio.NewReader(stdout)
	greeting := ""
	for !strings.HasPrefix(greeting, "Requests") {
		greeting, err = l.out.ReadString('\n')
		require.NoError(t, err)
		if m := regexp.MustCompile(`ORBIT_BASE_URL=(\S+)/api/v1`).FindStringSubmatch(greeting); m != nil {
			l.address = m[1]
		}
	}
	return l
}

// stop ends the program, and returns what it printed behind its greeting.
func (l local) stop(t *testing.T) string {
	t.Helper()
	require.NoError(t, l.cmd.Process.Signal(syscall.SIGTERM))
	printed, err := io.ReadAll(l.out)
	require.NoError(t, err)
	require.NoError(t, l.cmd.Wait())
	return string(printed)
}
