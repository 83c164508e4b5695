package orbittest

// What the contract's page on messages knows of each request, a table a path.

func metadataField() field { return field{name: "metadata", kind: record} }
func mediaURLs() field {
	return field{name: "media_urls", kind: list, max: 10, item: &field{kind: text, format: httpsURL()}}
}

func phoneTo() field   { return field{name: "to", kind: text, required: true, format: phoneNumber()} }
func addressTo() field { return field{name: "to", kind: text, required: true} }

func smsFields() schema {
	return schema{
		phoneTo(),
		{name: "from", kind: text, format: sender()},
		{name: "body", kind: text, max: 1600},
		mediaURLs(),
		{name: "webhook_url", kind: text, format: webhookURL()},
		metadataField(),
	}
}

// checkSMS asks for a body or media, and holds media to the rules of MMS.
func checkSMS(c *call) *failure {
	switch {
	case !hasMedia(c):
		return requireAny(c, "body")
	case !isNANP(c.text("to")):
		return invalid(codeMMSOutsideNANP, "to", c.text("to"), "a +1 number")
	}
	return checkMMSLength(c)
}

func checkMMSLength(c *call) *failure {
	if n := smsSegments(c.text("body")); n > 10 {
		return invalid(codeValidation, "body", n, "at most 10 segments")
	}
	return nil
}

// requireAny is the failure of the first name if no name was given.
func requireAny(c *call, names ...string) *failure {
	for _, name := range names {
		if c.has(name) {
			return nil
		}
	}
	return missing(names[0])
}

func whatsAppFields() schema {
	return schema{
		phoneTo(),
		{name: "type", kind: text, required: true, format: oneOf("text", "template", "media")},
		{name: "text", kind: record, fields: schema{{name: "body", kind: text, required: true}}},
		{name: "template", kind: record, fields: schema{
			{name: "name", kind: text, required: true},
			{name: "language", kind: record, required: true, fields: schema{{name: "code", kind: text, required: true}}},
			{name: "components", kind: list, item: &field{kind: record, fields: schema{
				{name: "type", kind: text, required: true},
				{name: "parameters", kind: list, item: &field{kind: record, fields: schema{
					{name: "type", kind: text, required: true},
					{name: "text", kind: text},
				}}},
			}}},
		}},
		{name: "media", kind: record, fields: schema{
			{name: "url", kind: text, required: true, format: httpsURL()},
			{name: "type", kind: text},
			{name: "caption", kind: text},
		}},
		metadataField(),
	}
}

// checkWhatsApp asks for the object that the type names, and for no other.
func checkWhatsApp(c *call) *failure {
	kind := c.text("type")
	for _, name := range []string{"text", "template", "media"} {
		switch given := c.has(name); {
		case name == kind && !given:
			return missing(name)
		case name != kind && given:
			return invalid(codeValidation, name, nil, "no "+name+" beside type "+kind)
		}
	}
	return nil
}

func emailFields() schema {
	return schema{
		{name: "to", kind: textOrList, required: true, format: emailAddress()},
		{name: "from", kind: text, format: mailbox()},
		{name: "subject", kind: text, required: true},
		{name: "html", kind: text},
		{name: "text", kind: text},
		{name: "attachments", kind: list, max: 20, item: &field{kind: record, exactlyOne: []string{"url", "content"}, fields: schema{
			{name: "filename", kind: text, required: true, max: 255, format: fileName()},
			{name: "content_type", kind: text, required: true, format: attachmentType()},
			{name: "url", kind: text, format: httpsURL()},
			{name: "content", kind: text},
		}}},
	}
}

