//go:build unix && !aix && !solaris

package bulk

import (
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// A job that was closed can be opened at once, even while a child process that is being
// started has its file for a moment.
func TestCloseUnlocks(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "job")
	job, err := Open(path)
	require.NoError(t, err)
	inherited, err := syscall.Dup(int(job.file.Fd()))
	require.NoError(t, err)
	defer syscall.Close(inherited) //nolint:errcheck // a copy for this test
	require.NoError(t, job.Close())
	job, err = Open(path)
	require.NoError(t, err)
	require.NoError(t, job.Close())
}
