package orbittest

import (
	"encoding/json"
	"maps"
	"time"

	"github.com/devotel/orbit-go/api"
)

// A heldNumber is a phone number of the account.
type heldNumber struct {
	offer

	id, account                    string
	friendlyName, agentID          string
	smsWebhookURL, voiceWebhookURL string
	complianceProfile              string
	autoRenew, routed              bool
	papersMissing                  bool
	created, assigned              time.Time
	releaseAt                      time.Time // scheduled, or past
	forced                         string    // a status that SetNumberStatus or AddNumber gave
	address                        map[string]any
	cnam                           *cnam
	idempotencyKey                 string
	fields                         map[string]any // further ones of its answers, by AddNumber
}

// newHeldNumber is what a purchase makes of an offer.
func newHeldNumber(o offer, c *call) *heldNumber {
	h := &heldNumber{
		offer:             o,
		friendlyName:      c.text("friendly_name"),
		agentID:           c.text("agent_id"),
		smsWebhookURL:     c.text("sms_webhook_url"),
		voiceWebhookURL:   c.text("voice_webhook_url"),
		complianceProfile: c.text("compliance_profile_id"),
		autoRenew:         true,
		papersMissing:     o.asksForPapers && !c.has("compliance_profile_id") && !c.has("provider_bundle_id"),
		created:           c.now,
		idempotencyKey:    c.idempotencyKey,
	}
	if h.agentID != "" {
		h.assigned = c.now
	}
	return h
}

// isReleased reports whether the number was given back, at once or because its
// time had come.
func (h *heldNumber) isReleased(now time.Time) bool {
	return h.forced == "released" || !h.releaseAt.IsZero() && !now.Before(h.releaseAt)
}

// status is the state of the number at a moment.
func (h *heldNumber) status(now time.Time) string {
	switch {
	case h.isReleased(now):
		return "released"
	case h.forced != "":
		return h.forced
	case h.papersMissing:
		return "pending_compliance"
	case h.agentID != "" || h.routed:
		return "active"
	default:
		return "purchased"
	}
}

// object is the number in a response. No response with one is printed: its names
// are those of requests and of the export.
func (h *heldNumber) object(c *call) object {
	released := h.isReleased(c.now)
	o := make(object, 0, 24)
	o.add("id", h.id)
	o.add("number", h.number)
	o.text("friendly_name", h.friendlyName)
	o.add("country", h.country)
	o.add("type", h.kind)
	o.add("capabilities", h.capabilities)
	o.add("status", h.status(c.now))
	if !h.releaseAt.IsZero() && !released {
		o.add("release_status", "pending")
	}
	o.text("agent_id", h.agentID)
	o.text("sms_webhook_url", h.smsWebhookURL)
	o.text("voice_webhook_url", h.voiceWebhookURL)
	o.text("area_code", h.area)
	o.add("provider", "orbit")
	o.text("compliance_profile_id", h.complianceProfile)
	o.add("auto_renew", h.autoRenew)
	o.add("monthly_cost", h.price(c))
	o.add("currency", "USD")
	o.add("created_at", h.created)
	o.time("assigned_at", h.assigned)
	if h.autoRenew && !released {
		o.add("next_billing_at", h.nextBilling(c.now))
	}
	o.give(h.fields)
	return o
}

// price is the monthly cost as each generation writes it.
func (o *offer) price(c *call) any {
	if c.server.cfg.generation == Older {
		return o.cost
	}
	return json.Number(o.cost)
}

// nextBilling is when the next month of 30 days begins.
func (h *heldNumber) nextBilling(now time.Time) time.Time {
	const month = 30 * 24 * time.Hour
	return h.created.Add(now.Sub(h.created).Truncate(month) + month)
}

// scheduledRelease is when the number is to be given back, or was.
func (h *heldNumber) scheduledRelease() object {
	if h.releaseAt.IsZero() {
		return object{{"id", h.id}, {"release_at", nil}}
	}
	return object{{"id", h.id}, {"release_at", h.releaseAt}}
}

