package orbit

import (
	"net/http"

	"github.com/devotel/orbit-go/api"
)

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
		status = statusOf(e.Code)
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
// errors.Is. The set is open: a code without a constant works the same.
type Code = api.Code

// The documented codes.
const (
	// CodeUnauthorized reports a request without a valid key.
	CodeUnauthorized Code = api.CodeUnauthorized
	// CodeInvalidAPIKey reports a key that does not exist, or is used from an address
	// that its allowlist does not name.
	CodeInvalidAPIKey Code = api.CodeInvalidAPIKey
	// CodeExpiredToken reports a token past its end.
	CodeExpiredToken Code = api.CodeExpiredToken
	// CodeInsufficientPermissions reports a key that lacks the scope of the operation.
	CodeInsufficientPermissions Code = api.CodeInsufficientPermissions
	// CodeForbidden reports an operation that the account may not do.
	CodeForbidden Code = api.CodeForbidden
	// CodeIPNotAllowed reports an address that the key's allowlist does not name.
	CodeIPNotAllowed Code = api.CodeIPNotAllowed
	// CodeWrongKeyMode reports a sandbox key for a live resource, or the reverse.
	CodeWrongKeyMode Code = api.CodeWrongKeyMode
	// CodeValidationError reports a request whose fields do not fit together, or whose
	// JSON is malformed.
	CodeValidationError Code = api.CodeValidationError
	// CodeMissingRequiredField reports a required field that was not given.
	CodeMissingRequiredField Code = api.CodeMissingRequiredField
	// CodeInvalidPhoneNumber reports a number that is not E.164, or does not exist.
	CodeInvalidPhoneNumber Code = api.CodeInvalidPhoneNumber
	// CodeInvalidEmail reports an address that is no e-mail address.
	CodeInvalidEmail Code = api.CodeInvalidEmail
	// CodeInvalidTemplate reports a template that does not exist or was not approved.
	CodeInvalidTemplate Code = api.CodeInvalidTemplate
	// CodeInvalidCursor reports a cursor that is wrong or has expired: begin the list
	// anew.
	CodeInvalidCursor Code = api.CodeInvalidCursor
	// CodeInvalidWebhookURL reports a webhook URL that is not https or is private.
	CodeInvalidWebhookURL Code = api.CodeInvalidWebhookURL
	// CodeInvalidChannel reports a channel that does not exist or is not set up.
	CodeInvalidChannel Code = api.CodeInvalidChannel
	// CodeEmergencyCallingNotSupported reports a call to an emergency number, such as
	// 911 or 112: Orbit connects none.
	CodeEmergencyCallingNotSupported Code = api.CodeEmergencyCallingNotSupported
	// CodeDNCSyncNotEnabled reports an account without do-not-call synchronisation.
	CodeDNCSyncNotEnabled Code = api.CodeDNCSyncNotEnabled
	// CodeRNDScrubNotEnabled reports an account without reassigned-number scrubbing.
	CodeRNDScrubNotEnabled Code = api.CodeRNDScrubNotEnabled
	// CodeNotFound reports a resource that does not exist.
	CodeNotFound Code = api.CodeNotFound
	// CodeExecutionNotFound reports a flow execution that does not exist, or was
	// purged after 90 days.
	CodeExecutionNotFound Code = api.CodeExecutionNotFound
	// CodeNotOwningAgent reports a call that another agent handles.
	CodeNotOwningAgent Code = api.CodeNotOwningAgent
	// CodeRateLimitExceeded reports a request over a rate limit.
	CodeRateLimitExceeded Code = api.CodeRateLimitExceeded
	// CodeRateLimited is the newer name of CodeRateLimitExceeded. ErrRateLimited
	// covers both.
	CodeRateLimited Code = api.CodeRateLimited
	// CodeBalanceTooLow reports a wallet without enough balance.
	CodeBalanceTooLow Code = api.CodeBalanceTooLow
	// CodeMessageSendFailed reports a message that a provider refused. It is not
	// repeated.
	CodeMessageSendFailed Code = api.CodeMessageSendFailed
	// CodeInternalError reports a fault of Orbit.
	CodeInternalError Code = api.CodeInternalError
	// CodeServiceUnavailable reports a feature that is not configured, or down.
	CodeServiceUnavailable Code = api.CodeServiceUnavailable
	// CodeWhatsAppOutside24hWindow reports a free-form WhatsApp message more than 24
	// hours after the customer's last one: send a template.
	CodeWhatsAppOutside24hWindow Code = api.CodeWhatsAppOutside24hWindow
	// CodeMMSNANPOnly reports an MMS to a number that is not a +1 one.
	CodeMMSNANPOnly Code = api.CodeMMSNANPOnly
	// CodeTGInvalidToken reports a Telegram bot whose token is wrong.
	CodeTGInvalidToken Code = api.CodeTGInvalidToken
	// CodeIGNotAuthorized reports an Instagram account that did not authorise Orbit.
	CodeIGNotAuthorized Code = api.CodeIGNotAuthorized
	// CodeIGOutsideMessagingWindow reports an Instagram message outside the window
	// that the customer's last one opened.
	CodeIGOutsideMessagingWindow Code = api.CodeIGOutsideMessagingWindow
	// CodeIGNotBusinessAccount reports an Instagram account that is not a business's.
	CodeIGNotBusinessAccount Code = api.CodeIGNotBusinessAccount
	// CodePushInvalidToken reports a device token that is not one.
	CodePushInvalidToken Code = api.CodePushInvalidToken
	// CodePushTokenExpired reports a device token that is no longer in use.
	CodePushTokenExpired Code = api.CodePushTokenExpired
	// CodeFaxInvalidNumber reports a number that takes no fax.
	CodeFaxInvalidNumber Code = api.CodeFaxInvalidNumber
	// CodeFaxMediaFetchFailed reports a document that could not be fetched.
	CodeFaxMediaFetchFailed Code = api.CodeFaxMediaFetchFailed
	// CodeFaxUnsupportedFormat reports a document that is neither PDF nor TIFF.
	CodeFaxUnsupportedFormat Code = api.CodeFaxUnsupportedFormat
	// CodeFaxTooManyPages reports a document of more than 200 pages. Its exact name is
	// inferred.
	CodeFaxTooManyPages Code = api.CodeFaxTooManyPages
	// CodeCostLimit reports an agent's run that reached its cost limit.
	CodeCostLimit Code = api.CodeCostLimit
	// CodeCostCapExceeded reports an agent's conversation over its cost cap.
	CodeCostCapExceeded Code = api.CodeCostCapExceeded
	// CodeAPICallLimit reports an agent's run that made too many API calls.
	CodeAPICallLimit Code = api.CodeAPICallLimit
	// CodeTokenLimit reports an agent's run that used too many tokens.
	CodeTokenLimit Code = api.CodeTokenLimit
)

// statusOf is the HTTP status that usually comes with a code, for the rare
// response that carries an error under a success's status; 0 for an unknown code.
func statusOf(code Code) int {
	switch code {
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
		CodeInvalidCursor, CodeInvalidWebhookURL, CodeInvalidChannel, CodeEmergencyCallingNotSupported, CodeWhatsAppOutside24hWindow, CodeMMSNANPOnly,
		CodeIGOutsideMessagingWindow, CodeIGNotBusinessAccount, CodePushInvalidToken, CodeFaxInvalidNumber,
		CodeFaxMediaFetchFailed, CodeFaxUnsupportedFormat, CodeFaxTooManyPages:
		return http.StatusUnprocessableEntity
	}
	return 0
}
