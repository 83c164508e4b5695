package check

import "strings"

// codeEmergency is what the API refuses a call to an emergency number with.
const codeEmergency = "EMERGENCY_CALLING_NOT_SUPPORTED"

// Dialable is E164 for a number that is to be called. Of an emergency number it
// says so: advice on E.164 would be wrong there.
func Dialable(field, value string) *Problem {
	if IsE164(value) || !isEmergency(value) {
		return E164(field, value)
	}
	return &Problem{
		Field: field,
		Rule:  "must not be an emergency number: Orbit connects no emergency calls, dial it from a phone",
		Code:  codeEmergency,
	}
}

// isEmergency reports whether a number is 911, 112, 999 or 000, with a plus, a
// trunk or international prefix and separators or without.
func isEmergency(value string) bool {
	digits := withoutSeparators(strings.TrimPrefix(value, "+"))
	for _, number := range [...]string{"911", "112", "999", "000"} {
		switch prefix, found := strings.CutSuffix(digits, number); {
		case !found:
		case prefix == "", prefix == "1", prefix == "0", prefix == "00", prefix == "011":
			return true
		}
	}
	return false
}
