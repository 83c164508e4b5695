package messages

import "github.com/devotel/orbit-go/api"

// Status reports how far a message has come. The set is open: an unknown status
// decodes, compares and encodes like a known one.
type Status = api.MessageStatus

// The documented statuses. That expired, rejected, blocked and unknown are
// final is inferred.
const (
	// StatusPending means that the message has not been processed yet.
	StatusPending Status = api.MessageStatusPending
	// StatusQueued means that the message waits for its turn.
	StatusQueued Status = api.MessageStatusQueued
	// StatusScheduled means that the message waits for its time.
	StatusScheduled Status = api.MessageStatusScheduled
	// StatusSending means that the message is on its way to the provider.
	StatusSending Status = api.MessageStatusSending
	// StatusAccepted means that the provider accepted the message.
	StatusAccepted Status = api.MessageStatusAccepted
	// StatusSubmitted means that the provider passed the message on.
	StatusSubmitted Status = api.MessageStatusSubmitted
	// StatusSent means that the message is on its way to the recipient. It is
	// not final.
	StatusSent Status = api.MessageStatusSent
	// StatusDelivered means that the message reached the recipient.
	StatusDelivered Status = api.MessageStatusDelivered
	// StatusRead means that the message was read, and so delivered.
	StatusRead Status = api.MessageStatusRead
	// StatusSubmittedNoReceipt means that the message was sent over a channel
	// that reports no delivery. It is final.
	StatusSubmittedNoReceipt Status = api.MessageStatusSubmittedNoReceipt
	// StatusFailed means that the message could not be sent.
	StatusFailed Status = api.MessageStatusFailed
	// StatusUndelivered means that the message did not reach the recipient.
	StatusUndelivered Status = api.MessageStatusUndelivered
	// StatusExpired means that the message did not reach the recipient in time.
	StatusExpired Status = api.MessageStatusExpired
	// StatusRejected means that the provider rejected the message.
	StatusRejected Status = api.MessageStatusRejected
	// StatusBlocked means that a filter stopped the message.
	StatusBlocked Status = api.MessageStatusBlocked
	// StatusUnknown means that the provider does not know what became of the
	// message. It is a documented status, and final; see Known for statuses
	// that are new to the SDK.
	StatusUnknown Status = api.MessageStatusUnknown
)

// Channel is a channel that messages are sent over. The set is open.
type Channel = api.MessageChannel

// The documented channels.
const (
	// ChannelSMS is text messages.
	ChannelSMS Channel = api.MessageChannelSMS
	// ChannelMMS is text messages with media.
	ChannelMMS Channel = api.MessageChannelMMS
	// ChannelWhatsApp is WhatsApp.
	ChannelWhatsApp Channel = api.MessageChannelWhatsApp
	// ChannelRCS is Rich Communication Services.
	ChannelRCS Channel = api.MessageChannelRCS
	// ChannelViber is Viber.
	ChannelViber Channel = api.MessageChannelViber
	// ChannelEmail is email.
	ChannelEmail Channel = api.MessageChannelEmail
	// ChannelTelegram is Telegram.
	ChannelTelegram Channel = api.MessageChannelTelegram
	// ChannelMessenger is Facebook Messenger.
	ChannelMessenger Channel = api.MessageChannelMessenger
	// ChannelInstagram is Instagram.
	ChannelInstagram Channel = api.MessageChannelInstagram
	// ChannelLINE is LINE.
	ChannelLINE Channel = api.MessageChannelLINE
	// ChannelPush is push notifications to an app.
	ChannelPush Channel = api.MessageChannelPush
	// ChannelFax is fax.
	ChannelFax Channel = api.MessageChannelFax
)

// Direction tells what the account sent or dialled from what it received.
type Direction = api.Direction

// The directions. Their names follow the API's conventions.
const (
	// DirectionInbound is a message or call that the account received.
	DirectionInbound Direction = api.DirectionInbound
	// DirectionOutbound is a message or call that the account made.
	DirectionOutbound Direction = api.DirectionOutbound
)

// Recipients lists who a message is for. Most channels take one; the API writes
// one as a string and several as an array, and this type reads and writes both. A
// []string can be given wherever Recipients are asked for.
type Recipients = api.Recipients
