package orbittest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"
)

// TB is the part of testing.TB that [New] uses. It is an interface of its own,
// so that programs can link this package without package testing.
type TB interface {
	// Helper marks the caller as a helper, whose line is not reported.
	Helper()
	// Cleanup registers a function that runs when the test is over.
	Cleanup(func())
	// Errorf fails the test and goes on.
	Errorf(format string, args ...any)
	// Fatalf fails the test and ends it.
	Fatalf(format string, args ...any)
}

// ErrClosed is the error of requests to a server that has been closed, by
// [Server.Close] or at the end of its test.
const ErrClosed constError = "orbittest: the server is closed: its test has ended, or Close was called"

type constError string

// Error is the text of the error.
func (e constError) Error() string { return string(e) }

// A Server is an Orbit API in memory. It is a [net/http.RoundTripper] and a
// [net/http.Handler], and may be used by many goroutines at once. Servers share
// nothing with each other.
type Server struct {
	cfg   config
	tb    TB // nil in programs
	tree  node
	views map[string]view

	mu        sync.Mutex // guards all below, and the state of the accounts
	closed    bool
	accounts  []*account          // in the order in which they were made
	owners    map[string]*account // by API key
	market    marketState
	replies   []AgentReply // scripted, for the next chats
	receivers []*webhook   // of the events of all accounts
	post      post
	lastID    int
	limits    limiter
	memory    memory
	issued    map[issue]bool // cursors that are IDs
	faults    faultQueue
	log       requestLog
}

// New returns a server that lives as long as a test. When the test ends, it
// fails if requests carried fields that Orbit does not know, or if scripted
// faults were left over (see [AllowUnknownFields] and [AllowUnusedFaults]);
// requests that come later fail with [ErrClosed].
func New(tb TB, opts ...Option) *Server {
	tb.Helper()
	s := NewServer(opts...)
	s.tb = tb
	tb.Cleanup(s.end)
	return s
}

// NewServer returns a server that is not bound to a test, for programs and
// examples. Nothing is reported; [Server.Requests] shows what arrived.
func NewServer(opts ...Option) *Server {
	s := &Server{
		cfg: newConfig(opts), views: views(), issued: make(map[issue]bool), owners: make(map[string]*account),
		market: marketState{holder: make(map[string]*heldNumber), lookedUp: make(map[string]bool)},
	}
	s.limits = limiter{
		shared:   s.cfg.sharedLimits,
		phase:    s.cfg.windowPhase,
		counters: make(map[counterKey]*counter),
	}
	s.memory.window = s.cfg.idempotencyWindow
	s.log.keep = s.cfg.keepRequests
	s.openAccounts()
	return s
}

// Close makes all further requests fail with [ErrClosed]. What arrived and what
// was stored can still be read.
func (s *Server) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
}

// end closes the server and tells its test what is wrong.
func (s *Server) end() {
	s.Close()
	s.tb.Helper()
	if !s.cfg.allowUnknown {
		for _, complaint := range s.log.unknown {
			s.tb.Errorf("orbittest: Orbit does not know this field and would drop it: %s", complaint)
		}
	}
	if !s.cfg.allowUnused {
		for _, route := range slices.Sorted(maps.Keys(s.faults.lines)) {
			s.tb.Errorf("orbittest: faults given to FailNext(%q) were not used: %d", route, len(s.faults.lines[route]))
		}
		if n := len(s.post.faults); n > 0 {
			s.tb.Errorf("orbittest: faults given to FailDeliveries were not used: %d", n)
		}
	}
}

// misused reports a call of the server's own methods that cannot work.
func (s *Server) misused(format string, args ...any) {
	if s.tb == nil {
		panic("orbittest: " + fmt.Sprintf(format, args...))
	}
	s.tb.Helper()
	s.tb.Fatalf("orbittest: "+format, args...)
}

// now is the time by the server's clock.
func (s *Server) now() time.Time { return time.Now().Add(s.cfg.clockOffset) }

// newLongID makes an ID of the form that the newer generation prints for some: a
// prefix and 32 hexadecimal digits. They are the same in each run of a test.
func (s *Server) newLongID(prefix string) string {
	if s.cfg.generation == Older {
		return s.newID(prefix)
	}
	return prefix + hex.EncodeToString(s.randomLike())
}

// newUUID makes a UUID, the same in each run of a test.
func (s *Server) newUUID() string {
	id := s.randomLike()
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80 // version 4
	text := hex.EncodeToString(id)
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}

// randomLike makes 16 bytes of the next number.
func (s *Server) randomLike() []byte {
	sum := sha256.Sum256([]byte(s.newID("")))
	return sum[:16]
}

// newID makes an ID that is unique on this server.
func (s *Server) newID(prefix string) string {
	s.lastID++
	id := make([]byte, 0, 24)
	id = append(id, prefix...)
	id = strconv.AppendInt(id, int64(1_000_000+s.lastID), 10)
	return string(id)
}
