package orbittest

import "time"

// A timeline is how a message moves: queued, then sent, then its end. A message
// has no timer; its status is computed from its age whenever somebody looks.
type timeline struct {
	sent time.Duration // after which it is "sent"; 0: never
	end  time.Duration
	last string // the status from end on
}

// sandboxTimeline is the outcome that the last digit of a recipient asks for. What
// 7, 8, 9 and 0 do is inferred: the documentation says that there are ten outcomes,
// and names a rejected, a blocked, a carrier-rewrite and a long-tail one besides
// the six that it prints. Recipients without a digit deliver.
func sandboxTimeline(to string) timeline {
	const sent = 50 * time.Millisecond
	switch lastByte(to) {
	case '1':
		return timeline{end: sent, last: "submitted"}
	case '3':
		return timeline{sent: sent, end: time.Second, last: "undelivered"}
	case '4':
		return timeline{end: 100 * time.Millisecond, last: "failed"}
	case '5':
		return timeline{sent: sent, end: 3 * time.Second, last: "expired"}
	case '6':
		return timeline{sent: sent, end: 5 * time.Second, last: "unknown"}
	case '7':
		return timeline{end: 100 * time.Millisecond, last: "rejected"}
	case '8':
		return timeline{end: 100 * time.Millisecond, last: "blocked"}
	case '9':
		return timeline{sent: sent, end: time.Second, last: "undelivered"}
	case '0':
		return timeline{sent: sent, end: 10 * time.Second, last: "submitted_no_receipt"}
	default:
		return timeline{sent: sent, end: 100 * time.Millisecond, last: "delivered"}
	}
}

func lastByte(s string) byte {
	if s == "" {
		return 0
	}
	return s[len(s)-1]
}

// liveTimeline is how messages sent with a live key move.
func liveTimeline() timeline {
	return timeline{sent: 200 * time.Millisecond, end: time.Second, last: "delivered"}
}

// refusedTimeline is that of a recipient which was refused at once.
func refusedTimeline() timeline { return timeline{last: "failed"} }

// at is the status at an age.
func (t timeline) at(age time.Duration) string {
	switch {
	case age >= t.end:
		return t.last
	case t.sent > 0 && age >= t.sent:
		return "sent"
	default:
		return "queued"
	}
}
