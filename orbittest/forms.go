package orbittest

import "slices"

// What the documentation prints in more than one form is taken in all of them, so
// that what is copied from it works. The SDK sends one; the others are noted.

// inOlderForm notes a form.
func (c *call) inOlderForm(name string) { c.olderForms = append(c.olderForms, name) }

// rename gives a field of the body the name that the SDK sends, unless it is given
// under that too.
func (c *call) rename(older, name string) {
	value, given := c.fields[older]
	if !given || c.has(name) {
		return
	}
	c.fields[name] = value
	delete(c.fields, older)
	c.inOlderForm(older)
}

// translateSMS takes one address of media in place of a list.
func translateSMS(c *call) {
	if address, one := c.fields["media_url"].(string); one {
		c.rename("media_url", "media_urls")
		c.fields["media_urls"] = []any{address}
	}
}

// translateWhatsApp takes a text without its type, and a text that stands in the
// body of the message.
func translateWhatsApp(c *call) {
	if body, given := c.fields["body"]; given && c.text("type") == "text" && !c.has("text") {
		c.fields["text"] = map[string]any{"body": body}
		delete(c.fields, "body")
		c.inOlderForm("body")
	}
	if c.has("text") && !c.has("type") {
		c.fields["type"] = "text"
		c.inOlderForm("text without type")
	}
}

func translateAgent(c *call) { c.rename("instructions", "system_prompt") }

// translateFlow takes the trigger as an object, and the nodes without a definition
// around them.
func translateFlow(c *call) {
	if trigger, given := c.fields["trigger"].(map[string]any); given && !c.has("trigger_type") {
		c.fields["trigger_type"] = trigger["type"]
		delete(c.fields, "trigger")
		c.inOlderForm("trigger")
	}
	if nodes, given := c.fields["nodes"]; given && !c.has("definition") {
		definition := map[string]any{"nodes": nodes, "edges": []any{}}
		if edges, given := c.fields["edges"]; given {
			definition["edges"] = edges
		}
		c.fields["definition"] = definition
		delete(c.fields, "nodes")
		delete(c.fields, "edges")
		c.inOlderForm("nodes")
	}
}

func translateCode(c *call) { c.rename("expiry", "expires_in_seconds") }

// translatePurchase takes a purchase that names a kind of number, and no number.
func translatePurchase(c *call) {
	if c.has("type") && !c.has("number") {
		if c.text("type") == "toll-free" {
			c.fields["type"] = "toll_free"
		}
		c.inOlderForm("type in place of number")
	}
}

// purchasedUnderOlderPath reports whether a purchase was sent where a guide sends
// it, which says that the response calls the number's ID number_id.
func (c *call) purchasedUnderOlderPath() bool {
	return slices.Contains(c.olderForms, c.method+" "+c.route.older)
}
