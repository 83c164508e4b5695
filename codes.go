package orbit

import "net/http"

// Class is a group of errors that programs treat alike. It is an error to be
// compared with errors.Is; see [Error], [ParamError] and [TransportError].
type Class string

// Error is the text of the class.
func (c Class) Error() string { return "orbit: " + string(c) }

// The classes.
const (
	// ErrUnauthorized is a key that is wrong, expired or not allowed from this
	// address (401).
	ErrUnauthorized Class = "unauthorized"
	// ErrForbidden is a key that lacks a permission, or an account that lacks a
	// feature (403).
	ErrForbidden Class = "forbidden"
	// ErrNotFound is a resource that does not exist, or belongs to somebody else
	// (404).
	ErrNotFound Class = "not found"
	// ErrGone is a resource that existed once (410).
	ErrGone Class = "gone"
	// ErrInvalid is a request that cannot be served as it is (400, 415, 422), or
	// that the SDK refused before sending it.
	ErrInvalid Class = "invalid"
	// ErrConflict is a request that collides with the state of the resource, or
	// an idempotency key used for another request (409).
	ErrConflict Class = "conflict"
	// ErrRateLimited is a request over a rate limit (429). Error.RetryAt says
	// when to come back.
	ErrRateLimited Class = "rate limited"
	// ErrNoBalance is an empty wallet (402).
	ErrNoBalance Class = "no balance"
	// ErrServer is a fault of Orbit or of a provider behind it (5xx).
	ErrServer Class = "server error"
	// ErrNotSent is a call that provably did not reach Orbit: refused before
	// sending, or without a connection.
	ErrNotSent Class = "not sent"
)

// class is the class that an API error belongs to: by its status, or by its code
// where the status is no error's.
func (e *Error) class() Class {
	status := e.StatusCode
	if status < 400 {
		status = e.Code.status()
	}
	switch {
	case status == http.StatusUnauthorized:
		return ErrUnauthorized
	case status == http.StatusForbidden:
		return ErrForbidden
	case status == http.StatusNotFound:
		return ErrNotFound
	case status == http.StatusGone:
		return ErrGone
	case status == http.StatusConflict:
		return ErrConflict
	case status == http.StatusTooManyRequests:
		return ErrRateLimited
	case status == http.StatusPaymentRequired:
		return ErrNoBalance
	case status >= 500:
		return ErrServer
	case status == http.StatusBadRequest, status == http.StatusUnsupportedMediaType, status == http.StatusUnprocessableEntity:
		return ErrInvalid
	}
	return ""
}

// Code is Orbit's name for what went wrong. It is an error to be compared with
// errors.Is. The set is open: a code that has no constant here works the same.
type Code string

// Error is the code.
func (c Code) Error() string { return string(c) }

