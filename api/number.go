package api

// NumberStatus reports how the account holds a number. The set is open.
type NumberStatus string

// The documented statuses.
const (
	// NumberStatusActive means that the number is in use.
	NumberStatusActive NumberStatus = "active"
	// NumberStatusPurchased means that the number was bought and has no use
	// yet.
	NumberStatusPurchased NumberStatus = "purchased"
	// NumberStatusPendingCompliance means that the number waits for its papers
	// to be reviewed.
	NumberStatusPendingCompliance NumberStatus = "pending_compliance"
	// NumberStatusParked means that the number is held without use.
	NumberStatusParked NumberStatus = "parked"
	// NumberStatusReleased means that the number was given back.
	NumberStatusReleased NumberStatus = "released"
)

// Known reports whether this version of the SDK has a constant for the status.
func (s NumberStatus) Known() bool {
	switch s {
	case NumberStatusActive, NumberStatusPurchased, NumberStatusPendingCompliance, NumberStatusParked,
		NumberStatusReleased:
		return true
	}
	return false
}

// NumberType is a kind of number. The set is open.
type NumberType string

// The documented types.
const (
	// NumberTypeLocal is a number of a town or region.
	NumberTypeLocal NumberType = "local"
	// NumberTypeTollFree is a number that is free for those who call it.
	NumberTypeTollFree NumberType = "toll_free"
	// NumberTypeMobile is a number of a mobile network.
	NumberTypeMobile NumberType = "mobile"
	// NumberTypeShortCode is a number of few digits for messages within one
	// country.
	NumberTypeShortCode NumberType = "short_code"
)

// Known reports whether this version of the SDK has a constant for the type.
func (t NumberType) Known() bool {
	switch t {
	case NumberTypeLocal, NumberTypeTollFree, NumberTypeMobile, NumberTypeShortCode:
		return true
	}
	return false
}

// NumberCapability is a use of a number. The set is open.
type NumberCapability string

// The documented capabilities.
const (
	// NumberCapabilitySMS is sending and receiving text messages.
	NumberCapabilitySMS NumberCapability = "sms"
	// NumberCapabilityVoice is making and taking calls.
	NumberCapabilityVoice NumberCapability = "voice"
	// NumberCapabilityMMS is sending and receiving media.
	NumberCapabilityMMS NumberCapability = "mms"
	// NumberCapabilityWhatsApp is use as a WhatsApp sender.
	NumberCapabilityWhatsApp NumberCapability = "whatsapp"
	// NumberCapabilityRCS is use as an RCS sender.
	NumberCapabilityRCS NumberCapability = "rcs"
)

// Known reports whether this version of the SDK has a constant for the capability.
func (c NumberCapability) Known() bool {
	switch c {
	case NumberCapabilitySMS, NumberCapabilityVoice, NumberCapabilityMMS, NumberCapabilityWhatsApp,
		NumberCapabilityRCS:
		return true
	}
	return false
}
