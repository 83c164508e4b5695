package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/orbittest"
)

// TestMain makes the test binary the program itself for TestKilledProcess.
func TestMain(m *testing.M) {
	if os.Getenv("EXPORT_MESSAGES_TEST_CHILD") != "" {
		main()
	}
	os.Exit(m.Run())
}

// lifetime is more operations than an export needs.
const lifetime = 1000

// operations counts what an uninterrupted export of so many messages does to a disk.
func operations(t *testing.T, messages int) int {
	t.Helper()
	m := newModel()
	m.restart(allSurvives, lifetime)
	require.NoError(t, newAccount(t, messages).attempt(t, m, "out"))
	return lifetime - m.left
}

// PAG-6: whatever an export does when the machine fails, and when it fails once
// more while the export is resumed, and whatever a failure leaves of what was not
// yet on disk: in the end each message is in the output once, in its place, and
// nothing else is left.
func TestCrashAnywhere(t *testing.T) {
	t.Parallel()
	const count, arrive = 8, 2
	for _, s := range []survival{allSurvives, noneSurvives, halfSurvives} {
		t.Run(string(s), func(t *testing.T) {
			t.Parallel()
			all := operations(t, count)
			for first := range all {
				for second := 0; second < all; second += 3 {
					a, m := newAccount(t, count), newModel()
					m.restart(s, first)
					require.ErrorIs(t, a.attempt(t, m, "out"), crash)
					a.receive(arrive)
					m.restart(s, second)
					err := a.attempt(t, m, "out")
					if err == nil {
						second = all // fewer operations were left than that
					} else {
						require.ErrorIs(t, err, crash, "crashes at %d and %d", first, second)
						m.restart(s, lifetime)
						require.NoError(t, a.attempt(t, m, "out"), "crashes at %d and %d", first, second)
					}
					requireWhole(t, m, count, arrive)
				}
			}
		})
	}
}

// requireWhole proves that all messages were exported once. Those that arrived
// after the first crash may be missing, as long as all of them are.
func requireWhole(t *testing.T, m *model, count, arrived int) {
	t.Helper()
	require.Equal(t, []string{"out"}, m.names())
	m.restart(noneSurvives, 0)
	got := exported(t, string(m.files["out"].data))
	if !slices.Equal(got, ids(count+arrived, 1)) {
		require.Equal(t, ids(count, 1), got)
	}
}

// PAG-6: the real thing. The program is killed, by a signal that it cannot catch,
// behind each of its pages, and goes on each time where it was.
func TestKilledProcess(t *testing.T) {
	t.Parallel()
	const count, pages = 450, 5
	a, f := newAccount(t, count), newFolder(t)
	for run := range pages {
		last := run == pages-1
		var asked atomic.Int64
		var child *exec.Cmd
		ready := make(chan struct{})
		listener := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			<-ready
			// The second page is asked for once the first one is kept.
			if asked.Add(1) == 2 && !last {
				assert.NoError(t, child.Process.Kill())
				return
			}
			a.ServeHTTP(w, r)
		}))
		program, err := os.Executable()
		require.NoError(t, err)
		child = exec.CommandContext(t.Context(), program, "-out", f.path("out"))
		child.Env = append(os.Environ(), "EXPORT_MESSAGES_TEST_CHILD=1",
			orbit.EnvAPIKey+"="+orbittest.DefaultAPIKey, orbit.EnvBaseURL+"="+listener.URL+"/api/v1")
		require.NoError(t, child.Start())
		close(ready)
		err = child.Wait()
		listener.Close()
		require.Equal(t, last, err == nil, "killed, but for the last time")
	}
	assert.Equal(t, ids(count, 1), exported(t, f.read(t, "out")))
	assert.Equal(t, []string{"out"}, f.names(t))
	assert.Len(t, a.Requests(), pages, "no page was fetched twice")
}

// What a crash may leave behind is cut off, or not looked at.
func TestLeftovers(t *testing.T) {
	t.Parallel()
	a, f := newAccount(t, 10), newFolder(t)
	a.FailNext("GET /messages", orbittest.Pass(), orbittest.Pass(), orbittest.Fault{Status: 501})
	require.Error(t, a.attempt(t, osDisk{}, f.path("out")))
	whole := f.read(t, "out")
	assert.Equal(t, ids(10, 5), exported(t, whole))
	for _, torn := range []string{"", "{", whole[:len(whole)/2+3], "\x00\x00\x00"} {
		f.write(t, "out", whole+torn)
		f.write(t, "out.state.new", `{"cursor":"cur_`)
		a.FailNext("GET /messages", orbittest.Fault{Status: 501})
		require.Error(t, a.attempt(t, osDisk{}, f.path("out")))
		assert.Equal(t, whole, f.read(t, "out"))
	}
	require.NoError(t, a.attempt(t, osDisk{}, f.path("out")))
	assert.Equal(t, ids(10, 1), exported(t, f.read(t, "out")))
	assert.True(t, strings.HasPrefix(f.read(t, "out"), whole), "what was kept is not touched")
	assert.Equal(t, []string{"out"}, f.names(t))
}
