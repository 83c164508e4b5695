package call

import (
	"encoding/json"
)

// secrets lists what must not be printed even when the server echoes it: the key
// and the values of the request that identify or unlock somebody. It is asked on
// the way to an error only.
func (x *exchange) secrets() []string {
	found := []string{x.apiKey}
	var body any
	if len(x.body) > 0 && json.Unmarshal(x.body, &body) == nil {
		found = personal(found, body, false)
	}
	return found
}

// shortestSecret keeps words that are too short to identify anybody, such as
// "no", from being cut out of every message.
const shortestSecret = 4

// personal collects the texts under the members that hold personal data.
func personal(found []string, value any, sensitive bool) []string {
	switch v := value.(type) {
	case string:
		if sensitive && len(v) >= shortestSecret {
			found = append(found, v)
		}
	case []any:
		for _, item := range v {
			found = personal(found, item, sensitive)
		}
	case map[string]any:
		for name, member := range v {
			found = personal(found, member, sensitive || isPersonal(name))
		}
	}
	return found
}

// isPersonal reports whether a member of a request holds what people wrote, or
// what identifies or unlocks them.
func isPersonal(name string) bool {
	switch name {
	case "to", "number", "numbers", "phone", "phone_number", "forwarding_number", "recipient", "recipients", "address",
		"body", "text", "query", "system_prompt", "html", "subject", "title", "message", "caption", "metadata", "data",
		"content", "note", "utterance", "override_inputs", "postback_data", "callback_data",
		"code", "password", "secret", "sipPassword", "parameters", "custom_message":
		return true
	}
	return false
}
