package api

// Code is Orbit's name for what went wrong. It is an error to be compared with
// errors.Is. The set is open: a code without a constant works the same.
type Code string

// Error is the code.
func (c Code) Error() string { return string(c) }

// The documented codes.
const (
	// CodeUnauthorized reports a request without a valid key.
	CodeUnauthorized Code = "UNAUTHORIZED"
	// CodeInvalidAPIKey reports a key that does not exist, or is used from an address
	// that its allowlist does not name.
	CodeInvalidAPIKey Code = "INVALID_API_KEY"
	// CodeExpiredToken reports a token past its end.
	CodeExpiredToken Code = "EXPIRED_TOKEN"
	// CodeInsufficientPermissions reports a key that lacks the scope of the operation.
	CodeInsufficientPermissions Code = "INSUFFICIENT_PERMISSIONS"
	// CodeForbidden reports an operation that the account may not do.
	CodeForbidden Code = "FORBIDDEN"
	// CodeIPNotAllowed reports an address that the key's allowlist does not name.
	CodeIPNotAllowed Code = "IP_NOT_ALLOWED"
	// CodeWrongKeyMode reports a sandbox key for a live resource, or the reverse.
	CodeWrongKeyMode Code = "WRONG_KEY_MODE"
	// CodeValidationError reports a request whose fields do not fit together, or whose
	// JSON is malformed.
	CodeValidationError Code = "VALIDATION_ERROR"
	// CodeMissingRequiredField reports a required field that was not given.
	CodeMissingRequiredField Code = "MISSING_REQUIRED_FIELD"
	// CodeInvalidPhoneNumber reports a number that is not E.164, or does not exist.
	CodeInvalidPhoneNumber Code = "INVALID_PHONE_NUMBER"
	// CodeInvalidEmail reports an address that is no e-mail address.
	CodeInvalidEmail Code = "INVALID_EMAIL"
	// CodeInvalidTemplate reports a template that does not exist or was not approved.
	CodeInvalidTemplate Code = "INVALID_TEMPLATE"
	// CodeInvalidCursor reports a cursor that is wrong or has expired: begin the list
	// anew.
	CodeInvalidCursor Code = "INVALID_CURSOR"
	// CodeInvalidWebhookURL reports a webhook URL that is not https or is private.
	CodeInvalidWebhookURL Code = "INVALID_WEBHOOK_URL"
	// CodeInvalidChannel reports a channel that does not exist or is not set up.
	CodeInvalidChannel Code = "INVALID_CHANNEL"
	// CodeEmergencyCallingNotSupported reports a call to an emergency number, such as
	// 911 or 112: Orbit connects none.
	CodeEmergencyCallingNotSupported Code = "EMERGENCY_CALLING_NOT_SUPPORTED"
	// CodeDNCSyncNotEnabled reports an account without do-not-call synchronisation.
	CodeDNCSyncNotEnabled Code = "DNC_SYNC_NOT_ENABLED"
	// CodeRNDScrubNotEnabled reports an account without reassigned-number scrubbing.
	CodeRNDScrubNotEnabled Code = "RND_SCRUB_NOT_ENABLED"
	// CodeNotFound reports a resource that does not exist.
	CodeNotFound Code = "NOT_FOUND"
	// CodeExecutionNotFound reports a flow execution that does not exist, or was
	// purged after 90 days.
	CodeExecutionNotFound Code = "EXECUTION_NOT_FOUND"
	// CodeNotOwningAgent reports a call that another agent handles.
	CodeNotOwningAgent Code = "NOT_OWNING_AGENT"
	// CodeRateLimitExceeded reports a request over a rate limit.
	CodeRateLimitExceeded Code = "RATE_LIMIT_EXCEEDED"
	// CodeRateLimited is the newer name of CodeRateLimitExceeded. ErrRateLimited
	// covers both.
	CodeRateLimited Code = "RATE_LIMITED"
	// CodeBalanceTooLow reports a wallet without enough balance.
	CodeBalanceTooLow Code = "BALANCE_TOO_LOW"
	// CodeMessageSendFailed reports a message that a provider refused. It is not
	// repeated.
	CodeMessageSendFailed Code = "MESSAGE_SEND_FAILED"
	// CodeInternalError reports a fault of Orbit.
	CodeInternalError Code = "INTERNAL_ERROR"
	// CodeServiceUnavailable reports a feature that is not configured, or down.
	CodeServiceUnavailable Code = "SERVICE_UNAVAILABLE"
	// CodeWhatsAppOutside24hWindow reports a free-form WhatsApp message more than 24
	// hours after the customer's last one: send a template.
	CodeWhatsAppOutside24hWindow Code = "WHATSAPP_OUTSIDE_24H_WINDOW"
	// CodeMMSNANPOnly reports an MMS to a number that is not a +1 one.
	CodeMMSNANPOnly Code = "MMS_NANP_ONLY"
	// CodeTGInvalidToken reports a Telegram bot whose token is wrong.
	CodeTGInvalidToken Code = "TG_INVALID_TOKEN"
	// CodeIGNotAuthorized reports an Instagram account that did not authorise Orbit.
	CodeIGNotAuthorized Code = "IG_NOT_AUTHORIZED"
	// CodeIGOutsideMessagingWindow reports an Instagram message outside the window
	// that the customer's last one opened.
	CodeIGOutsideMessagingWindow Code = "IG_OUTSIDE_MESSAGING_WINDOW"
	// CodeIGNotBusinessAccount reports an Instagram account that is not a business's.
	CodeIGNotBusinessAccount Code = "IG_NOT_BUSINESS_ACCOUNT"
	// CodePushInvalidToken reports a device token that is not one.
	CodePushInvalidToken Code = "PUSH_INVALID_TOKEN"
	// CodePushTokenExpired reports a device token that is no longer in use.
	CodePushTokenExpired Code = "PUSH_TOKEN_EXPIRED"
	// CodeFaxInvalidNumber reports a number that takes no fax.
	CodeFaxInvalidNumber Code = "FAX_INVALID_NUMBER"
	// CodeFaxMediaFetchFailed reports a document that could not be fetched.
	CodeFaxMediaFetchFailed Code = "FAX_MEDIA_FETCH_FAILED"
	// CodeFaxUnsupportedFormat reports a document that is neither PDF nor TIFF.
	CodeFaxUnsupportedFormat Code = "FAX_UNSUPPORTED_FORMAT"
	// CodeFaxTooManyPages reports a document of more than 200 pages. Its exact name is
	// inferred.
	CodeFaxTooManyPages Code = "FAX_TOO_MANY_PAGES"
	// CodeCostLimit reports an agent's run that reached its cost limit.
	CodeCostLimit Code = "COST_LIMIT"
	// CodeCostCapExceeded reports an agent's conversation over its cost cap.
	CodeCostCapExceeded Code = "COST_CAP_EXCEEDED"
	// CodeAPICallLimit reports an agent's run that made too many API calls.
	CodeAPICallLimit Code = "API_CALL_LIMIT"
	// CodeTokenLimit reports an agent's run that used too many tokens.
	CodeTokenLimit Code = "TOKEN_LIMIT"
)

