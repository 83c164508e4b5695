package wire

import (
	"encoding/json"
	"strconv"
)

// Error is what an error envelope says.
type Error struct {
	Code      string
	Message   string
	Status    int // 0 where the envelope does not say
	Details   Details
	RequestID string
	DocsURL   string
}

// Details is the part of an error envelope that tells what was wrong.
type Details struct {
	Field      string
	Value      string
	Expected   string
	Limit      int
	Window     string
	RetryAfter string // as written, in seconds
}

// Error is the message of the envelope.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

// ParseError reads the body of an answer that is an error. Whatever the body is,
// it returns what can be made out; an HTML page or nothing gives a zero Error.
func ParseError(body []byte) Error {
	var env struct {
		Error   json.RawMessage `json:"error"`
		Meta    json.RawMessage `json:"meta"`
		Code    json.RawMessage `json:"code"`
		Message json.RawMessage `json:"message"`
	}
	if json.Unmarshal(withoutMark(body), &env) != nil {
		return Error{}
	}
	e := parseErrorObject(env.Error)
	if e.Code == "" {
		e.Code = scalar(env.Code)
	}
	if e.Message == "" {
		e.Message = scalar(env.Message)
	}
	meta := object(env.Meta)
	e.RequestID = scalar(meta["request_id"])
	e.DocsURL = scalar(meta["docs_url"])
	return e
}

// parseErrorObject reads the error member: an object, or just a text. A mere true
// or number leaves it to the members beside it to say more.
func parseErrorObject(raw json.RawMessage) Error {
	fields := object(raw)
	switch {
	case fields != nil:
	case len(raw) > 0 && raw[0] == '"':
		return Error{Message: scalar(raw)}
	default:
		return Error{}
	}
	details := object(fields["details"])
	return Error{
		Code:    scalar(fields["code"]),
		Message: scalar(fields["message"]),
		Status:  count(fields["status"]),
		Details: Details{
			Field:      scalar(details["field"]),
			Value:      scalar(details["value"]),
			Expected:   scalar(details["expected"]),
			Limit:      count(details["limit"]),
			Window:     scalar(details["window"]),
			RetryAfter: scalar(details["retry_after"]),
		},
	}
}

// count reads a whole number; 0 for anything else.
func count(raw json.RawMessage) int {
	n, err := strconv.Atoi(scalar(raw))
	if err != nil {
		return 0
	}
	return n
}

// isError reports whether an error member says that something went wrong. Some
// answers always have one: null, "" or false when all is well.
func isError(raw json.RawMessage) bool {
	if raw == nil {
		return false
	}
	if fields := object(raw); fields != nil {
		return scalar(fields["code"]) != "" || scalar(fields["message"]) != ""
	}
	text := scalar(raw)
	return text != "" && text != "false" && text != "0"
}

// hasID reports whether an object names itself, in any generation's words: it is a
// result that has an error field, such as a failed execution.
func hasID(body json.RawMessage) bool {
	members := object(body)
	return scalar(members["id"]) != "" || scalar(members["message_id"]) != "" ||
		scalar(members["fax_id"]) != "" || scalar(members["verification_id"]) != "" || scalar(members["execution_id"]) != ""
}

// isEmpty reports whether raw is absent or null, or holds nothing.
func isEmpty(raw json.RawMessage) bool {
	for range elements(raw) {
		return false
	}
	return scalar(raw) == "" && len(object(raw)) == 0
}
