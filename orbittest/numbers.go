package orbittest

import (
	"net/http"
	"strings"
	"time"
)

// numbers is the service under /numbers.
type numbers struct {
	server  *Server
	account *account
	rows    *collection[*heldNumber]
}

// A marketState is what all accounts share of numbers.
type marketState struct {
	holder   map[string]*heldNumber // who was given each phone number last
	lookedUp map[string]bool
}

func newNumbers(a *account) *numbers {
	return &numbers{server: a.server, account: a, rows: newCollection[*heldNumber]()}
}

func (n *numbers) routes() []*route {
	const read, write = "numbers:read", "numbers:write"
	const created, none = http.StatusCreated, http.StatusNoContent
	return []*route{
		{method: "GET", path: "/numbers/available", scope: read, perMinute: 60,
			query: availableQuery, handle: n.search},
		{method: "GET", path: "/numbers/available/countries", scope: read, handle: n.countries},
		{method: "GET", path: "/numbers/country-capabilities", scope: read, query: capabilitiesQuery, handle: n.countryCapabilities},
		{method: "POST", path: "/numbers/purchase", older: "/numbers", scope: write, perMinute: 60, status: created,
			body: purchaseFields, translate: translatePurchase, check: checkPurchase, handle: n.purchase},
		{method: "GET", path: "/numbers", scope: read, perMinute: 120, pageSize: 50, query: numberQuery, handle: n.list},
		{method: "GET", path: "/numbers/{id}", scope: read, handle: n.get},
		{method: "PUT", path: "/numbers/{id}", scope: write, body: numberFields, handle: n.update},
		{method: "DELETE", path: "/numbers/{id}", scope: write, status: none, handle: n.release},
		{method: "PUT", path: "/numbers/{id}/routing", scope: write, body: routingFields, check: checkRouting, handle: n.setRouting},
		{method: "PATCH", path: "/numbers/{id}/auto-renew", scope: write, body: autoRenewFields, handle: n.setAutoRenew},
		{method: "PUT", path: "/numbers/{id}/scheduled-release", scope: write, milliseconds: true,
			body: scheduledReleaseFields, check: checkScheduledRelease, handle: n.scheduleRelease},
		{method: "PATCH", path: "/numbers/{id}/scheduled-release", scope: write, milliseconds: true,
			body: changedReleaseFields, check: checkChangedRelease, handle: n.changeScheduledRelease},
		{method: "GET", path: "/numbers/{id}/scheduled-release", scope: read, milliseconds: true, handle: n.getScheduledRelease},
		{method: "DELETE", path: "/numbers/{id}/scheduled-release", scope: write, status: none, handle: n.cancelScheduledRelease},
		{method: "POST", path: "/numbers/{id}/reassign", scope: write, body: reassignFields, handle: n.reassign},
		{method: "GET", path: "/numbers/export", scope: read, query: exportQuery, handle: n.export},
		{method: "POST", path: "/numbers/lookup", scope: read, shape: withoutMeta, body: basicLookupFields, handle: n.lookupBasic},
		{method: "GET", path: "/numbers/lookup/{e164}", scope: read, shape: withoutMeta, query: lookupQuery, check: checkLookup, handle: n.lookup},
		{method: "POST", path: "/numbers/bulk-lookup", scope: read, body: bulkLookupFields, handle: n.lookupBulk},
		{method: "GET", path: "/numbers/{id}/emergency-address", scope: read, shape: bare, handle: n.getEmergencyAddress},
		{method: "PUT", path: "/numbers/{id}/emergency-address", scope: write, body: emergencyFields, handle: n.setEmergencyAddress},
		{method: "POST", path: "/numbers/{id}/emergency-address/verify", scope: write, handle: n.verifyEmergencyAddress},
		{method: "GET", path: "/numbers/{id}/cnam", scope: read, handle: n.getCNAM},
		{method: "PUT", path: "/numbers/{id}/cnam", scope: write, body: cnamFields, handle: n.setCNAM},
		{method: "DELETE", path: "/numbers/{id}/cnam", scope: write, status: none, handle: n.removeCNAM},
		{method: "POST", path: "/numbers/{id}/cnam/dispatch", scope: write, handle: n.dispatchCNAM},
		{method: "GET", path: "/numbers/{id}/cnam/dip", scope: read, handle: n.dipCNAM},
		{method: "GET", path: "/numbers/{id}/warming", scope: read, handle: n.warming},
		{method: "GET", path: "/numbers/{id}/warming/progression", scope: read, handle: n.warmingProgression},
		{method: "GET", path: "/numbers/{id}/health", scope: read, handle: n.health},
		{method: "GET", path: "/numbers/{id}/reputation", scope: read, handle: n.reputation},
	}
}

