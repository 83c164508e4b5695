package orbittest

import (
	"encoding/json"
	"time"
)

func (n *numbers) getEmergencyAddress(c *call) (result, *failure) {
	h, problem := n.find(c)
	if problem != nil {
		return result{}, problem
	}
	return result{data: h.emergencyAddress()}, nil
}

func (h *heldNumber) emergencyAddress() object {
	if h.address == nil {
		return object{{"id", h.id}, {"address", nil}}
	}
	return object{{"id", h.id}, {"address", h.address}}
}

func (n *numbers) setEmergencyAddress(c *call) (result, *failure) {
	return n.change(c, func(h *heldNumber) (object, *failure) {
		h.address = c.fields
		return h.emergencyAddress(), nil
	})
}

// verifyEmergencyAddress finds fault with a postal code of the US that has not
// five digits.
func (n *numbers) verifyEmergencyAddress(c *call) (result, *failure) {
	h, problem := n.findHeld(c)
	if problem == nil && h.address == nil {
		problem = notFound("The number has no emergency address.")
	}
	if problem != nil {
		return result{}, problem
	}
	postal, _ := h.address["postal_code"].(string)
	if h.address["country"] == "US" && (len(postal) != 5 || !onlyDigits(postal)) {
		return result{data: object{{"validation_status", "invalid"}, {"validation_issues", []string{"postal_code is not a ZIP code"}}}}, nil
	}
	return result{data: object{{"validation_status", "valid"}, {"validation_issues", []string{}}}}, nil
}

// A cnam is the name that a number shows.
type cnam struct {
	displayName string
	submitted   time.Time
}

// cnamReview is how long the carriers look at a name.
const cnamReview = time.Minute

func (n *cnam) status(now time.Time) string {
	switch {
	case n.submitted.IsZero():
		return "pending"
	case now.Sub(n.submitted) < cnamReview:
		return "submitted"
	default:
		return "active"
	}
}

func (n *cnam) object(now time.Time) object {
	o := object{{"display_name", n.displayName}, {"status", n.status(now)}, {"submitted_at", nil}}
	if !n.submitted.IsZero() {
		o.set("submitted_at", n.submitted)
	}
	return o
}

// findCNAM returns the name of the number that a path names.
func (n *numbers) findCNAM(c *call) (*cnam, *failure) {
	h, problem := n.findHeld(c)
	if problem == nil && h.cnam == nil {
		problem = notFound("No name was set for the number.")
	}
	if problem != nil {
		return nil, problem
	}
	return h.cnam, nil
}

func (n *numbers) getCNAM(c *call) (result, *failure) {
	name, problem := n.findCNAM(c)
	if problem != nil {
		return result{}, problem
	}
	return result{data: name.object(c.now)}, nil
}

func (n *numbers) setCNAM(c *call) (result, *failure) {
	return n.change(c, func(h *heldNumber) (object, *failure) {
		h.cnam = &cnam{displayName: c.text("display_name")}
		return h.cnam.object(c.now), nil
	})
}

func (n *numbers) removeCNAM(c *call) (result, *failure) {
	if _, problem := n.findCNAM(c); problem != nil {
		return result{}, problem
	}
	h, _ := n.find(c) // found above
	h.cnam = nil
	return result{}, nil
}

func (n *numbers) dispatchCNAM(c *call) (result, *failure) {
	name, problem := n.findCNAM(c)
	switch {
	case problem != nil:
		return result{}, problem
	case !name.submitted.IsZero():
		return result{}, conflict(codeConflict, "The name was submitted before.")
	}
	name.submitted = c.now
	return written(c, name.object(c.now)), nil
}

// dipCNAM asks nobody yet, and repeats what was captured, if anything was. The names
// of that part are not printed.
func (n *numbers) dipCNAM(c *call) (result, *failure) {
	h, problem := n.findHeld(c)
	if problem != nil {
		return result{}, problem
	}
	o := object{{"status", "coming_soon"}, {"carrier_registered_name", nil}}
	if h.cnam != nil {
		o.add("registration", h.cnam.object(c.now))
	}
	return result{data: o}, nil
}

// A warmth is a step of warming.
type warmth struct {
	phase string
	days  int // how old a number is at most
	daily int // messages
	trust json.Number
}

// warmthOf is the step that a number is in, and false for one that needs no
// warming: only local numbers of the North American plan are used for 10DLC.
func (h *heldNumber) warmthOf(now time.Time) (warmth, bool) {
	if h.kind != "local" || !isNANP(h.number) {
		return warmth{}, false
	}
	age := int(now.Sub(h.created) / (24 * time.Hour))
	for _, w := range []warmth{{"initial", 7, 200, "0.25"}, {"ramp", 14, 1000, "0.5"}, {"steady", 30, 4000, "0.75"}} {
		if age < w.days {
			return w, true
		}
	}
	return warmth{"verified", 0, 10_000, "0.95"}, true
}

// sentToday counts the messages that were sent from a number since midnight UTC.
func (n *numbers) sentToday(h *heldNumber, now time.Time) int {
	midnight := now.UTC().Truncate(24 * time.Hour)
	return n.account.messages.rows.count(func(m *message) bool {
		return m.direction == "outbound" && m.from == h.number && !m.created.Before(midnight)
	})
}

// warming is null for a number that needs none: each field of it in the newer
// generation, all of it in the older.
func (n *numbers) warming(c *call) (result, *failure) {
	h, problem := n.find(c)
	if problem != nil {
		return result{}, problem
	}
	w, ok := h.warmthOf(c.now)
	switch {
	case ok:
		return result{data: object{
			{"daily_cap", w.daily}, {"current_day_count", n.sentToday(h, c.now)}, {"warming_phase", w.phase},
			{"trust_score", w.trust}, {"warming_started_at", h.created},
		}}, nil
	case c.server.cfg.generation == Older:
		return result{data: json.RawMessage("null")}, nil
	}
	return result{data: object{
		{"daily_cap", nil}, {"current_day_count", nil}, {"warming_phase", nil}, {"trust_score", nil}, {"warming_started_at", nil},
	}}, nil
}

func (n *numbers) warmingProgression(c *call) (result, *failure) {
	h, problem := n.find(c)
	if problem != nil {
		return result{}, problem
	}
	w, ok := h.warmthOf(c.now)
	if !ok {
		return result{data: json.RawMessage("null")}, nil
	}
	return result{data: object{
		{"warming_state", w.phase}, {"warming_started_at", h.created}, {"warming_max_daily_sms", w.daily},
		{"forecast", []object{{{"day", 1}, {"max_daily_sms", w.daily}}}},
	}}, nil
}

func (n *numbers) health(c *call) (result, *failure) {
	h, problem := n.find(c)
	if problem != nil {
		return result{}, problem
	}
	return result{data: object{{"id", h.id}, {"status", "healthy"}, {"score", 98}}}, nil
}

func (n *numbers) reputation(c *call) (result, *failure) {
	h, problem := n.find(c)
	if problem != nil {
		return result{}, problem
	}
	const probed = 24 * time.Hour // after it was bought
	if c.now.Sub(h.created) < probed {
		return result{data: object{{"monitored", false}, {"status", "unknown"}}}, nil
	}
	return result{data: object{{"monitored", true}, {"status", "clean"}}}, nil
}