// The documented codes.
const (
	// CodeUnauthorized is a request without a valid key.
	CodeUnauthorized Code = "UNAUTHORIZED"
	// CodeInvalidAPIKey is a key that does not exist, or is used from an address
	// that its allowlist does not name.
	CodeInvalidAPIKey Code = "INVALID_API_KEY"
	// CodeExpiredToken is a token past its end.
	CodeExpiredToken Code = "EXPIRED_TOKEN"
	// CodeInsufficientPermissions is a key that lacks the scope of the operation.
	CodeInsufficientPermissions Code = "INSUFFICIENT_PERMISSIONS"
	// CodeForbidden is an operation that the account may not do.
	CodeForbidden Code = "FORBIDDEN"
	// CodeIPNotAllowed is an address that the key's allowlist does not name.
	CodeIPNotAllowed Code = "IP_NOT_ALLOWED"
	// CodeWrongKeyMode is a sandbox key for a live resource, or the reverse.
	CodeWrongKeyMode Code = "WRONG_KEY_MODE"
	// CodeValidationError is a request whose fields do not fit together, or whose
	// JSON is malformed.
	CodeValidationError Code = "VALIDATION_ERROR"
	// CodeMissingRequiredField is a required field that was not given.
	CodeMissingRequiredField Code = "MISSING_REQUIRED_FIELD"
	// CodeInvalidPhoneNumber is a number that is not E.164, or does not exist.
	CodeInvalidPhoneNumber Code = "INVALID_PHONE_NUMBER"
	// CodeInvalidEmail is an address that is no e-mail address.
	CodeInvalidEmail Code = "INVALID_EMAIL"
	// CodeInvalidTemplate is a template that does not exist or was not approved.
	CodeInvalidTemplate Code = "INVALID_TEMPLATE"
	// CodeInvalidCursor is a cursor that is wrong or has expired: begin the list
	// anew.
	CodeInvalidCursor Code = "INVALID_CURSOR"
	// CodeInvalidWebhookURL is a webhook URL that is not https or is private.
	CodeInvalidWebhookURL Code = "INVALID_WEBHOOK_URL"
	// CodeInvalidChannel is a channel that does not exist or is not set up.
	CodeInvalidChannel Code = "INVALID_CHANNEL"
	// CodeDNCSyncNotEnabled is an account without do-not-call synchronisation.
	CodeDNCSyncNotEnabled Code = "DNC_SYNC_NOT_ENABLED"
	// CodeRNDScrubNotEnabled is an account without reassigned-number scrubbing.
	CodeRNDScrubNotEnabled Code = "RND_SCRUB_NOT_ENABLED"
	// CodeNotFound is a resource that does not exist.
	CodeNotFound Code = "NOT_FOUND"
	// CodeExecutionNotFound is a flow execution that does not exist, or was
	// purged after 90 days.
	CodeExecutionNotFound Code = "EXECUTION_NOT_FOUND"
	// CodeNotOwningAgent is a call that another agent handles.
	CodeNotOwningAgent Code = "NOT_OWNING_AGENT"
	// CodeRateLimitExceeded is a request over a rate limit.
	CodeRateLimitExceeded Code = "RATE_LIMIT_EXCEEDED"
	// CodeRateLimited is the newer name of CodeRateLimitExceeded. ErrRateLimited
	// covers both.
	CodeRateLimited Code = "RATE_LIMITED"
	// CodeBalanceTooLow is a wallet without enough balance.
	CodeBalanceTooLow Code = "BALANCE_TOO_LOW"
	// CodeMessageSendFailed is a message that a provider refused. It is not
	// repeated.
	CodeMessageSendFailed Code = "MESSAGE_SEND_FAILED"
	// CodeInternalError is a fault of Orbit.
	CodeInternalError Code = "INTERNAL_ERROR"
	// CodeServiceUnavailable is a feature that is not configured, or down.
	CodeServiceUnavailable Code = "SERVICE_UNAVAILABLE"
	// CodeWhatsAppOutside24hWindow is a free-form WhatsApp message more than 24
	// hours after the customer's last one: send a template.
	CodeWhatsAppOutside24hWindow Code = "WHATSAPP_OUTSIDE_24H_WINDOW"
	// CodeMMSNANPOnly is an MMS to a number that is not a +1 one.
	CodeMMSNANPOnly Code = "MMS_NANP_ONLY"
	// CodeTGInvalidToken is a Telegram bot whose token is wrong.
	CodeTGInvalidToken Code = "TG_INVALID_TOKEN"
	// CodeIGNotAuthorized is an Instagram account that did not authorise Orbit.
	CodeIGNotAuthorized Code = "IG_NOT_AUTHORIZED"
	// CodeIGOutsideMessagingWindow is an Instagram message outside the window
	// that the customer's last one opened.
	CodeIGOutsideMessagingWindow Code = "IG_OUTSIDE_MESSAGING_WINDOW"
	// CodeIGNotBusinessAccount is an Instagram account that is not a business's.
	CodeIGNotBusinessAccount Code = "IG_NOT_BUSINESS_ACCOUNT"
	// CodePushInvalidToken is a device token that is not one.
	CodePushInvalidToken Code = "PUSH_INVALID_TOKEN"
	// CodePushTokenExpired is a device token that is no longer in use.
	CodePushTokenExpired Code = "PUSH_TOKEN_EXPIRED"
	// CodeFaxInvalidNumber is a number that takes no fax.
	CodeFaxInvalidNumber Code = "FAX_INVALID_NUMBER"
	// CodeFaxMediaFetchFailed is a document that could not be fetched.
	CodeFaxMediaFetchFailed Code = "FAX_MEDIA_FETCH_FAILED"
	// CodeFaxUnsupportedFormat is a document that is neither PDF nor TIFF.
	CodeFaxUnsupportedFormat Code = "FAX_UNSUPPORTED_FORMAT"
	// CodeFaxTooManyPages is a document of more than 200 pages. Its exact name is
	// inferred.
	CodeFaxTooManyPages Code = "FAX_TOO_MANY_PAGES"
	// CodeCostLimit is an agent's run that reached its cost limit.
	CodeCostLimit Code = "COST_LIMIT"
	// CodeCostCapExceeded is an agent's conversation over its cost cap.
	CodeCostCapExceeded Code = "COST_CAP_EXCEEDED"
	// CodeAPICallLimit is an agent's run that made too many API calls.
	CodeAPICallLimit Code = "API_CALL_LIMIT"
	// CodeTokenLimit is an agent's run that used too many tokens.
	CodeTokenLimit Code = "TOKEN_LIMIT"
)

// status is the HTTP status that usually comes with the code, for the rare
// answer that carries an error under a success's status; 0 for an unknown code.
func (c Code) status() int {
	switch c {
	case CodeUnauthorized, CodeInvalidAPIKey, CodeExpiredToken, CodeTGInvalidToken, CodeIGNotAuthorized:
		return http.StatusUnauthorized
	case CodeInsufficientPermissions, CodeForbidden, CodeIPNotAllowed, CodeWrongKeyMode,
		CodeDNCSyncNotEnabled, CodeRNDScrubNotEnabled:
		return http.StatusForbidden
	case CodeNotFound, CodeExecutionNotFound, CodeNotOwningAgent:
		return http.StatusNotFound
	case CodePushTokenExpired:
		return http.StatusGone
	case CodeRateLimitExceeded, CodeRateLimited:
		return http.StatusTooManyRequests
	case CodeBalanceTooLow:
		return http.StatusPaymentRequired
	case CodeMessageSendFailed, CodeInternalError:
		return http.StatusInternalServerError
	case CodeServiceUnavailable:
		return http.StatusServiceUnavailable
	case CodeValidationError, CodeMissingRequiredField, CodeInvalidPhoneNumber, CodeInvalidEmail, CodeInvalidTemplate,
		CodeInvalidCursor, CodeInvalidWebhookURL, CodeInvalidChannel, CodeWhatsAppOutside24hWindow, CodeMMSNANPOnly,
		CodeIGOutsideMessagingWindow, CodeIGNotBusinessAccount, CodePushInvalidToken, CodeFaxInvalidNumber,
		CodeFaxMediaFetchFailed, CodeFaxUnsupportedFormat, CodeFaxTooManyPages:
		return http.StatusUnprocessableEntity
	}
	return 0
}