// Known reports whether this version of the SDK has a constant for the code.
func (c Code) Known() bool {
	switch c {
	case CodeUnauthorized, CodeInvalidAPIKey, CodeExpiredToken, CodeInsufficientPermissions, CodeForbidden,
		CodeIPNotAllowed, CodeWrongKeyMode, CodeValidationError, CodeMissingRequiredField, CodeInvalidPhoneNumber,
		CodeInvalidEmail, CodeInvalidTemplate, CodeInvalidCursor, CodeInvalidWebhookURL, CodeInvalidChannel,
		CodeEmergencyCallingNotSupported, CodeDNCSyncNotEnabled, CodeRNDScrubNotEnabled, CodeNotFound,
		CodeExecutionNotFound, CodeNotOwningAgent, CodeRateLimitExceeded, CodeRateLimited, CodeBalanceTooLow,
		CodeMessageSendFailed, CodeInternalError, CodeServiceUnavailable, CodeWhatsAppOutside24hWindow,
		CodeMMSNANPOnly, CodeTGInvalidToken, CodeIGNotAuthorized, CodeIGOutsideMessagingWindow,
		CodeIGNotBusinessAccount, CodePushInvalidToken, CodePushTokenExpired, CodeFaxInvalidNumber,
		CodeFaxMediaFetchFailed, CodeFaxUnsupportedFormat, CodeFaxTooManyPages, CodeCostLimit, CodeCostCapExceeded,
		CodeAPICallLimit, CodeTokenLimit:
		return true
	}
	return false
}