// purchase takes a number out of the inventory.
func (n *numbers) purchase(c *call) (result, *failure) {
	country := n.countryOf(c)
	offer, ok := offerOf(country, c.text("number"))
	if !c.has("number") {
		offer, ok = n.firstOffer(c, country)
	}
	switch {
	case !ok:
		return result{}, invalid(codeValidation, "number", c.text("number"), "an available number of "+country)
	case n.isHeld(offer.number, c.now):
		return result{}, conflict(codeConflict, "The number is no longer available.")
	}
	h := newHeldNumber(offer, c)
	h.id, h.account = n.server.newID("num_"), n.account.name
	n.put(h)
	o := h.object(c)
	if c.purchasedUnderOlderPath() {
		o[0].name = "number_id"
	}
	return result{data: o}, nil
}

// firstOffer is a number of the kind that a purchase wants.
func (n *numbers) firstOffer(c *call, country string) (offer, bool) {
	for o := range n.offers(country) {
		if o.kind == c.text("type") && o.can(c.texts("capabilities")) && !n.isHeld(o.number, c.now) {
			return o, true
		}
	}
	return offer{}, false
}

// countryOf is the country that a purchase is meant for. The older generation
// does not ask for it.
func (n *numbers) countryOf(c *call) string {
	if c.has("country_code") {
		return c.text("country_code")
	}
	if n.server.cfg.generation == Older {
		for _, m := range markets() {
			if _, ok := m.offer(c.text("number")); ok {
				return m.country
			}
		}
	}
	return defaultCountry
}

func (n *numbers) put(h *heldNumber) {
	n.rows.add(h.id, h.created, h)
	n.server.market.holder[h.number] = h
}

// isHeld reports whether a phone number belongs to somebody, so that it is not to
// be had.
func (n *numbers) isHeld(number string, now time.Time) bool {
	h := n.server.market.holder[number]
	return h != nil && !h.isReleased(now)
}

func (n *numbers) list(c *call) (result, *failure) {
	return listPage(c, n.rows, numberFilter(c), func(h *heldNumber) object { return h.object(c) })
}

// numberFilter is what the query of a list or an export asks for.
func numberFilter(c *call) func(*heldNumber) bool {
	status, country, search := c.query.Get("status"), c.query.Get("country_code"), strings.ToLower(c.query.Get("search"))
	if status == "all" {
		status = ""
	}
	return func(h *heldNumber) bool {
		return (status == "" || status == h.status(c.now)) &&
			(country == "" || country == h.country) &&
			(search == "" || strings.Contains(h.number, search) || strings.Contains(strings.ToLower(h.friendlyName), search))
	}
}

// find returns the number that a path names.
func (n *numbers) find(c *call) (*heldNumber, *failure) {
	h, ok := n.rows.get(c.value("id"))
	if !ok {
		return nil, notFound("There is no number with this ID.")
	}
	return h, nil
}

// findHeld returns the number that a path names, if it was not given back.
func (n *numbers) findHeld(c *call) (*heldNumber, *failure) {
	h, problem := n.find(c)
	if problem == nil && h.isReleased(c.now) {
		problem = conflict(codeConflict, "The number was released.")
	}
	return h, problem
}

// change lets f change the number that a path names.
func (n *numbers) change(c *call, f func(*heldNumber) (object, *failure)) (result, *failure) {
	h, problem := n.findHeld(c)
	if problem != nil {
		return result{}, problem
	}
	o, problem := f(h)
	if problem != nil {
		return result{}, problem
	}
	return written(c, o), nil
}

