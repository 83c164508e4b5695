//go:build unix

package main

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// build builds the program and returns where it is.
func build(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "orbit-local")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, ".").CombinedOutput()
	require.NoError(t, err, "%s", out)
	return binary
}

// The program as people run it: the commands that it prints work, word for word,
// and a signal ends it in peace.
func TestProgram(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds a program: skipped by -short")
	}
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("there is no curl")
	}
	binary := build(t)
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			var errs bytes.Buffer
			cmd := exec.CommandContext(t.Context(), binary, "-addr", "127.0.0.1:0")
			cmd.Stderr = &errs
			stdout, err := cmd.StdoutPipe()
			require.NoError(t, err)
			require.NoError(t, cmd.Start())
			out := bufio.NewReader(stdout)

			answers := tryOut(t, out)
			require.NoError(t, cmd.Process.Signal(signal))
			rest, err := io.ReadAll(out)
			require.NoError(t, err)
			require.NoError(t, cmd.Wait(), "%s", &errs)
			assert.Empty(t, errs.String())
			assert.Equal(t, "POST /messages/sms 202 req_1000001\nGET /messages 200 req_1000003\n", string(rest))
			assert.Contains(t, answers[0], `"status":"queued"`)
			assert.Contains(t, answers[1], `"total":1`)
		})
	}
}

// tryOut runs the commands of the greeting, and returns what they print.
func tryOut(t *testing.T, out *bufio.Reader) []string {
	t.Helper()
	var answers []string
	for {
		text, err := out.ReadString('\n')
		require.NoError(t, err)
		switch {
		case strings.HasPrefix(text, "  curl "):
			cmd := exec.CommandContext(t.Context(), "sh", "-c", strings.TrimSpace(text))
			answer, err := cmd.Output()
			require.NoError(t, err, text)
			answers = append(answers, string(answer))
		case strings.HasPrefix(text, "Requests"):
			return answers
		}
	}
}
