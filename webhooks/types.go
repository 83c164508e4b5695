package webhooks

import "encoding/json"

// The message events.
const (
	// MessageCreated is a message that Orbit accepted.
	MessageCreated Kind[MessageData] = "message.created"
	// MessageSending is a message on its way to the provider. Newer catalogues do
	// not name it, and registering a webhook for it may be refused.
	MessageSending Kind[MessageData] = "message.sending"
	// MessageSent is a message on its way to the recipient.
	MessageSent Kind[MessageData] = "message.sent"
	// MessageDelivered is a message that arrived.
	MessageDelivered Kind[MessageData] = "message.delivered"
	// MessageUndelivered is a message that did not arrive. Newer catalogues do not
	// name it, and registering a webhook for it may be refused.
	MessageUndelivered Kind[MessageData] = "message.undelivered"
	// MessageFailed is a message that could not be sent.
	MessageFailed Kind[MessageData] = "message.failed"
	// MessageRead is a message that the recipient read.
	MessageRead Kind[MessageData] = "message.read"
	// MessageReceived is a message from somebody to the account.
	MessageReceived Kind[MessageData] = "message.received"
	// MessageReplied is an answer to a message of the account.
	MessageReplied Kind[MessageData] = "message.replied"
	// MessageRecipientDeactivated is a recipient whose number or account is no
	// longer in use.
	MessageRecipientDeactivated Kind[MessageData] = "message.recipient_deactivated"
	// MessageStatusUpdated is any change of a message's status.
	MessageStatusUpdated Kind[MessageData] = "message.status_updated"
)

// The call events.
const (
	// CallInitiated is a call that begins.
	CallInitiated Kind[CallData] = "call.initiated"
	// CallRinging is a call that rings at the other end.
	CallRinging Kind[CallData] = "call.ringing"
	// CallAnswered is a call that somebody took.
	CallAnswered Kind[CallData] = "call.answered"
	// CallCompleted is a call that came to its end.
	CallCompleted Kind[CallData] = "call.completed"
	// CallFailed is a call that did not come about.
	CallFailed Kind[CallData] = "call.failed"
)

// The events of verifications. Orbit also sends events whose names begin with
// verification., which are not documented one by one: they reach OnOther, or a
// Kind[VerificationData] of your own.
const (
	// VerifyStarted is a code that was sent.
	VerifyStarted Kind[VerificationData] = "verify.started"
	// VerifyApproved is a code that was entered right.
	VerifyApproved Kind[VerificationData] = "verify.approved"
	// VerifyFailed is a code that was entered wrong too often.
	VerifyFailed Kind[VerificationData] = "verify.failed"
	// VerifyExpired is a code that was not entered in time.
	VerifyExpired Kind[VerificationData] = "verify.expired"
)

// The events of flows. Their names follow the API's conventions.
const (
	// ExecutionStarted is a flow that began to run.
	ExecutionStarted Kind[ExecutionData] = "execution.started"
	// ExecutionNodeStarted is a node of a flow that began to run.
	ExecutionNodeStarted Kind[ExecutionData] = "execution.node_started"
	// ExecutionNodeCompleted is a node of a flow that came to its end.
	ExecutionNodeCompleted Kind[ExecutionData] = "execution.node_completed"
	// ExecutionNodeFailed is a node of a flow that failed.
	ExecutionNodeFailed Kind[ExecutionData] = "execution.node_failed"
	// ExecutionCompleted is a flow that came to its end.
	ExecutionCompleted Kind[ExecutionData] = "execution.completed"
	// ExecutionFailed is a flow that failed.
	ExecutionFailed Kind[ExecutionData] = "execution.failed"
)

// DocumentReady is a document of a knowledge base that can be searched now.
const DocumentReady Kind[DocumentData] = "kb.document.ready"

// The contact events.
const (
	// ContactCreated is a new contact.
	ContactCreated Kind[ContactData] = "contact.created"
	// ContactUpdated is a contact that was changed.
	ContactUpdated Kind[ContactData] = "contact.updated"
	// ContactDeleted is a contact that was deleted.
	ContactDeleted Kind[ContactData] = "contact.deleted"
	// ContactMerged is a contact that became one with another.
	ContactMerged Kind[ContactData] = "contact.merged"
	// ContactOptedIn is a contact that wants messages.
	ContactOptedIn Kind[ContactData] = "contact.opted_in"
	// ContactOptedOut is a contact that wants no more messages.
	ContactOptedOut Kind[ContactData] = "contact.opted_out"
	// ContactRecertificationDue is a contact whose consent must be renewed.
	ContactRecertificationDue Kind[ContactData] = "contact.recertification_due"
	// ContactSegmentChanged is a contact that entered or left a segment.
	ContactSegmentChanged Kind[ContactData] = "contact.segment_changed"
)

// The campaign events.
const (
	// CampaignCreated is a new campaign.
	CampaignCreated Kind[CampaignData] = "campaign.created"
	// CampaignUpdated is a campaign that was changed.
	CampaignUpdated Kind[CampaignData] = "campaign.updated"
	// CampaignDeleted is a campaign that was deleted.
	CampaignDeleted Kind[CampaignData] = "campaign.deleted"
	// CampaignStarted is a campaign that began to send.
	CampaignStarted Kind[CampaignData] = "campaign.started"
	// CampaignPaused is a campaign that was halted.
	CampaignPaused Kind[CampaignData] = "campaign.paused"
	// CampaignCompleted is a campaign that has sent everything.
	CampaignCompleted Kind[CampaignData] = "campaign.completed"
	// CampaignFailed is a campaign that could not go on.
	CampaignFailed Kind[CampaignData] = "campaign.failed"
)

// Events whose data is not documented. They give it as JSON; convert the constant
// to a Kind of your own type to have it decoded.
const (
	// TelegramCallback is a button of a Telegram keyboard that was pressed.
	TelegramCallback Kind[json.RawMessage] = "telegram.callback"
	// InstagramStoryMention is an Instagram story that mentions the account.
	InstagramStoryMention Kind[json.RawMessage] = "instagram.story.mention"
	// InstagramStoryReply is an answer to an Instagram story of the account.
	InstagramStoryReply Kind[json.RawMessage] = "instagram.story.reply"
	// MessengerPostback is a button in Messenger that was pressed.
	MessengerPostback Kind[json.RawMessage] = "messenger.postback"
	// MessengerReferral is somebody who came to Messenger by a link.
	MessengerReferral Kind[json.RawMessage] = "messenger.referral"
	// MessengerOptin is somebody who agreed to messages in Messenger.
	MessengerOptin Kind[json.RawMessage] = "messenger.optin"
	// PushDelivered is a push notification that arrived.
	PushDelivered Kind[json.RawMessage] = "push.delivered"
	// PushOpened is a push notification that was opened.
	PushOpened Kind[json.RawMessage] = "push.opened"
	// FaxDelivered is a fax that went through.
	FaxDelivered Kind[json.RawMessage] = "fax.delivered"
	// FaxFailed is a fax that did not go through.
	FaxFailed Kind[json.RawMessage] = "fax.failed"
	// WebhookTest is the event that testing a webhook sends.
	WebhookTest Kind[json.RawMessage] = "webhook.test"
)