// checkEmail asks for a text and weighs the attachments.
func checkEmail(c *call) *failure {
	if problem := requireAny(c, "html", "text"); problem != nil {
		return problem
	}
	const one, all = 10 << 20, 25 << 20
	attachments, _ := c.fields["attachments"].([]any)
	sum := 0
	for i, a := range attachments {
		at := itemPath("attachments", i) + ".content"
		content, _ := a.(map[string]any)["content"].(string) // the schema has checked the types
		size := base64Size(content)
		sum += size
		switch {
		case size < 0:
			return invalid(codeValidation, at, nil, "base64")
		case size > one:
			return invalid(codeValidation, at, size, "at most 10 MB")
		case sum > all:
			return invalid(codeValidation, "attachments", sum, "at most 25 MB in all")
		}
	}
	return nil
}

func rcsFields() schema {
	card := schema{
		{name: "title", kind: text},
		{name: "description", kind: text},
		{name: "media", kind: record, fields: schema{
			{name: "height", kind: text, format: oneOf("SHORT", "MEDIUM", "TALL")},
			{name: "content_info", kind: record, required: true, fields: schema{
				{name: "file_url", kind: text, required: true, format: httpsURL()},
			}},
		}},
	}
	return schema{
		phoneTo(),
		{name: "body", kind: text},
		{name: "rich_card", kind: record, fields: schema{
			{name: "card_content", kind: record, required: true, fields: card},
			suggestions(),
		}},
		{name: "rich_card_carousel", kind: record, fields: schema{
			{name: "card_contents", kind: list, required: true, min: 2, max: 10, item: &field{kind: record, fields: card}},
		}},
		suggestions(),
	}
}

// suggestions is the row of buttons; what dials or shows a place is kept raw.
func suggestions() field {
	return field{name: "suggestions", kind: list, item: &field{kind: record, exactlyOne: []string{"reply", "action"}, fields: schema{
		{name: "reply", kind: record, fields: schema{
			{name: "text", kind: text, required: true},
			{name: "postback_data", kind: text},
		}},
		{name: "action", kind: record, exactlyOne: []string{"open_url", "dial_action", "view_location_action"}, fields: schema{
			{name: "text", kind: text, required: true},
			{name: "open_url", kind: record, fields: schema{{name: "url", kind: text, required: true}}},
			{name: "dial_action"},
			{name: "view_location_action"},
		}},
	}}}
}

// checkRCS asks for exactly one content, and for suggestions beside a body only:
// cards carry their own.
func checkRCS(c *call) *failure {
	if problem := exactlyOne(c.fields, "", []string{"body", "rich_card", "rich_card_carousel"}); problem != nil {
		return problem
	}
	if c.has("suggestions") && !c.has("body") {
		return invalid(codeValidation, "suggestions", nil, "suggestions beside a body")
	}
	return nil
}

func viberFields() schema {
	return schema{
		phoneTo(),
		{name: "from", kind: text, max: 11},
		{name: "body", kind: text, required: true},
		{name: "media_url", kind: text, format: httpsURL()},
	}
}

func telegramFields() schema {
	button := &field{kind: record, fields: schema{
		{name: "text", kind: text, required: true},
		{name: "callback_data", kind: text},
	}}
	return schema{
		addressTo(),
		{name: "from", kind: text},
		{name: "type", kind: text, required: true, format: oneOf("text")},
		{name: "text", kind: text, required: true},
		{name: "reply_markup", kind: record, fields: schema{
			{name: "inline_keyboard", kind: list, item: &field{kind: list, item: button}},
			// Telegram's other keyboards, raw.
			{name: "keyboard"}, {name: "resize_keyboard"}, {name: "one_time_keyboard"}, {name: "is_persistent"},
			{name: "input_field_placeholder"}, {name: "selective"}, {name: "remove_keyboard"}, {name: "force_reply"},
		}},
	}
}

// messengerFields names what goes with another type than text as WhatsApp does:
// the contract says that there is more, and prints no names.
func messengerFields() schema {
	return schema{
		addressTo(),
		{name: "from", kind: text},
		{name: "type", kind: text, required: true},
		{name: "text", kind: text},
		{name: "media"}, {name: "attachment"}, {name: "buttons"}, {name: "template"}, {name: "templates"},
	}
}

