package numbers

import (
	"cmp"
	"time"

	"github.com/devotel/orbit-go/api"
)

// Number is a phone number of the account. Every field but the ID may be missing
// in an answer and is zero then.
type Number struct {
	api.Meta `json:"-"`

	// ID is the number's ID, opaque: it is no phone number. Rows of an export have
	// none.
	ID string `json:"id"`
	// PhoneNumber is the phone number in E.164 form, or a short code.
	PhoneNumber string `json:"number,omitzero"`
	// FriendlyName is what people call it.
	FriendlyName string `json:"friendly_name,omitzero"`
	// Country is the country it belongs to, such as "US".
	Country string `json:"country,omitzero"`
	// Type is the kind of number.
	Type Type `json:"type,omitzero"`
	// Capabilities are what it can be used for.
	Capabilities []Capability `json:"capabilities,omitzero"`
	// Status is the state of the account's hold on it.
	Status Status `json:"status,omitzero"`
	// ReleaseStatus tells of a release that is under way or did not work.
	ReleaseStatus ReleaseStatus `json:"release_status,omitzero"`
	// AgentID is the AI agent that answers it.
	AgentID string `json:"agent_id,omitzero"`
	// SMSWebhookURL receives the messages that come in.
	SMSWebhookURL string `json:"sms_webhook_url,omitzero"`
	// VoiceWebhookURL is asked what to do with calls that come in.
	VoiceWebhookURL string `json:"voice_webhook_url,omitzero"`
	// ForwardingNumber is where calls are passed on to.
	ForwardingNumber string `json:"forwarding_number,omitzero"`
	// AreaCode is the area within the country.
	AreaCode string `json:"area_code,omitzero"`
	// AssignedTo is who or what within the account uses it.
	AssignedTo string `json:"assigned_to,omitzero"`
	// Provider is the carrier behind it.
	Provider string `json:"provider,omitzero"`
	// TFVStatus is how far the verification of a toll-free number has come, in
	// the API's words.
	TFVStatus string `json:"tfv_status,omitzero"`
	// ComplianceProfileID is the profile under which it is held.
	ComplianceProfileID string `json:"compliance_profile_id,omitzero"`
	// AutoRenew tells whether the rental goes on by itself; nil where the answer
	// does not say.
	AutoRenew *bool `json:"auto_renew,omitzero"`
	// MonthlyCost is the rental for a month, exact.
	MonthlyCost api.Decimal `json:"monthly_cost,omitzero"`
	// Currency is the currency of MonthlyCost, such as "USD". Where it is empty, as in
	// rows of an export, the cost is in US dollars.
	Currency string `json:"currency,omitzero"`
	// Tags are the account's own labels.
	Tags []string `json:"tags,omitzero"`
	// CreatedAt is when it was bought.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// AssignedAt is when it was put to its present use.
	AssignedAt time.Time `json:"assigned_at,omitzero"`
	// NextBillingAt is when the next month is billed.
	NextBillingAt time.Time `json:"next_billing_at,omitzero"`
}

// numberWire is a Number under the names of all generations.
type numberWire struct {
	Number

	NumberID    string `json:"number_id"`
	E164        string `json:"e164"`
	SnakeNumber string `json:"phone_number"`
	Label       string `json:"label"`
	CountryCode string `json:"country_code"`
	NumberType  Type   `json:"number_type"`
}

// Public returns the number under the names of the newest generation.
func (w *numberWire) Public(info *api.ResponseInfo) *Number {
	n := &w.Number
	n.Info = info
	n.ID = w.Identity()
	n.PhoneNumber = cmp.Or(n.PhoneNumber, w.E164, w.SnakeNumber)
	n.FriendlyName = cmp.Or(n.FriendlyName, w.Label)
	n.Country = cmp.Or(n.Country, w.CountryCode)
	n.Type = cmp.Or(n.Type, w.NumberType)
	return n
}

// Identity is the number's ID under whichever name it came: a guide says that a
// purchase answers with number_id.
func (w *numberWire) Identity() string { return cmp.Or(w.ID, w.NumberID) }

// Type is a kind of number. The set is open.
type Type = api.NumberType

// The documented types.
const (
	// TypeLocal is a number of a town or region.
	TypeLocal Type = api.NumberTypeLocal
	// TypeTollFree is a number that is free for those who call it.
	TypeTollFree Type = api.NumberTypeTollFree
	// TypeMobile is a number of a mobile network.
	TypeMobile Type = api.NumberTypeMobile
	// TypeShortCode is a number of few digits for messages within one country.
	TypeShortCode Type = api.NumberTypeShortCode
)

// Capability is a use of a number. The set is open.
type Capability = api.NumberCapability

// The documented capabilities.
const (
	// CapabilitySMS is sending and receiving text messages.
	CapabilitySMS Capability = api.NumberCapabilitySMS
	// CapabilityVoice is making and taking calls.
	CapabilityVoice Capability = api.NumberCapabilityVoice
	// CapabilityMMS is sending and receiving media.
	CapabilityMMS Capability = api.NumberCapabilityMMS
	// CapabilityWhatsApp is use as a WhatsApp sender.
	CapabilityWhatsApp Capability = api.NumberCapabilityWhatsApp
	// CapabilityRCS is use as an RCS sender.
	CapabilityRCS Capability = api.NumberCapabilityRCS
)

// Status reports how the account holds a number. The set is open.
type Status = api.NumberStatus

// The documented statuses.
const (
	// StatusActive means that the number is in use.
	StatusActive Status = api.NumberStatusActive
	// StatusPurchased means that the number was bought and has no use yet.
	StatusPurchased Status = api.NumberStatusPurchased
	// StatusPendingCompliance means that the number waits for its papers to be
	// reviewed.
	StatusPendingCompliance Status = api.NumberStatusPendingCompliance
	// StatusParked means that the number is held without use.
	StatusParked Status = api.NumberStatusParked
	// StatusReleased means that the number was given back.
	StatusReleased Status = api.NumberStatusReleased
)

// ReleaseStatus tells of a release that is under way or did not work. The set is
// open; it is empty where nobody asked for a release.
type ReleaseStatus string

// The documented release statuses.
const (
	// ReleaseStatusPending is a release that is still to come.
	ReleaseStatusPending ReleaseStatus = "pending"
	// ReleaseStatusFailed is a release that the carrier refused: the number is still
	// held, and billed.
	ReleaseStatusFailed ReleaseStatus = "failed"
)

// Known reports whether this version of the SDK has a constant for the release
// status.
func (s ReleaseStatus) Known() bool { return s == ReleaseStatusPending || s == ReleaseStatusFailed }
