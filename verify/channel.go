package verify

import (
	"github.com/devotel/orbit-go/internal/check"
)

// Channel is a way to send a code. The set is open.
type Channel string

// The documented channels.
const (
	// ChannelSMS is a text message.
	ChannelSMS Channel = "sms"
	// ChannelWhatsApp is a message on WhatsApp.
	ChannelWhatsApp Channel = "whatsapp"
	// ChannelEmail is an e-mail.
	ChannelEmail Channel = "email"
	// ChannelVoice is a call that reads the code out.
	ChannelVoice Channel = "voice"
	// ChannelViber is a message on Viber.
	ChannelViber Channel = "viber"
	// ChannelTelegram is a message on Telegram.
	ChannelTelegram Channel = "telegram"
)

// Known reports whether this version of the SDK has a constant for the channel.
func (c Channel) Known() bool {
	return c.needsNumber() || c == ChannelEmail || c == ChannelTelegram
}

// needsNumber reports whether nothing but a phone number can be reached.
func (c Channel) needsNumber() bool {
	switch c {
	case ChannelSMS, ChannelWhatsApp, ChannelVoice, ChannelViber:
		return true
	}
	return false
}

// checkRecipient refuses a recipient that the channel can never reach.
func (c Channel) checkRecipient(field, to string) *check.Problem {
	if c.needsNumber() {
		return check.E164(field, to)
	}
	return check.Required(field, to)
}
