package orbittest

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/devotel/orbit-go/internal/check"
)

// StorageHost is the host that holds the recordings of calls. A [Server] answers
// for it as well. Where the API itself is asked at a loopback address, as through
// a listener, the recordings are there too, under /recordings/.
const StorageHost = "storage.orbit.devotel.example"

const (
	// recordingRoute is how the storage is named in FailNext and Requests.
	recordingRoute = "/recordings/{id}"
	// recordingLife is for how long a signed address is good.
	recordingLife = time.Hour
)

// A Recording is what was recorded of a call.
type Recording struct {
	// Content is the sound.
	Content []byte
	// ContentType is its media type. The default is audio/wav.
	ContentType string
	// NoRanges is a storage host that cannot send a part of the recording: it
	// sends all of it each time.
	NoRanges bool
	// NoETag leaves out the ETag, by which a client tells one version of the
	// recording from another.
	NoETag bool
}

// SetRecording gives a call a recording, at once and whatever its status, or
// another one than it had. Without it, a call that was made with record and
// answered has a second of silence soon after its end: 100 ms with sandbox keys,
// 2 s with live ones. An ID that the server does not hold fails the test.
//
// The storage is a route like any other for [Server.FailNext] and
// [Server.Requests], "GET /recordings/{id}". It knows Range and If-Range. Its
// addresses are signed, and good for an hour. A request to it that carries an API
// key or another of the client's headers is refused and fails the test.
func (s *Server) SetRecording(callID string, r Recording) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, _, ok := held(s, callID, callRows)
	if !ok {
		s.misused("there is no call with ID %s", callID)
		return
	}
	r.Content = slices.Clone(r.Content)
	a.voice.recordings[callID] = r
}

// recordingOf returns the recording of a call, if there is one.
func (v *voice) recordingOf(callID string, now time.Time) (Recording, bool) {
	if r, set := v.recordings[callID]; set {
		r.ContentType = orElse(r.ContentType, "audio/wav")
		return r, true
	}
	p, ok := v.rows.get(callID)
	if !ok || !p.isRecorded(now) {
		return Recording{}, false
	}
	return Recording{Content: silence(), ContentType: "audio/wav"}, true
}

// silence is a WAV file of one second: 8000 samples of 8 bits.
func silence() []byte {
	const rate = 8000
	var wav bytes.Buffer
	for _, part := range []any{
		[]byte("RIFF"), uint32(36 + rate), []byte("WAVE"),
		[]byte("fmt "), uint32(16), uint16(1), uint16(1), uint32(rate), uint32(rate), uint16(1), uint16(8),
		[]byte("data"), uint32(rate), bytes.Repeat([]byte{0x80}, rate),
	} {
		_ = binary.Write(&wav, binary.LittleEndian, part) // a buffer takes everything
	}
	return wav.Bytes()
}

// recordingURL is the signed address of a recording.
func (v *voice) recordingURL(c *call, callID string) string {
	host := "https://" + StorageHost
	if isLoopback(c.host) {
		host = "http://" + c.host
	}
	expires := strconv.FormatInt(c.now.Add(recordingLife).Unix(), 10)
	return host + "/recordings/" + callID + ".wav?expires=" + expires + "&signature=" + signature(callID, expires)
}

func signature(callID, expires string) string {
	sum := sha256.Sum256([]byte(callID + "." + expires))
	return hex.EncodeToString(sum[:16])
}

func isLoopback(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = strings.Trim(host, "[]")
	}
	return check.IsLoopback(name)
}

// atStorage reports whether a request is for the storage, not for the API.
func (c *call) atStorage() bool {
	return c.host == StorageHost || isLoopback(c.host) && strings.HasPrefix(c.escapedPath, "/recordings/")
}

// store deals with a request to the storage. It is no part of the API: it has no
// keys, limits and envelopes, but it goes wrong like the API does.
func (s *Server) store(c *call) reply {
	c.template, c.route = recordingRoute, nil
	line, scripted := s.faults.next(c.method, c.template)
	if scripted {
		c.fault = s.faults.lines[line][0].fault
		s.faults.take(line)
	}
	r := c.fetched()
	switch {
	case c.fault.Reset:
		return c.fault.broken()
	case c.fault.Status != 0:
		r = storageError(c.fault.Status)
	}
	r.header.Set("Date", httpDate(c.now))
	c.fault.bend(&r)
	return r
}

// ours names a header that a client must keep from the storage.
func (c *call) ours() string {
	for name := range c.header {
		switch name {
		case "X-Api-Key", "Idempotency-Key", "Authorization", "Cookie", "X-Test-Mode":
			return name
		}
	}
	if strings.HasPrefix(c.header.Get("User-Agent"), "orbit-go/") {
		return "User-Agent"
	}
	return ""
}

// fetched is the storage's own answer.
func (c *call) fetched() reply {
	if name := c.ours(); name != "" {
		if tb := c.server.tb; tb != nil {
			tb.Errorf("orbittest: a request to the storage host carries the header %s: it is for the API alone", name)
		}
		return storageError(http.StatusBadRequest)
	}
	u, err := url.Parse(c.uri)
	if err != nil || c.method != http.MethodGet {
		return storageError(http.StatusMethodNotAllowed)
	}
	id := strings.TrimSuffix(strings.TrimPrefix(u.Path, "/recordings/"), ".wav")
	expires := u.Query().Get("expires")
	until, _ := strconv.ParseInt(expires, 10, 64) // signed by the server itself
	switch {
	case u.Query().Get("signature") != signature(id, expires), c.now.After(time.Unix(until, 0)):
		return storageError(http.StatusForbidden)
	}
	owner, _, ok := held(c.server, id, callRows)
	if !ok {
		return storageError(http.StatusNotFound)
	}
	recording, ok := owner.voice.recordingOf(id, c.now)
	if !ok {
		return storageError(http.StatusNotFound)
	}
	return c.deliver(recording)
}

// deliver sends a recording, or the part of it that was asked for.
func (c *call) deliver(recording Recording) reply {
	sum := sha256.Sum256(recording.Content)
	tag := `"` + hex.EncodeToString(sum[:8]) + `"`
	h := http.Header{"Content-Type": {recording.ContentType}}
	if !recording.NoETag {
		h.Set("ETag", tag)
	}
	from, ranged := rangeStart(c.header.Get("Range"))
	if condition := c.header.Get("If-Range"); condition != "" && condition != tag {
		ranged = false
	}
	size := len(recording.Content)
	switch {
	case !ranged || recording.NoRanges:
		return reply{status: http.StatusOK, header: h, body: recording.Content}
	case from >= size:
		return storageError(http.StatusRequestedRangeNotSatisfiable)
	}
	h.Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, size-1, size))
	return reply{status: http.StatusPartialContent, header: h, body: recording.Content[from:]}
}

// rangeStart reads the one kind of range that a resumed download asks for.
func rangeStart(header string) (from int, ok bool) {
	text, begins := strings.CutPrefix(header, "bytes=")
	text, open := strings.CutSuffix(text, "-")
	from, err := strconv.Atoi(text)
	return from, begins && open && err == nil && from >= 0
}

// storageError is a refusal in the storage's own words.
func storageError(status int) reply {
	return reply{
		status: status, header: http.Header{"Content-Type": {"application/xml"}},
		body: []byte("<Error><Code>" + strings.ReplaceAll(http.StatusText(status), " ", "") + "</Code></Error>"),
	}
}
