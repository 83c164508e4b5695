package bulk

import (
	"errors"
	"os"
	"syscall"
	"unsafe"
)

// Flags and errors of LockFileEx.
const (
	lockFailImmediately = 1
	lockExclusive       = 2
	errLockViolation    = syscall.Errno(33)
	// lockedByte is far behind all data: a locked range cannot be read by others.
	lockedByte = 1 << 30
)

// lock keeps others out of the file until it is closed, also by the end of the
// process.
func lock(f *os.File) error {
	lockFileEx := syscall.NewLazyDLL("kernel32.dll").NewProc("LockFileEx")
	at := syscall.Overlapped{OffsetHigh: lockedByte}
	ok, _, err := lockFileEx.Call(f.Fd(), lockExclusive|lockFailImmediately, 0, 1, 0, uintptr(unsafe.Pointer(&at))) //nolint:gosec // as the call wants it
	switch {
	case ok != 0:
		return nil
	case errors.Is(err, errLockViolation):
		return ErrLocked
	default:
		return err
	}
}

// unlock has nothing to do: closing the file unlocks it.
func unlock(*os.File) error { return nil }
