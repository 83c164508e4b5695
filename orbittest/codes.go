package orbittest

// The error codes that the fake answers with, written down from the contract.
const (
	codeUnauthorized       = "UNAUTHORIZED"
	codeInvalidAPIKey      = "INVALID_API_KEY"
	codeNoPermission       = "INSUFFICIENT_PERMISSIONS"
	codeValidation         = "VALIDATION_ERROR"
	codeMissingField       = "MISSING_REQUIRED_FIELD"
	codeInvalidPhone       = "INVALID_PHONE_NUMBER"
	codeInvalidEmail       = "INVALID_EMAIL"
	codeInvalidCursor      = "INVALID_CURSOR"
	codeInvalidChannel     = "INVALID_CHANNEL"
	codeInvalidWebhookURL  = "INVALID_WEBHOOK_URL"
	codeOutsideWindow      = "WHATSAPP_OUTSIDE_24H_WINDOW"
	codeMMSOutsideNANP     = "MMS_NANP_ONLY"
	codeFaxInvalidNumber   = "FAX_INVALID_NUMBER"
	codeFaxUnsupported     = "FAX_UNSUPPORTED_FORMAT"
	codeEmergency          = "EMERGENCY_CALLING_NOT_SUPPORTED"
	codeNotFound           = "NOT_FOUND"
	codeExecutionNotFound  = "EXECUTION_NOT_FOUND"
	codeNotOwningAgent     = "NOT_OWNING_AGENT"
	codeRateLimited        = "RATE_LIMITED"
	codeRateLimitedOlder   = "RATE_LIMIT_EXCEEDED"
	codeSendFailed         = "MESSAGE_SEND_FAILED"
	codeInternal           = "INTERNAL_ERROR"
	codeServiceUnavailable = "SERVICE_UNAVAILABLE"
)

// The contract knows these statuses but prints no code for them; the set of
// codes is open, and a client has to work with names that it has never seen.
const (
	codeConflict         = "CONFLICT"
	codeIdempotencyReuse = "IDEMPOTENCY_CONFLICT"
	codeMethodNotAllowed = "METHOD_NOT_ALLOWED"
	codeUnsupportedMedia = "UNSUPPORTED_MEDIA_TYPE"
)

// codeFor is the code of a scripted error that names only a status.
func codeFor(status int, g Generation) string {
	switch status {
	case 401:
		return codeUnauthorized
	case 403:
		return "FORBIDDEN"
	case 404:
		return codeNotFound
	case 402:
		return "BALANCE_TOO_LOW"
	case 409:
		return codeConflict
	case 400, 422:
		return codeValidation
	case 429:
		return rateLimitCode(g)
	case 503:
		return codeServiceUnavailable
	default:
		return codeInternal
	}
}

func rateLimitCode(g Generation) string {
	if g == Older {
		return codeRateLimitedOlder
	}
	return codeRateLimited
}
