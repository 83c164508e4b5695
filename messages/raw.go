package messages

import "encoding/json"

// either returns raw, if given, and the JSON of typed otherwise. encoding/json
// refuses what is no JSON.
func either(raw json.RawMessage, typed any) ([]byte, error) {
	if len(raw) > 0 {
		return raw, nil
	}
	return json.Marshal(typed)
}

// MarshalJSON writes Raw if it is given, the inline keyboard otherwise.
func (m ReplyMarkup) MarshalJSON() ([]byte, error) {
	return either(m.Raw, struct {
		InlineKeyboard [][]InlineButton `json:"inline_keyboard"`
	}{m.InlineKeyboard})
}

// MarshalJSON writes Raw if it is given, the other fields otherwise.
func (b InlineButton) MarshalJSON() ([]byte, error) {
	type plain InlineButton
	return either(b.Raw, plain(b))
}

// MarshalJSON writes Raw if it is given, the other fields otherwise.
func (c WhatsAppComponent) MarshalJSON() ([]byte, error) {
	type plain WhatsAppComponent
	return either(c.Raw, plain(c))
}

// MarshalJSON writes Raw if it is given, the other fields otherwise.
func (p WhatsAppParameter) MarshalJSON() ([]byte, error) {
	type plain WhatsAppParameter
	return either(p.Raw, plain(p))
}

// MarshalJSON writes Raw if it is given, the other fields otherwise.
func (c RCSRichCard) MarshalJSON() ([]byte, error) {
	type plain RCSRichCard
	return either(c.Raw, plain(c))
}

// MarshalJSON writes Raw if it is given, the other fields otherwise.
func (c RCSCardContent) MarshalJSON() ([]byte, error) {
	type plain RCSCardContent
	return either(c.Raw, plain(c))
}

// MarshalJSON writes Raw if it is given, the other fields otherwise.
func (s RCSSuggestion) MarshalJSON() ([]byte, error) {
	type plain RCSSuggestion
	return either(s.Raw, plain(s))
}
