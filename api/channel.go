package api

// MessageChannel is a channel that messages are sent over. The set is open.
type MessageChannel string

// The documented channels.
const (
	// MessageChannelSMS is text messages.
	MessageChannelSMS MessageChannel = "sms"
	// MessageChannelMMS is text messages with media.
	MessageChannelMMS MessageChannel = "mms"
	// MessageChannelWhatsApp is WhatsApp.
	MessageChannelWhatsApp MessageChannel = "whatsapp"
	// MessageChannelRCS is Rich Communication Services.
	MessageChannelRCS MessageChannel = "rcs"
	// MessageChannelViber is Viber.
	MessageChannelViber MessageChannel = "viber"
	// MessageChannelEmail is email.
	MessageChannelEmail MessageChannel = "email"
	// MessageChannelTelegram is Telegram.
	MessageChannelTelegram MessageChannel = "telegram"
	// MessageChannelMessenger is Facebook Messenger.
	MessageChannelMessenger MessageChannel = "messenger"
	// MessageChannelInstagram is Instagram.
	MessageChannelInstagram MessageChannel = "instagram"
	// MessageChannelLINE is LINE.
	MessageChannelLINE MessageChannel = "line"
	// MessageChannelPush is push notifications to an app.
	MessageChannelPush MessageChannel = "push"
	// MessageChannelFax is fax.
	MessageChannelFax MessageChannel = "fax"
)

// Known reports whether this version of the SDK has a constant for the channel.
func (c MessageChannel) Known() bool {
	switch c {
	case MessageChannelSMS, MessageChannelMMS, MessageChannelWhatsApp, MessageChannelRCS, MessageChannelViber,
		MessageChannelEmail, MessageChannelTelegram, MessageChannelMessenger, MessageChannelInstagram,
		MessageChannelLINE, MessageChannelPush, MessageChannelFax:
		return true
	}
	return false
}

// VerificationChannel is a channel that codes are sent over. The set is open.
type VerificationChannel string

// The documented channels.
const (
	// VerificationChannelSMS is text messages.
	VerificationChannelSMS VerificationChannel = "sms"
	// VerificationChannelWhatsApp is WhatsApp.
	VerificationChannelWhatsApp VerificationChannel = "whatsapp"
	// VerificationChannelEmail is email.
	VerificationChannelEmail VerificationChannel = "email"
	// VerificationChannelVoice is a phone call that reads the code out.
	VerificationChannelVoice VerificationChannel = "voice"
	// VerificationChannelViber is Viber.
	VerificationChannelViber VerificationChannel = "viber"
	// VerificationChannelTelegram is Telegram.
	VerificationChannelTelegram VerificationChannel = "telegram"
)

// Known reports whether this version of the SDK has a constant for the channel.
func (c VerificationChannel) Known() bool {
	switch c {
	case VerificationChannelSMS, VerificationChannelWhatsApp, VerificationChannelEmail, VerificationChannelVoice,
		VerificationChannelViber, VerificationChannelTelegram:
		return true
	}
	return false
}
