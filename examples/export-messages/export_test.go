package main

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/orbittest"
)

func TestExport(t *testing.T) {
	t.Parallel()
	for _, count := range []int{0, 1, 3, 4, 10} {
		f := newFolder(t)
		a := newAccount(t, count)
		require.NoError(t, a.attempt(t, osDisk{}, f.path("out")))
		assert.Equal(t, ids(count, 1), exported(t, f.read(t, "out")))
		assert.Equal(t, []string{"out"}, f.names(t))
		assert.Len(t, a.Requests(), max(1, (count+2)/3))
	}
}

// A list that leads nowhere, or back, ends the export before a page of it is kept,
// and a later run goes on.
func TestListThatIsLost(t *testing.T) {
	t.Parallel()
	for _, fault := range []orbittest.PageFault{orbittest.PageWithoutCursor, orbittest.PageRepeatsCursor} {
		a, f := newAccount(t, 10), newFolder(t)
		a.FailNext("GET /messages", orbittest.Pass(), orbittest.Fault{Page: fault})
		require.EqualError(t, a.attempt(t, osDisk{}, f.path("out")), "the list does not say where it goes on: nothing of this page was kept")
		assert.Equal(t, ids(10, 8), exported(t, f.read(t, "out")))
		require.NoError(t, a.attempt(t, osDisk{}, f.path("out")))
		assert.Equal(t, ids(10, 1), exported(t, f.read(t, "out")))
	}
}

func TestEmptyPage(t *testing.T) {
	t.Parallel()
	a, f := newAccount(t, 5), newFolder(t)
	a.FailNext("GET /messages", orbittest.Pass(), orbittest.Fault{Page: orbittest.PageEmpty}, orbittest.Fault{Status: 501})
	var refused *orbit.Error
	require.ErrorAs(t, a.attempt(t, osDisk{}, f.path("out")), &refused)
	require.NoError(t, a.attempt(t, osDisk{}, f.path("out")))
	assert.Equal(t, ids(5, 1), exported(t, f.read(t, "out")))
}

// broken is a disk that fails one kind of operation, and its files.
type broken struct {
	osDisk

	operation string
}

var errDisk = errors.New("no space left on device")

func (b broken) rename(from, to string) error {
	if b.operation == "rename" {
		return errDisk
	}
	return b.osDisk.rename(from, to)
}

func (b broken) open(name string) (file, error) {
	f, err := b.osDisk.open(name)
	return brokenFile{f, b.operation}, err
}

type brokenFile struct {
	file

	operation string
}

func (b brokenFile) Write(p []byte) (int, error) {
	if b.operation == "write" {
		return 0, errDisk
	}
	return b.file.Write(p)
}

func (b brokenFile) Sync() error {
	if b.operation == "sync" {
		return errDisk
	}
	return b.file.Sync()
}

func (b brokenFile) Truncate(size int64) error {
	if b.operation == "truncate" {
		return errDisk
	}
	return b.file.Truncate(size)
}

// A disk that is full ends the export at once, and the next run goes on.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	for _, operation := range []string{"rename", "write", "sync", "truncate"} {
		a, f := newAccount(t, 10), newFolder(t)
		require.ErrorIs(t, a.attempt(t, broken{operation: operation}, f.path("out")), errDisk, operation)
		assert.LessOrEqual(t, len(a.Requests()), 1, operation)
		require.NoError(t, a.attempt(t, osDisk{}, f.path("out")))
		assert.Equal(t, ids(10, 1), exported(t, f.read(t, "out")), operation)
	}
}
