package bulk

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/devotel/orbit-go/api"
)

const (
	// ErrLocked is returned by [Open] when another process, or another Job of this
	// one, has the journal open.
	ErrLocked = api.Sentinel("bulk: the journal is in use by another job")
	// ErrNoLocks is returned by [Open] on systems where it cannot lock a file.
	ErrNoLocks = api.Sentinel("bulk: this system offers no file locks, so a second process could not be kept out")
	// ErrClosed is returned by a Job that was closed.
	ErrClosed = api.Sentinel("bulk: the job is closed")
)

// file is the part of an *os.File that a journal uses.
type file interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
	Sync() error
	Truncate(size int64) error
}

// journal is an open file that many goroutines append to. Those that come while one
// writes are written together by the next.
type journal struct {
	file file
	id   []byte

	mu    sync.Mutex
	batch *batch // not being written yet
	err   error  // of the first write that failed; none is made after it

	writing sync.Mutex
	end     int64 // guarded by writing
}

// batch is the body of the next frame.
type batch struct {
	body []byte
	done chan struct{}
	at   int64 // where its body begins, once done
	err  error
}

// append writes a record, and returns its offset once it is durable.
func (j *journal) append(r *record) (offset int64, err error) {
	j.mu.Lock()
	if j.err != nil {
		defer j.mu.Unlock()
		return 0, j.err
	}
	if j.batch == nil || len(j.batch.body) > maxFrame/2 {
		j.batch = &batch{done: make(chan struct{})}
	}
	b, at := j.batch, len(j.batch.body)
	b.body = appendRecord(b.body, r)
	j.mu.Unlock()
	if at == 0 {
		j.write(b)
	} else {
		<-b.done
	}
	return b.at + int64(at), b.err
}

// write writes a batch; the first of it does, when the batch before is durable.
func (j *journal) write(b *batch) {
	j.writing.Lock()
	defer j.writing.Unlock()
	j.mu.Lock()
	if j.batch == b {
		j.batch = nil
	}
	j.mu.Unlock()
	b.at, b.err = j.writeFrame(b.body)
	close(b.done)
}

// appendAll writes many records in one go, and returns the offset of each.
func (j *journal) appendAll(records []record) (offsets []int64, err error) {
	j.writing.Lock()
	defer j.writing.Unlock()
	err = j.stopped()
	for len(records) > 0 && err == nil {
		var body []byte
		first := len(offsets)
		for len(records) > 0 && len(body) < maxFrame/2 {
			offsets = append(offsets, int64(len(body)))
			body = appendRecord(body, &records[0])
			records = records[1:]
		}
		var at int64
		at, err = j.writeFrame(body)
		for i := first; i < len(offsets); i++ {
			offsets[i] += at
		}
	}
	return offsets, err
}

// stop lets nothing be written any more, because of err.
func (j *journal) stop(err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.err = err
}

func (j *journal) stopped() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.err
}

// writeFrame makes a frame durable and returns the offset of its body. After the first
// failure it writes nothing.
func (j *journal) writeFrame(body []byte) (at int64, err error) {
	if err := j.stopped(); err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			j.stop(err)
		}
	}()
	var frame []byte
	if j.end == 0 {
		frame = journalHeader(j.id)
	}
	at = j.end + int64(len(frame)+frameHead)
	frame = appendFrame(frame, body)
	if _, err := j.file.WriteAt(frame, j.end); err != nil {
		return 0, err
	}
	if err := j.file.Sync(); err != nil {
		return 0, err
	}
	j.end += int64(len(frame))
	return at, nil
}

// read returns the record at an offset.
func (j *journal) read(offset int64) (record, error) {
	buffer := make([]byte, 512)
	for {
		n, err := j.file.ReadAt(buffer, offset)
		if r, size := decodeRecord(buffer[:n]); size > 0 {
			return r, nil
		}
		if err != nil || len(buffer) > maxFrame {
			return record{}, errors.Join(errDamaged, err)
		}
		buffer = make([]byte, 4*len(buffer))
	}
}

const errDamaged = api.Sentinel("bulk: the journal has changed while it was open")

// openFile opens and locks a journal's file, and makes it durable if it is new.
func openFile(path string) (*os.File, int64, error) {
	for {
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // the user's own path
		if err != nil {
			return nil, 0, err
		}
		if err := lock(f); err != nil {
			return nil, 0, errors.Join(err, f.Close())
		}
		opened, err := f.Stat()
		if err != nil {
			return nil, 0, errors.Join(err, f.Close())
		}
		// Another process may have replaced the file between the two steps.
		if now, err := os.Stat(path); err == nil && os.SameFile(opened, now) {
			if err := syncFolder(path); err != nil {
				return nil, 0, errors.Join(err, f.Close())
			}
			return f, opened.Size(), nil
		} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, 0, errors.Join(err, f.Close())
		}
		if err := f.Close(); err != nil {
			return nil, 0, err
		}
	}
}

// syncFolder makes the name of a file durable, where folders can be synced.
func syncFolder(path string) error {
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	_ = folder.Sync() // some systems cannot
	return folder.Close()
}