// written is the answer to a write: the object that was written, or, in the older
// generation, nothing.
func written(c *call, o object) result {
	if c.server.cfg.generation == Older {
		return result{status: http.StatusNoContent}
	}
	return result{data: o}
}

func (n *numbers) get(c *call) (result, *failure) {
	h, problem := n.find(c)
	if problem != nil {
		return result{}, problem
	}
	return result{data: h.object(c)}, nil
}

// update changes the fields that are given; null and an empty text clear one.
func (n *numbers) update(c *call) (result, *failure) {
	return n.change(c, func(h *heldNumber) (object, *failure) {
		for name, target := range map[string]*string{
			"friendly_name": &h.friendlyName, "sms_webhook_url": &h.smsWebhookURL,
			"voice_webhook_url": &h.voiceWebhookURL, "agent_id": &h.agentID,
		} {
			if _, given := c.fields[name]; given {
				*target = c.text(name)
			}
		}
		if c.has("agent_id") {
			h.assigned = c.now
		}
		return h.object(c), nil
	})
}

func (n *numbers) release(c *call) (result, *failure) {
	h, problem := n.findHeld(c)
	if problem != nil {
		return result{}, problem
	}
	h.releaseAt = c.now
	return result{}, nil
}

func (n *numbers) setAutoRenew(c *call) (result, *failure) {
	return n.change(c, func(h *heldNumber) (object, *failure) {
		h.autoRenew, _ = c.fields["auto_renew"].(bool)
		return h.object(c), nil
	})
}

// setRouting never shows the password again.
func (n *numbers) setRouting(c *call) (result, *failure) {
	return n.change(c, func(h *heldNumber) (object, *failure) {
		h.routed, h.assigned = true, c.now
		config, _ := c.fields["config"].(map[string]any)
		shown := object{}
		for _, name := range []string{"mode", "sipUri", "sipUsername"} {
			if value, given := config[name]; given {
				shown.add(name, value)
			}
		}
		if config["sipPassword"] != nil {
			shown.add("sipPassword", "[redacted]")
		}
		return object{{"id", h.id}, {"type", c.text("type")}, {"config", shown}}, nil
	})
}

func (n *numbers) scheduleRelease(c *call) (result, *failure) {
	return n.change(c, func(h *heldNumber) (object, *failure) {
		h.releaseAt, _ = time.Parse(withMilliseconds, c.text("release_at")) // the schema has checked the form
		return h.scheduledRelease(), nil
	})
}

// changeScheduledRelease calls a release off with null. The SDK has no method for
// it: it deletes the release.
func (n *numbers) changeScheduledRelease(c *call) (result, *failure) {
	if c.has("release_at") {
		return n.scheduleRelease(c)
	}
	return n.change(c, func(h *heldNumber) (object, *failure) {
		h.releaseAt = time.Time{}
		return h.scheduledRelease(), nil
	})
}

func (n *numbers) getScheduledRelease(c *call) (result, *failure) {
	h, problem := n.find(c)
	if problem != nil {
		return result{}, problem
	}
	return result{data: h.scheduledRelease()}, nil
}

// cancelScheduledRelease calls off what has not happened yet.
func (n *numbers) cancelScheduledRelease(c *call) (result, *failure) {
	h, problem := n.findHeld(c)
	if problem == nil && h.releaseAt.IsZero() {
		problem = notFound("No release is scheduled.")
	}
	if problem != nil {
		return result{}, problem
	}
	h.releaseAt = time.Time{}
	return result{}, nil
}

// reassign gives a number to another subaccount: it is held, but no longer here.
func (n *numbers) reassign(c *call) (result, *failure) {
	return n.change(c, func(h *heldNumber) (object, *failure) {
		if status := h.status(c.now); status != "purchased" {
			return nil, conflict(codeConflict, "Only a purchased number can be reassigned; it is "+status+".")
		}
		n.rows.remove(h.id)
		return h.object(c), nil
	})
}
