package main

import (
	"bufio"
	"bytes"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/orbittest"
)

// BULK-1: over TCP, against the program orbit-local, whose lists show what is printed and
// no more: a campaign that is killed, and run again, reaches every customer once.
func TestKilledOverTCP(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds orbit-local")
	}
	const rows = 1500
	base, sends := startLocal(t)
	journal := filepath.Join(t.TempDir(), "journal")

	var out bytes.Buffer
	killed := process(t, &out, base, rows, journal)
	require.NoError(t, killed.Start())
	for range rows / 2 {
		<-sends
	}
	require.NoError(t, killed.Process.Kill())
	require.Error(t, killed.Wait(), out.String())

	go func() {
		for range sends { // nobody waits for them
		}
	}()
	out.Reset()
	require.NoError(t, process(t, &out, base, rows, journal).Run(), out.String())
	assert.Regexp(t, ` 0 rejected, 0 unclear\n`, out.String())

	client, err := orbit.NewClient(orbittest.DefaultAPIKey, orbit.WithBaseURL(base))
	require.NoError(t, err)
	got := map[string]bool{}
	for m, err := range client.Messages.All(t.Context(), messages.ListParams{Limit: 200}) {
		require.NoError(t, err)
		got[m.ID] = true
	}
	assert.Len(t, got, rows, "each row has a result, and there are no more messages than rows")
}

// startLocal runs orbit-local, and returns its base URL and a value for each send that it
// prints.
func startLocal(t *testing.T) (base string, sends <-chan string) {
	t.Helper()
	program := filepath.Join(t.TempDir(), "orbit-local")
	built, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "../../orbittest/orbit-local").CombinedOutput()
	require.NoError(t, err, string(built))
	local := exec.CommandContext(t.Context(), program, "-addr", "127.0.0.1:0", "-no-limits")
	stdout, err := local.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, local.Start())
	t.Cleanup(func() {
		_ = local.Process.Kill()
		_ = local.Wait()
	})
	lines := bufio.NewScanner(stdout)
	for base == "" {
		require.True(t, lines.Scan(), "no address was printed")
		if m := regexp.MustCompile(`ORBIT_BASE_URL=(\S+)`).FindStringSubmatch(lines.Text()); m != nil {
			base = m[1]
		}
	}
	posts := make(chan string)
	go func() {
		defer close(posts)
		for lines.Scan() {
			if strings.Contains(lines.Text(), "/messages/sms") {
				posts <- lines.Text()
			}
		}
	}()
	return base, posts
}
