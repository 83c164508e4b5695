//go:build unix && !aix && !solaris

package bulk

import (
	"errors"
	"os"
	"syscall"
)

// lock keeps others out of the file until it is closed, also by the end of the
// process.
func lock(f *os.File) error {
	// A child of this process that has been forked and has not been executed yet still
	// holds the files that were open, those closed since included.
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) //nolint:gosec // a descriptor fits
		switch {
		case errors.Is(err, syscall.EINTR):
		case errors.Is(err, syscall.EWOULDBLOCK):
			return ErrLocked
		default:
			return err
		}
	}
}

// unlock lets others in, although a child process that is just being started may have
// the file for a moment longer.
func unlock(f *os.File) error {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_UN) //nolint:gosec // a descriptor fits
}
