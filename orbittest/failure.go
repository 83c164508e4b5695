package orbittest

import "net/http"

// A failure is a request that the API refuses, before it becomes JSON.
type failure struct {
	status     int
	code       string
	message    string
	details    object
	data       any         // what the answer holds beside the error; nil: nothing
	retryAfter int         // seconds; 0: the client is not asked to wait
	header     http.Header // further headers of the answer
}

// missing is the failure of a required field that was not given.
func missing(name string) *failure {
	return &failure{
		status:  http.StatusUnprocessableEntity,
		code:    codeMissingField,
		message: "The field " + name + " is required.",
		details: object{{"field", name}, {"value", nil}, {"expected", "a value"}},
	}
}

// invalid is the failure of a field whose value breaks a rule of the contract.
func invalid(code, name string, value any, expected string) *failure {
	return &failure{
		status:  http.StatusUnprocessableEntity,
		code:    code,
		message: "The field " + name + " is invalid: expected " + expected + ".",
		details: object{{"field", name}, {"value", value}, {"expected", expected}},
	}
}

// malformed is the failure of a request that cannot be read at all.
func malformed(message string) *failure {
	return &failure{status: http.StatusBadRequest, code: codeValidation, message: message}
}

func notFound(message string) *failure {
	return &failure{status: http.StatusNotFound, code: codeNotFound, message: message}
}

func conflict(code, message string) *failure {
	return &failure{status: http.StatusConflict, code: code, message: message}
}
