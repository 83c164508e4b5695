package bulk

import (
	"encoding/binary"
	"encoding/hex"
	"time"
)

// rowID is the hash of a row's key.
type rowID [16]byte

// hash is 64 bits of it.
func (id rowID) hash() uint64 { return binary.LittleEndian.Uint64(id[:]) }

// kind is what a record says of its row.
type kind uint8

// The kinds of records. Their numbers stand in files.
const (
	kindIntent   kind = iota + 1 // about to be sent
	kindSent                     // accepted
	kindFound                    // accepted, as the list shows
	kindRejected                 // rejected for good
	kindReleased                 // the intent is withdrawn: nothing was sent
	kindUnclear                  // it may have been sent
	kindStatus                   // accepted, and what became of it
	lastKind     = kindStatus
)

// record is one entry of a journal. Fields that its kind does not use are zero.
type record struct {
	kind        kind
	keyed       bool // the message carries the key
	row         rowID
	fingerprint uint64
	intended    time.Time // to the millisecond
	settled     time.Time
	statusCode  int    // of a rejection
	id          string // of the message
	status      string // of the message
	code        string // of a rejection, or of a message that failed
	plainKey    string
	prefix      string // of the key, where it is not the journal's own
}

// maxText bounds each text of a record, since some come from a server: no record may
// outgrow a frame.
const maxText = 4096

// appendRecord appends the record behind its length.
func appendRecord(to []byte, r *record) []byte {
	body := make([]byte, 0, 128)
	body = append(body, byte(r.kind), bit(r.keyed))
	body = append(body, r.row[:]...)
	body = binary.LittleEndian.AppendUint64(body, r.fingerprint)
	body = binary.AppendVarint(body, millis(r.intended))
	body = binary.AppendVarint(body, millis(r.settled))
	body = binary.AppendVarint(body, int64(r.statusCode))
	for _, s := range []string{r.id, r.status, r.code, r.plainKey, r.prefix} {
		s = s[:min(len(s), maxText)]
		body = binary.AppendUvarint(body, uint64(len(s)))
		body = append(body, s...)
	}
	to = binary.AppendUvarint(to, uint64(len(body)))
	return append(to, body...)
}

// decodeRecord reads a record and how many bytes it takes, 0 where there is none.
func decodeRecord(from []byte) (r record, size int) {
	length, n := binary.Uvarint(from)
	if n <= 0 || length > uint64(len(from)-n) {
		return r, 0
	}
	d := decoder{rest: from[n : n+int(length)]} //nolint:gosec // not longer than from
	r.kind, r.keyed = kind(d.bytes(1)[0]), d.bytes(1)[0] == 1
	copy(r.row[:], d.bytes(len(r.row)))
	r.fingerprint = binary.LittleEndian.Uint64(d.bytes(8))
	r.intended, r.settled = fromMillis(d.varint()), fromMillis(d.varint())
	r.statusCode = int(d.varint())
	r.id, r.status, r.code, r.plainKey, r.prefix = d.text(), d.text(), d.text(), d.text(), d.text()
	if d.bad || len(d.rest) > 0 || r.kind == 0 || r.kind > lastKind {
		return r, 0
	}
	return r, n + int(length) //nolint:gosec // as above
}

// decoder reads the fields of a record. After the first that is not there it is bad,
// and all fields are zero.
type decoder struct {
	rest []byte
	bad  bool
}

func (d *decoder) bytes(n int) []byte {
	if d.bad || n < 0 || n > len(d.rest) {
		d.bad = true
		return make([]byte, min(max(n, 0), 16))
	}
	b := d.rest[:n]
	d.rest = d.rest[n:]
	return b
}

func (d *decoder) varint() int64 {
	v, n := binary.Varint(d.rest)
	d.bytes(max(n, 0))
	d.bad = d.bad || n <= 0
	return v
}

func (d *decoder) text() string {
	length, n := binary.Uvarint(d.rest)
	d.bytes(max(n, 0))
	if n <= 0 || length > uint64(len(d.rest)) {
		d.bad = true
		return ""
	}
	return string(d.bytes(int(length))) //nolint:gosec // not longer than the rest
}

func bit(set bool) byte {
	if set {
		return 1
	}
	return 0
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}

// final reports whether the record settles its row.
func (r *record) final() bool {
	switch r.kind {
	case kindSent, kindFound, kindRejected, kindStatus:
		return true
	}
	return false
}

// settlement is the record's result.
func (r *record) settlement() Settlement {
	s := Settlement{MessageID: r.id, StatusCode: r.statusCode, Code: r.code, Outcome: Sent}
	switch r.kind {
	case kindFound:
		s.Outcome = Found
	case kindRejected:
		s.Outcome = Rejected
	case kindStatus:
		s.Code = ""
	}
	return s
}

// splitKey reads the prefix of a key, and the hash at its end.
func splitKey(key string) (prefix string, row rowID) {
	if at := len(key) - 2*len(row); at > 0 {
		_, _ = hex.Decode(row[:], []byte(key[at:]))
		prefix = key[:at-1]
	}
	return prefix, row
}

// shorten keeps 64 bits of a fingerprint.
func shorten(fingerprint string) uint64 {
	var b [8]byte
	_, _ = hex.Decode(b[:], []byte(fingerprint[:min(len(fingerprint), 2*len(b))]))
	return binary.LittleEndian.Uint64(b[:])
}
