package orbittest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
)

// What the contract's page on numbers knows of each request, a table a path.

// countryCode is the format of a country as two letters.
func countryCode() format {
	return format{expected: "an ISO 3166 country of two letters", valid: func(s string) bool {
		return len(s) == 2 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z'
	}}
}

func digits() format { return format{expected: "digits", valid: onlyDigits} }

// eachOf is the format of words joined with commas.
func eachOf(words ...string) format {
	return format{expected: "a list of " + strings.Join(words, ", "), valid: func(s string) bool {
		for word := range strings.SplitSeq(s, ",") {
			if !slices.Contains(words, word) {
				return false
			}
		}
		return true
	}}
}

func availableQuery() schema {
	return schema{
		{name: "country", kind: text, required: true, format: countryCode()},
		{name: "type", kind: text, format: oneOf(kinds()...)},
		{name: "capabilities", kind: text, format: eachOf("sms", "voice", "mms", "whatsapp")},
		{name: "area_code", kind: text, format: digits()},
		{name: "contains", kind: text},
		{name: "limit", kind: integer, min: 1, max: 500},
	}
}

func capabilitiesQuery() schema {
	return schema{{name: "country", kind: text, format: countryCode()}}
}

func purchaseFields() schema {
	return append(schema{
		{name: "number", kind: text},
		{name: "type", kind: text, format: oneOf(kinds()...)},
		{name: "country_code", kind: text, format: countryCode()},
		{name: "capabilities", kind: list, item: &field{kind: text, format: oneOf("sms", "voice", "whatsapp", "rcs")}},
		{name: "compliance_profile_id", kind: text},
		{name: "provider_bundle_id", kind: text},
	}, numberFields()...)
}

// checkPurchase asks for a number. Under the older path a kind of number will do.
func checkPurchase(c *call) *failure {
	if c.purchasedUnderOlderPath() {
		return requireAny(c, "number", "type")
	}
	return requireAny(c, "number")
}

func numberFields() schema {
	return schema{
		{name: "friendly_name", kind: text},
		{name: "sms_webhook_url", kind: text, format: webhookURL()},
		{name: "voice_webhook_url", kind: text, format: webhookURL()},
		{name: "agent_id", kind: text},
	}
}

// numberQuery is what a list of numbers can be filtered by. A status is an open
// set: one that no number has finds nothing.
func numberQuery() schema { return listQuery(numberFilters()...) }

func numberFilters() schema {
	return schema{{name: "status", kind: text}, {name: "country_code", kind: text}, {name: "search", kind: text}}
}

func exportQuery() schema {
	return append(numberFilters(), field{name: "format", kind: text, format: oneOf("csv", "json")})
}

func routingFields() schema {
	return schema{
		{name: "type", kind: text, required: true},
		{name: "config", kind: record, fields: schema{
			{name: "mode", kind: text}, {name: "sipUri", kind: text}, {name: "sipUsername", kind: text}, {name: "sipPassword", kind: text},
		}},
	}
}

// checkRouting asks for what the one documented kind of routing needs.
func checkRouting(c *call) *failure {
	if c.text("type") != "sip_forward" {
		return nil
	}
	config, _ := c.fields["config"].(map[string]any)
	for _, name := range []string{"mode", "sipUri"} {
		if absent(config[name]) {
			return missing("config." + name)
		}
	}
	return nil
}

func autoRenewFields() schema {
	return schema{{name: "auto_renew", kind: flag, required: true}}
}

// withMilliseconds is the only form of time that a release can be scheduled with.
const withMilliseconds = "2006-01-02T15:04:05.000Z"

func scheduledReleaseFields() schema {
	return schema{{name: "release_at", kind: text, required: true, format: format{
		expected: "an ISO 8601 time in UTC with milliseconds", valid: func(s string) bool {
			_, err := time.Parse(withMilliseconds, s)
			return err == nil && len(s) == len(withMilliseconds)
		},
	}}}
}

// changedReleaseFields takes null, but not nothing.
func changedReleaseFields() schema {
	fields := scheduledReleaseFields()
	fields[0].required = false
	return fields
}

func checkChangedRelease(c *call) *failure {
	value, given := c.fields["release_at"]
	switch {
	case !given:
		return missing("release_at")
	case value == nil:
		return nil
	}
	return checkScheduledRelease(c)
}

func checkScheduledRelease(c *call) *failure {
	at, _ := time.Parse(withMilliseconds, c.text("release_at")) // the schema has checked the form
	if !at.After(c.now) {
		return invalid(codeValidation, "release_at", c.text("release_at"), "a time in the future")
	}
	return nil
}

func reassignFields() schema {
	return schema{{name: "target_org_id", kind: text, required: true}}
}

func basicLookupFields() schema {
	return schema{{name: "phone", kind: text, required: true}}
}

func bulkLookupFields() schema {
	return schema{{name: "numbers", kind: list, required: true, max: 100, item: &field{kind: text}}}
}

func lookupQuery() schema { return schema{{name: "fields", kind: text}} }

// checkLookup refuses what is no number, and fields that nobody knows. The plus
// sign of the number may be escaped or not.
func checkLookup(c *call) *failure {
	if number := c.value("e164"); !isE164(number) {
		return invalid(codeInvalidPhone, "e164", number, "E.164")
	}
	for _, f := range lookupFields(c) {
		if !slices.Contains(knownLookups(), f) {
			problem := invalid(codeValidation, "fields", f, "one of "+strings.Join(knownLookups(), ", "))
			problem.status = http.StatusBadRequest
			return problem
		}
	}
	return nil
}

// lookupFields are the fields that a lookup asks for, each once: joined with commas
// or a JSON array, in any case.
func lookupFields(c *call) []string {
	given := strings.ToLower(c.query.Get("fields"))
	var fields []string
	if json.Unmarshal([]byte(given), &fields) != nil {
		fields = strings.Split(given, ",")
	}
	var once []string
	for _, f := range fields {
		if f = strings.TrimSpace(f); f != "" && !slices.Contains(once, f) {
			once = append(once, f)
		}
	}
	return once
}

func knownLookups() []string {
	return []string{
		"line_type_intelligence", "operator_name", "phone_number_quality_score", "sim_swap", "caller_name", "cnam",
		"identity_match", "call_forwarding", "number_reputation",
	}
}

func emergencyFields() schema {
	return schema{
		{name: "line1", kind: text, required: true},
		{name: "city", kind: text, required: true},
		{name: "region", kind: text},
		{name: "postal_code", kind: text, required: true},
		{name: "country", kind: text, required: true, format: countryCode()},
	}
}

func cnamFields() schema {
	return schema{{name: "display_name", kind: text, required: true}}
}
