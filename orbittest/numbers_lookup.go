package orbittest

import (
	"cmp"
	"slices"
	"strings"
)

// A line is what the server makes up of a phone number that it is asked about.
type line struct {
	valid, failing    bool
	country           string
	kind, nationalWay string
}

// lineOf tells what can be seen of a number's digits.
func lineOf(number string) line {
	l := line{valid: isE164(number), failing: lastByte(number) == '4'}
	if !l.valid {
		return l
	}
	for _, m := range markets() {
		national, ok := strings.CutPrefix(number, m.calling)
		if !ok || l.country != "" && m.calling == "+1" { // the US stands for all of +1
			continue
		}
		l.country, l.kind = m.country, "mobile"
		l.nationalWay = "0" + national
		if m.calling == "+1" && len(national) == 10 {
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
	var swap simSwap
	if slices.Contains(fields, "sim_swap") {
		swap = simSwapOf(number)
	}
	o.text("callingCountryCode", l.country)
	o.text("nationalFormat", l.nationalWay)
	o.add("carrier", object{{"name", "Orbit Mobile"}, {"type", l.kind}, {"mcc", "001"}, {"mnc", "01"}})
	o.add("portability", object{{"ported", false}, {"mnp_original_carrier", nil}})
	o.add("simSwap", swap.object())
	o.add("roaming", object{{"roaming", nil}, {"servingMcc", nil}, {"homeMcc", nil}, {"servingCountry", nil}})
	o.add("liveStatus", "yes")
	o.add("reachable", true)
	o.add("cached", n.server.market.lookedUp[number])
	n.server.market.lookedUp[number] = true
	if len(fields) == 0 {
		return o
	}
	packages := object{}
	for _, f := range fields {
		packages.add(f, packageOf(f, l, swap))
	}
	o.add("dataPackages", packages)
	return o
}

// A simSwap is what is known of the last change of a SIM. The zero value is
// nothing.
type simSwap struct{ swapped, date, risk any }

// simSwapOf depends on the last digit: 1 was changed, 6 is not known, as if no
// provider had it, and the others were not.
func simSwapOf(number string) simSwap {
	switch lastByte(number) {
	case '1':
		return simSwap{true, "2026-03-01T00:00:00Z", "high"}
	case '6':
		return simSwap{}
	default:
		return simSwap{false, nil, "low"}
	}
}

func (s simSwap) object() object {
	return object{{"swapped", s.swapped}, {"lastSwapDate", s.date}, {"riskLevel", cmp.Or(s.risk, "unknown")}}
}

// packageOf is the result of one field. Which fields have one is as documented; a
// source fails for those of a number that ends in 4.
func packageOf(name string, l line, swap simSwap) object {
	without := func(status, reason string) object {
		return object{{"status", status}, {"data", nil}, {"reason", reason}}
	}
	found := func(data object) object { return object{{"status", "available"}, {"data", data}, {"reason", nil}} }
	switch name {
	case "cnam", "identity_match", "call_forwarding", "number_reputation":
		return without("coming_soon", "upstream_provider_not_contracted")
	case "caller_name":
		return without("not_implemented", "not_implemented")
	}
	switch {
	case l.failing, name == "sim_swap" && swap.swapped == nil:
		return without("error", "upstream_provider_error")
	case name == "sim_swap":
		return found(swap.object())
	case name == "line_type_intelligence":
		return found(object{{"type", l.kind}})
	case name == "operator_name":
		return found(object{{"name", "Orbit Mobile"}})
	default:
		return found(object{{"score", 90}})
	}
}