// A Number is a phone number that the server holds for the account.
type Number struct {
	// ID is the number's ID. AddNumber makes one if it is empty.
	ID string
	// Account is the account that holds it, see [WithAccount]. In a number for
	// AddNumber empty is the first one.
	Account string
	// PhoneNumber is the number itself, in E.164 form.
	PhoneNumber string
	// Country is the country as two letters.
	Country string
	// Type is the kind of number, such as numbers.TypeLocal.
	Type api.NumberType
	// Capabilities are its uses, such as numbers.CapabilitySMS.
	Capabilities []api.NumberCapability
	// Status is its state now, such as numbers.StatusActive.
	Status api.NumberStatus
	// FriendlyName is what people call it.
	FriendlyName string
	// AgentID is the AI agent that answers it.
	AgentID string
	// SMSWebhookURL receives the messages that come in.
	SMSWebhookURL string
	// VoiceWebhookURL is asked what to do with calls that come in.
	VoiceWebhookURL string
	// AutoRenew tells whether the rental goes on by itself.
	AutoRenew bool
	// ReleaseAt is when it is to be given back, or was; zero for never.
	ReleaseAt time.Time
	// IdempotencyKey is the key of the request that bought it.
	IdempotencyKey string
	// CreatedAt is when it was bought, by the server's clock.
	CreatedAt time.Time
	// Fields, in a number for AddNumber, are further fields of the API's answers,
	// such as tags or tfv_status, or replace what the server would answer. Do not
	// change what is inside.
	Fields map[string]any
}

// Numbers returns all numbers that the server holds or has held for the account,
// oldest first, each as it is now. A test that counts them sees whether something
// was bought twice.
func (s *Server) Numbers() []Number {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	return ofAll(s, numberRows, func(h *heldNumber) Number { return h.public(now) })
}

func numberRows(a *account) *collection[*heldNumber] { return a.numbers.rows }

func (h *heldNumber) public(now time.Time) Number {
	return Number{
		ID:              h.id,
		Account:         h.account,
		PhoneNumber:     h.number,
		Country:         h.country,
		Type:            api.NumberType(h.kind),
		Capabilities:    convert[api.NumberCapability](h.capabilities),
		Status:          api.NumberStatus(h.status(now)),
		FriendlyName:    h.friendlyName,
		AgentID:         h.agentID,
		SMSWebhookURL:   h.smsWebhookURL,
		VoiceWebhookURL: h.voiceWebhookURL,
		AutoRenew:       h.autoRenew,
		ReleaseAt:       h.releaseAt,
		IdempotencyKey:  h.idempotencyKey,
		CreatedAt:       h.created,
		Fields:          maps.Clone(h.fields),
	}
}

// AddNumber puts a number on the server as if it had been bought before, and
// returns it with everything filled in: without a country a local number of the
// US. It need not be one that the server offers for sale. A status that is given
// stays until [Server.SetNumberStatus] changes it. An ID or a number that is taken
// fails the test.
func (s *Server) AddNumber(n Number) Number {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	owner := s.named(n.Account)
	h := &heldNumber{
		account: owner.name,
		offer: offer{
			number: n.PhoneNumber, country: orElse(n.Country, defaultCountry), kind: orElse(n.Type, "local"),
			capabilities: convert[string](n.Capabilities), cost: "1.15",
		},
		id:              n.ID,
		friendlyName:    n.FriendlyName,
		agentID:         n.AgentID,
		smsWebhookURL:   n.SMSWebhookURL,
		voiceWebhookURL: n.VoiceWebhookURL,
		autoRenew:       n.AutoRenew,
		releaseAt:       n.ReleaseAt,
		forced:          string(n.Status),
		created:         n.CreatedAt,
		idempotencyKey:  n.IdempotencyKey,
		fields:          maps.Clone(n.Fields),
	}
	if h.id == "" {
		h.id = s.newID("num_")
	}
	if h.created.IsZero() {
		h.created = now
	}
	if h.capabilities == nil {
		h.capabilities = []string{"sms", "voice"}
	}
	if _, _, taken := held(s, h.id, numberRows); taken || owner.numbers.isHeld(h.number, now) {
		s.misused("the ID %s, or its phone number, is taken already", h.id)
		return h.public(now)
	}
	owner.numbers.put(h)
	return h.public(now)
}

// SetNumberStatus gives a number a status, which it keeps until it is released:
// numbers.StatusActive once its papers were reviewed, or one that the SDK does not
// know. An ID that the server does not hold fails the test.
func (s *Server) SetNumberStatus(id string, status api.NumberStatus) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, h, ok := held(s, id, numberRows)
	if !ok {
		s.misused("there is no number with ID %s", id)
		return
	}
	h.forced = string(status)
}

// convert copies texts of one type as another.
func convert[T, S ~string](texts []S) []T {
	if texts == nil {
		return nil
	}
	converted := make([]T, len(texts))
	for i, text := range texts {
		converted[i] = T(text)
	}
	return converted
}