func checkMessenger(c *call) *failure {
	if c.text("type") == "text" {
		return requireAny(c, "text")
	}
	return nil
}

func instagramFields() schema {
	return schema{
		addressTo(),
		{name: "from", kind: text},
		{name: "type", kind: text, required: true},
		{name: "text", kind: text, required: true},
		{name: "tag", kind: text, format: oneOf(
			"HUMAN_AGENT", "ACCOUNT_UPDATE", "POST_PURCHASE_UPDATE", "CONFIRMED_EVENT_UPDATE")},
		{name: "quick_replies", kind: list, max: 13},
	}
}

func lineFields() schema {
	return schema{
		addressTo(),
		{name: "type", kind: text, format: oneOf("text", "image", "video", "audio", "location", "sticker", "template", "flex")},
		{name: "body", kind: text, required: true, max: 5000},
		{name: "metadata", kind: record, item: &field{kind: text}},
	}
}

func pushFields() schema {
	return schema{
		addressTo(),
		{name: "from", kind: text},
		{name: "title", kind: text, required: true},
		{name: "body", kind: text, required: true},
		{name: "data", kind: record},
		{name: "ios", kind: record, fields: schema{
			{name: "sound", kind: text},
			{name: "badge", kind: integer},
		}},
		{name: "android", kind: record, fields: schema{
			{name: "channel_id", kind: text},
			{name: "priority", kind: text},
		}},
		{name: "content_available", kind: flag},
	}
}

func faxFields() schema {
	to := phoneTo()
	to.format.code = codeFaxInvalidNumber
	return schema{
		to,
		{name: "from", kind: text, format: sender()},
		{name: "media_url", kind: text, required: true, format: faxDocument()},
		{name: "options", kind: record, fields: schema{
			{name: "quality", kind: text, format: oneOf("standard", "high")},
			{name: "header_text", kind: text},
		}},
	}
}

func groupFields() schema {
	return schema{
		{name: "to", kind: list, required: true, min: 1, max: 20, item: &field{kind: text, format: phoneNumber()}},
		{name: "from", kind: text, format: sender()},
		{name: "body", kind: text, max: 1600},
		mediaURLs(),
	}
}

// checkGroup asks for a body or media, and for recipients that differ.
func checkGroup(c *call) *failure {
	if !hasMedia(c) {
		if problem := requireAny(c, "body"); problem != nil {
			return problem
		}
	}
	seen := make(map[string]bool)
	for i, to := range c.texts("to") {
		if seen[to] {
			return invalid(codeValidation, itemPath("to", i), to, "distinct recipients")
		}
		seen[to] = true
	}
	return checkMMSLength(c)
}

func editFields() schema {
	return schema{{name: "text", kind: text, required: true}}
}

func renderFields() schema {
	return schema{
		{name: "name", kind: text, required: true},
		{name: "blocks", kind: list, required: true, item: &field{kind: record, fields: schema{
			{name: "type", kind: text, required: true},
			{name: "content"},
		}}},
	}
}

// messageQuery is what a list of messages can be filtered by. A status is an
// open set: one that no message has finds nothing.
func messageQuery() schema {
	return listQuery(
		sorting(),
		field{name: "channel", kind: text, format: channelName()},
		field{name: "status", kind: text},
		field{name: "to", kind: text},
		field{name: "from", kind: text},
		field{name: "direction", kind: text, format: oneOf("inbound", "outbound")},
		field{name: "date_from", kind: text, format: instant()},
		field{name: "date_to", kind: text, format: instant()},
	)
}

func channelName() format {
	f := oneOf("sms", "mms", "whatsapp", "rcs", "viber", "email", "telegram", "messenger", "instagram", "line", "push", "fax")
	f.code = codeInvalidChannel
	return f
}

func windowQuery() schema {
	return schema{
		{name: "to", kind: text, required: true, format: phoneNumber()},
		{name: "from", kind: text},
	}
}
