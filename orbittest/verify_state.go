package orbittest

import (
	"crypto/sha256"
	"crypto/subtle"
	"strings"
	"time"
)

// A verification is one code that was sent, as the server holds it. It has no
// timer: that it has expired follows from the clock.
type verification struct {
	id, to, channel, fallback string
	profileID                 string
	code                      string
	codeLength, maxAttempts   int
	tries                     []try
	created, updated, expires time.Time
	approved                  time.Time // zero: not yet
	cancelled                 bool
}

// A try is a code that somebody typed.
type try struct {
	at    time.Time
	right bool
}

// codeOf makes digits that nobody would guess, and that are the same in each run
// of a test.
func codeOf(id string, length int) string {
	digits := sha256.Sum256([]byte(id))
	code := make([]byte, length)
	for i := range code {
		code[i] = '0' + digits[i]%10
	}
	return string(code)
}

// Code returns the code that a verification sent. Only its recipient knows it
// elsewhere: no answer of Orbit holds it. An ID that the server does not hold
// fails the test.
func (s *Server) Code(id string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, row, ok := held(s, id, func(a *account) *collection[*verification] { return a.verify.rows })
	if !ok {
		s.misused("there is no verification with ID %s", id)
		return ""
	}
	return row.code
}

// try compares a code and counts the try. The right code again changes nothing.
func (v *verification) try(code string, now time.Time) bool {
	right := subtle.ConstantTimeCompare([]byte(code), []byte(v.code)) == 1
	if right && !v.approved.IsZero() {
		return true
	}
	v.tries = append(v.tries, try{now, right})
	v.updated = now
	if right {
		v.approved = now
	}
	return right
}

// status is how the verification stands, in the newer generation's words.
func (v *verification) status(now time.Time) string {
	if !v.approved.IsZero() {
		return "approved"
	}
	return v.codeStatus(now)
}

// codeStatus is what is to be said of the code alone: one that was right is good
// until it expires.
func (v *verification) codeStatus(now time.Time) string {
	wrong := 0
	for _, t := range v.tries {
		if !t.right {
			wrong++
		}
	}
	switch {
	case v.cancelled:
		return "cancelled"
	case wrong >= v.maxAttempts:
		return "exhausted"
	case !now.Before(v.expires):
		return "expired"
	default:
		return "pending"
	}
}

// statusIn is the status in the words of the server's generation.
func (v *verification) statusIn(c *call) string { return c.verificationWord(v.status(c.now)) }

func (c *call) verificationWord(status string) string {
	if status == "cancelled" {
		return c.server.cfg.generation.word(status, "canceled")
	}
	return status
}

// checked is when a code was last typed, zero before.
func (v *verification) checked() time.Time {
	if len(v.tries) == 0 {
		return time.Time{}
	}
	return v.tries[len(v.tries)-1].at
}

// object is the verification in an answer.
func (v *verification) object(c *call) object {
	o := object{{"verification_id", v.id}}
	if c.server.cfg.generation == Newer {
		o = append(object{{"id", v.id}}, o...)
	}
	o.add("to", v.to)
	o.add("channel", v.channel)
	o.add("status", v.statusIn(c))
	o.add("max_attempts", v.maxAttempts)
	o.add("attempts", len(v.tries))
	o.add("attempts_remaining", max(0, v.maxAttempts-len(v.tries)))
	o.text("profile_id", v.profileID)
	o.add("created_at", v.created)
	o.add("expires_at", v.expires)
	o.time("verified_at", v.approved)
	o.time("checked_at", v.checked())
	return o
}

// detail is all that is known of the verification, in the names of the one page
// that has it.
func (v *verification) detail(c *call, p *profile) object {
	o := object{
		{"id", v.id}, {"recipient", v.to}, {"channel", v.channel}, {"status", v.statusIn(c)},
		{"profileId", nil}, {"profileName", nil},
		{"createdAt", v.created}, {"updatedAt", v.updated}, {"expiresAt", v.expires}, {"verifiedAt", nil},
		{"attempts", len(v.tries)}, {"maxAttempts", v.maxAttempts},
		{"resendsCount", 0}, {"currentChannelIndex", 0}, {"nextAttemptAt", nil},
		{"expirationCountdownSec", max(0, int(v.expires.Sub(c.now)/time.Second))},
		{"channelAttempts", []object{{
			{"channel", v.channel}, {"provider", "orbittest"}, {"status", "sent"}, {"sentAt", v.created},
			{"errorCode", nil}, {"errorMessage", nil},
		}}},
		{"fallbackChain", v.fallbackChain()},
		{"configSnapshot", object{{"codeLength", v.codeLength}, {"expiresInSeconds", int(v.expires.Sub(v.created) / time.Second)}}},
		{"attemptLog", v.log()},
	}
	if p != nil {
		o.set("profileId", p.id)
		o.set("profileName", p.fields["name"])
	}
	if !v.approved.IsZero() {
		o.set("verifiedAt", v.approved)
	}
	return o
}

// fallbackChain is what became of each channel: the first one always works here.
func (v *verification) fallbackChain() []object {
	chain := []object{{{"channel", v.channel}, {"outcome", "sent"}, {"reason", nil}}}
	if v.fallback != "" {
		chain = append(chain, object{{"channel", v.fallback}, {"outcome", "skipped"}, {"reason", "An earlier channel got through."}})
	}
	return chain
}

// log is what was typed, masked.
func (v *verification) log() []object {
	rows := make([]object, len(v.tries))
	for i, t := range v.tries {
		rows[i] = object{{"at", t.at}, {"code", strings.Repeat("*", v.codeLength)}, {"matched", t.right}}
	}
	return rows
}
