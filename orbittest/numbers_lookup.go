package orbittest

import (
	"cmp"
	"strings"
)

// A line is what the server makes up of a phone number that it is asked about.
type line struct {
	valid             bool
	country, calling  string
	kind, nationalWay string
}

// lineOf tells what can be seen of a number's digits.
func lineOf(number string) line {
	l := line{valid: isE164(number)}
	if !l.valid {
		return l
	}
	for _, m := range markets() {
		national, ok := strings.CutPrefix(number, m.calling)
		if !ok || l.country != "" && m.calling == "+1" { // the US stands for all of +1
			continue
		}
		l.country, l.calling, l.kind = m.country, strings.TrimPrefix(m.calling, "+"), "mobile"
		l.nationalWay = "0" + national
		if l.calling == "1" && len(national) == 10 {
			l.nationalWay = "(" + national[:3] + ") " + national[3:6] + "-" + national[6:]
		}
		if o, known := m.offer(number); known {
			l.kind = o.kind
		}
	}
	l.kind = cmp.Or(l.kind, "unknown")
	return l
}

func (n *numbers) lookupBasic(c *call) (result, *failure) {
	l := lineOf(c.text("phone"))
	o := object{}
	if c.server.cfg.generation == Older {
		o = object{{"phone", c.text("phone")}, {"valid", l.valid}}
		o.text("country", l.country)
		o.text("line_type", l.kind)
		return result{data: o}, nil
	}
	o = object{{"phoneNumber", c.text("phone")}, {"valid", l.valid}}
	o.text("country", l.country)
	o.text("lineType", l.kind)
	return result{data: o}, nil
}

func (n *numbers) lookup(c *call) (result, *failure) {
	return result{data: n.look(c.value("e164"), lookupFields(c))}, nil
}

func (n *numbers) lookupBulk(c *call) (result, *failure) {
	rows := []object{}
	for _, number := range c.texts("numbers") {
		rows = append(rows, n.look(number, nil))
	}
	return result{data: rows}, nil
}

// look makes up what is known of a number. It is from the cache if anybody looked
// before.
func (n *numbers) look(number string, fields []string) object {
	l := lineOf(number)
	o := object{{"phoneNumber", number}, {"valid", l.valid}}
	if !l.valid {
		return o
	}
	o.text("callingCountryCode", l.calling)
	o.text("nationalFormat", l.nationalWay)
	o.add("carrier", object{{"name", "Orbit Mobile"}, {"type", l.kind}, {"mcc", "001"}, {"mnc", "01"}})
	o.add("portability", object{{"ported", false}, {"mnp_original_carrier", nil}})
	o.add("roaming", nil)
	o.add("liveStatus", "active")
	o.add("reachable", true)
	o.add("cached", n.lookedUp[number])
	n.lookedUp[number] = true
	if len(fields) == 0 {
		return o
	}
	packages := object{}
	for _, f := range fields {
		if f == "sim_swap" {
			o.add("simSwap", simSwapOf(number))
		}
		packages.add(f, packageOf(f, l))
	}
	o.add("dataPackages", packages)
	return o
}

// simSwapOf tells of a SIM that was changed where the number ends in 1.
func simSwapOf(number string) object {
	if lastByte(number) == '1' {
		return object{{"swapped", true}, {"lastSwapDate", "2026-03-01"}, {"riskLevel", "high"}}
	}
	return object{{"swapped", false}, {"lastSwapDate", nil}, {"riskLevel", "low"}}
}

// packageOf is the result of one field: most have one, and each other status has a
// field that shows it.
func packageOf(name string, l line) object {
	switch name {
	case "call_forwarding":
		return object{{"status", "coming_soon"}, {"reason", "The field is not available yet."}}
	case "identity_match":
		return object{{"status", "not_implemented"}, {"reason", "The field is not available for this country."}}
	case "caller_name":
		return object{{"status", "error"}, {"reason", "The source did not answer."}}
	case "line_type_intelligence":
		return object{{"status", "available"}, {"data", object{{"type", l.kind}}}}
	case "phone_number_quality_score":
		return object{{"status", "available"}, {"data", object{{"score", 90}}}}
	default:
		return object{{"status", "available"}, {"data", object{{"value", "Orbit"}}}}
	}
}
