package fetch

import (
	"io"

	"github.com/devotel/orbit-go/api"
)

// errKept is what cannot be taken back.
const errKept = api.Sentinel("the writer keeps what it has")

// takeBack removes the last n bytes from a writer that lets it: a file, or a
// buffer. What somebody has behind them in a file is not ours to cut off.
func takeBack(w io.Writer, n int64) error {
	switch w := w.(type) {
	case interface {
		io.Seeker
		Truncate(size int64) error
	}:
		at, err := w.Seek(0, io.SeekCurrent)
		if err != nil {
			return err
		}
		end, err := w.Seek(0, io.SeekEnd)
		if err != nil {
			return err
		}
		if end != at || at < n {
			_, _ = w.Seek(at, io.SeekStart) // where it was
			return errKept
		}
		if err := w.Truncate(at - n); err != nil {
			return err
		}
		_, err = w.Seek(at-n, io.SeekStart)
		return err
	case interface {
		Len() int
		Truncate(n int)
	}:
		if int64(w.Len()) < n {
			return errKept
		}
		w.Truncate(w.Len() - int(n))
		return nil
	}
	return errKept
}
