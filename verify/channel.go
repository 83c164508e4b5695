package verify

import (
	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/check"
)

// Channel is a channel that codes are sent over. The set is open.
type Channel = api.VerificationChannel

// The documented channels.
const (
	// ChannelSMS is text messages.
	ChannelSMS Channel = api.VerificationChannelSMS
	// ChannelWhatsApp is WhatsApp.
	ChannelWhatsApp Channel = api.VerificationChannelWhatsApp
	// ChannelEmail is email.
	ChannelEmail Channel = api.VerificationChannelEmail
	// ChannelVoice is a phone call that reads the code out.
	ChannelVoice Channel = api.VerificationChannelVoice
	// ChannelViber is Viber.
	ChannelViber Channel = api.VerificationChannelViber
	// ChannelTelegram is Telegram.
	ChannelTelegram Channel = api.VerificationChannelTelegram
)

// needsNumber reports whether nothing but a phone number can be reached.
func needsNumber(c Channel) bool {
	switch c {
	case ChannelSMS, ChannelWhatsApp, ChannelVoice, ChannelViber:
		return true
	}
	return false
}

// checkRecipient refuses a recipient that the channel can never reach.
func checkRecipient(c Channel, field, to string) *check.Problem {
	if needsNumber(c) {
		return check.E164(field, to)
	}
	return check.Required(field, to)
}
