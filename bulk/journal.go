package bulk

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
)

// A journal is a header (magic, version, the journal's ID) and frames (mark, length of
// the body, its checksum, the body, which is records). A frame is what one write and one
// sync made durable before the next one began: one that is cut short or torn is therefore
// the last, and its records were never relied on. Anything else is damage.
const (
	journalMagic   = "orbit bulk journal\n"
	journalVersion = 1
	journalIDSize  = 8
	headerSize     = len(journalMagic) + 1 + journalIDSize
	frameMark      = "\xf0\x9d\x84orb"
	frameHead      = len(frameMark) + 8
	// maxFrame bounds the body of a frame, so that a damaged length asks for no absurd
	// amount of memory.
	maxFrame = 1 << 20
)

// JournalError reports a journal that cannot be used as it is.
type JournalError struct {
	// Path is the file.
	Path string
	// Offset is the place of the damage, in bytes from the beginning.
	Offset int64
	// Reason says what is wrong.
	Reason string
}

// Error is one line for a person.
func (e *JournalError) Error() string {
	return fmt.Sprintf("bulk: journal %s, at byte %d: %s", e.Path, e.Offset, e.Reason)
}

// journalHeader is the head of a journal. The ID keeps the rows of two journals apart
// that have the same keys.
func journalHeader(id []byte) []byte {
	return append(append([]byte(journalMagic), journalVersion), id...)
}

// appendFrame appends a frame that holds the records of body.
func appendFrame(to, body []byte) []byte {
	to = append(to, frameMark...)
	to = binary.LittleEndian.AppendUint32(to, uint32(len(body))) //nolint:gosec // at most maxFrame
	to = binary.LittleEndian.AppendUint32(to, checksum(body))
	return append(to, body...)
}

func checksum(body []byte) uint32 { return crc32.Checksum(body, crc32.MakeTable(crc32.Castagnoli)) }

// readHeader returns the ID of a journal, nil if it has none yet.
func readHeader(file io.ReaderAt, path string) (id []byte, err error) {
	head := make([]byte, headerSize)
	n, err := file.ReadAt(head, 0)
	start := journalHeader(nil)
	switch known := min(n, len(start)); {
	case err != nil && err != io.EOF: //nolint:errorlint // a reader's end is never wrapped
		return nil, err
	case string(head[:min(n, len(journalMagic))]) != journalMagic[:min(n, len(journalMagic))]:
		return nil, &JournalError{Path: path, Reason: "the file is not a journal"}
	case !bytes.Equal(head[:known], start[:known]):
		return nil, &JournalError{
			Path: path, Offset: int64(len(journalMagic)),
			Reason: fmt.Sprintf("version %d, but this program reads version %d", head[len(journalMagic)], journalVersion),
		}
	case n < headerSize:
		return nil, nil // new, or torn before its first frame
	}
	return head[len(start):], nil
}

// readJournal calls f with each record behind the header and its offset. It returns
// where the last whole frame ends. What follows there is a torn frame, which the next
// write replaces.
func readJournal(file io.ReaderAt, size int64, path string, f func(offset int64, r record)) (end int64, err error) {
	damaged := func(offset int64, reason string) error {
		return &JournalError{Path: path, Offset: offset, Reason: reason}
	}
	end = int64(headerSize)
	for end < size {
		body, ok, err := readFrame(file, end, size)
		if err != nil {
			return end, err
		}
		if !ok {
			if next, err := findFrame(file, end+1, size); next >= 0 || err != nil {
				return end, cmp.Or(err, damaged(end, fmt.Sprintf("the data is damaged up to byte %d; restore the file from a copy", next)))
			}
			return end, nil
		}
		for at := 0; at < len(body); {
			r, n := decodeRecord(body[at:])
			if n <= 0 {
				return end, damaged(end+int64(frameHead+at), "a record cannot be read; it may have been written by a newer program")
			}
			f(end+int64(frameHead+at), r)
			at += n
		}
		end += int64(frameHead + len(body))
	}
	return end, nil
}

// readFrame reads the body of the frame at an offset. It reports false where there is
// no whole frame.
func readFrame(file io.ReaderAt, at, size int64) (body []byte, ok bool, err error) {
	if size-at < int64(frameHead) {
		return nil, false, nil
	}
	head := make([]byte, frameHead)
	if _, err := file.ReadAt(head, at); err != nil {
		return nil, false, err
	}
	length := binary.LittleEndian.Uint32(head[len(frameMark):])
	if string(head[:len(frameMark)]) != frameMark || length > maxFrame || int64(length) > size-at-int64(frameHead) {
		return nil, false, nil
	}
	body = make([]byte, length)
	if _, err := file.ReadAt(body, at+int64(frameHead)); err != nil {
		return nil, false, err
	}
	return body, checksum(body) == binary.LittleEndian.Uint32(head[len(frameMark)+4:]), nil
}

// findFrame returns the offset of the first whole frame from an offset on, or -1.
func findFrame(file io.ReaderAt, from, size int64) (int64, error) {
	const step = 1 << 16
	window := make([]byte, step+len(frameMark)-1)
	for at := from; at < size; at += step {
		n, err := file.ReadAt(window, at)
		if err != nil && err != io.EOF { //nolint:errorlint // a reader's end is never wrapped
			return -1, err
		}
		for i := 0; ; {
			k := bytes.Index(window[i:n], []byte(frameMark))
			if k < 0 {
				break
			}
			i += k + 1
			switch _, ok, err := readFrame(file, at+int64(i-1), size); {
			case err != nil:
				return -1, err
			case ok:
				return at + int64(i-1), nil
			}
		}
	}
	return -1, nil
}
