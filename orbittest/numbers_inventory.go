package orbittest

import (
	"slices"
	"strconv"
	"strings"
)

// defaultCountry is the country of a purchase that names none.
const defaultCountry = "US"

// A market is what can be had in one country. Its numbers are made up when
// somebody looks: a hundred in each area.
type market struct {
	country, calling string
	// areas are the areas of each kind of number.
	local, tollFree, mobile []string
	shortCodes              bool
	// asksForPapers tells that a number is held back without a compliance profile
	// or a bundle of papers.
	asksForPapers bool
}

func markets() []market {
	return []market{
		{country: "US", calling: "+1", local: []string{"415", "212", "312"}, tollFree: []string{"800", "833"}, shortCodes: true},
		{country: "CA", calling: "+1", local: []string{"416", "604"}},
		{country: "GB", calling: "+44", local: []string{"20", "161"}, tollFree: []string{"808"}, mobile: []string{"7700"}},
		{country: "DE", calling: "+49", local: []string{"30", "89"}, mobile: []string{"151"}, asksForPapers: true},
		{country: "FR", calling: "+33", local: []string{"1", "4"}, mobile: []string{"6"}, asksForPapers: true},
		{country: "AU", calling: "+61", local: []string{"2", "3"}, mobile: []string{"4"}},
	}
}

func marketOf(country string) (market, bool) {
	all := markets()
	i := slices.IndexFunc(all, func(m market) bool { return m.country == country })
	if i < 0 {
		return market{}, false
	}
	return all[i], true
}

// kinds lists the kinds of number that the contract knows, in the order in which
// they are offered.
func kinds() []string { return []string{"local", "toll_free", "mobile", "short_code"} }

// areas are those that have numbers of a kind; short codes have none to name.
func (m *market) areas(kind string) []string {
	switch {
	case kind == "local":
		return m.local
	case kind == "toll_free":
		return m.tollFree
	case kind == "mobile":
		return m.mobile
	case m.shortCodes:
		return []string{""}
	default:
		return nil
	}
}

// An offer is a number that can be bought.
type offer struct {
	number, country, kind, area string
	capabilities                []string
	cost                        string // for a month, a decimal
	asksForPapers               bool
}

// perArea is how many numbers each area has.
const perArea = 100

// stem is a number of an area without its last two digits.
func (m *market) stem(kind, area string) string {
	if kind == "short_code" {
		return "726"
	}
	return m.calling + area + "55501"
}

// offerAt is the i-th number of an area.
func (m *market) offerAt(kind, area string, i int) offer {
	o := offer{
		number: m.stem(kind, area) + string([]byte{byte('0' + i/10), byte('0' + i%10)}), country: m.country, kind: kind, area: area,
		asksForPapers: m.asksForPapers,
	}
	switch kind {
	case "local":
		o.capabilities, o.cost = []string{"sms", "voice", "whatsapp"}, "1.15"
		if m.calling == "+1" {
			o.capabilities = []string{"sms", "voice", "mms", "whatsapp"}
		}
	case "toll_free":
		o.capabilities, o.cost = []string{"sms", "voice"}, "2.10"
	case "mobile":
		o.capabilities, o.cost = []string{"sms", "voice", "whatsapp"}, "3.50"
	default:
		o.capabilities, o.cost = []string{"sms"}, "500.00"
	}
	return o
}

// offer returns the number if the market has it.
func (m *market) offer(number string) (offer, bool) {
	for _, kind := range kinds() {
		for _, area := range m.areas(kind) {
			last, found := strings.CutPrefix(number, m.stem(kind, area))
			if found && len(last) == 2 && onlyDigits(last) {
				i, _ := strconv.Atoi(last) // two digits
				return m.offerAt(kind, area, i), true
			}
		}
	}
	return offer{}, false
}

// offerOf returns the number if it is one that the country has.
func offerOf(country, number string) (offer, bool) {
	m, ok := marketOf(country)
	if !ok {
		return offer{}, false
	}
	return m.offer(number)
}

// object is the offer in a response: the newer generation has camel case here, and
// a number of dollars for the price.
func (o *offer) object(c *call) object {
	name := c.server.cfg.generation.word
	return object{
		{"id", "did_" + strings.TrimPrefix(o.number, "+")},
		{name("phoneNumber", "number"), o.number},
		{"country", o.country},
		{"type", o.kind},
		{"region", orElse(o.area, o.country)},
		{"capabilities", o.capabilities},
		{name("monthlyRate", "monthly_cost"), o.price(c)},
		{"currency", "USD"},
		{"sms_two_way", o.kind != "toll_free"},
	}
}

// search answers with the first numbers that are wanted and that nobody holds. A
// country that the server knows nothing of has none.
func (n *numbers) search(c *call) (result, *failure) {
	get := c.query.Get
	limit := 25
	if get("limit") != "" {
		limit, _ = strconv.Atoi(get("limit")) // the schema has checked it
	}
	var wanted []string
	if list := get("capabilities"); list != "" {
		wanted = strings.Split(list, ",")
	}
	found := []object{}
	for o := range n.offers(get("country")) {
		if len(found) == limit {
			break
		}
		if o.can(wanted) && (get("type") == "" || get("type") == o.kind) && (get("area_code") == "" || get("area_code") == o.area) &&
			strings.Contains(o.number, get("contains")) && !n.isHeld(o.number, c.now) {
			found = append(found, o.object(c))
		}
	}
	return result{data: found, under: n.server.cfg.generation.word("numbers", "")}, nil
}

// can reports whether the number has all of the capabilities.
func (o *offer) can(wanted []string) bool {
	return !slices.ContainsFunc(wanted, func(w string) bool { return !slices.Contains(o.capabilities, w) })
}

// offers ranges over all numbers of a country, held or not.
func (n *numbers) offers(country string) func(yield func(offer) bool) {
	return func(yield func(offer) bool) {
		m, _ := marketOf(country)
		for _, kind := range kinds() {
			for _, area := range m.areas(kind) {
				for i := range perArea {
					if !yield(m.offerAt(kind, area, i)) {
						return
					}
				}
			}
		}
	}
}

// counts is how many numbers of a country nobody holds: of each kind, and of each
// kind and capability.
func (n *numbers) counts(c *call, country string) (byKind map[string]int, byUse map[string]map[string]int) {
	byKind, byUse = make(map[string]int), make(map[string]map[string]int)
	for o := range n.offers(country) {
		if n.isHeld(o.number, c.now) {
			continue
		}
		byKind[o.kind]++
		if byUse[o.kind] == nil {
			byUse[o.kind] = make(map[string]int)
		}
		for _, use := range o.capabilities {
			byUse[o.kind][use]++
		}
	}
	return byKind, byUse
}

func (n *numbers) countries(c *call) (result, *failure) {
	rows := []object{}
	for _, m := range markets() {
		byKind, _ := n.counts(c, m.country)
		row := object{{"country", m.country}}
		for _, kind := range kinds() {
			row.add(kind, byKind[kind])
		}
		rows = append(rows, row)
	}
	return result{data: rows}, nil
}

func (n *numbers) countryCapabilities(c *call) (result, *failure) {
	rows := []object{}
	for _, m := range markets() {
		if given := c.query.Get("country"); given == "" || given == m.country {
			_, byUse := n.counts(c, m.country)
			rows = append(rows, object{{"country", m.country}, {"line_types", byUse}})
		}
	}
	return result{data: rows}, nil
}
