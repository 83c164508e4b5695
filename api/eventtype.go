package api

// EventType names what happened, in webhooks. The set is open: Orbit has more types
// than the SDK has constants, and an unknown one works like a known one. Package
// webhooks has the constants, together with the types of their data.
type EventType string

// Known reports whether package webhooks has a constant for the type. It is not
// inlined, since every Kind would be compiled with a list of its own.
//
//go:noinline
func (t EventType) Known() bool {
	switch t {
	case "message.created", "message.sending", "message.sent", "message.delivered", "message.undelivered",
		"message.failed", "message.read", "message.received", "message.replied", "message.recipient_deactivated",
		"message.status_updated", "call.initiated", "call.ringing", "call.answered", "call.completed", "call.failed",
		"verify.started", "verify.approved", "verify.failed", "verify.expired", "execution.started",
		"execution.node_started", "execution.node_completed", "execution.node_failed", "execution.completed",
		"execution.failed", "kb.document.ready", "contact.created", "contact.updated", "contact.deleted",
		"contact.merged", "contact.opted_in", "contact.opted_out", "contact.recertification_due",
		"contact.segment_changed", "campaign.created", "campaign.updated", "campaign.deleted", "campaign.started",
		"campaign.paused", "campaign.completed", "campaign.failed", "telegram.callback", "instagram.story.mention",
		"instagram.story.reply", "messenger.postback", "messenger.referral", "messenger.optin", "push.delivered",
		"push.opened", "fax.delivered", "fax.failed", "webhook.test":
		return true
	}
	return false
}
