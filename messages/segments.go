package messages

import "unicode/utf16"

// Encoding is the alphabet in which an SMS travels. One character outside
// [EncodingGSM7] moves the whole message to [EncodingUCS2].
type Encoding string

const (
	// EncodingGSM7 is the GSM 03.38 default alphabet with its extension table:
	// 160 units in a single segment, 153 in each of several.
	EncodingGSM7 Encoding = "GSM-7"
	// EncodingUCS2 is two bytes for each UTF-16 code unit: 70 units in a single
	// segment, 67 in each of several.
	EncodingUCS2 Encoding = "UCS-2"
)

// Segmentation tells how a text travels as SMS. See [Segments].
type Segmentation struct {
	// Encoding is the smaller alphabet that holds every character of the text.
	Encoding Encoding
	// Units is the length that the network counts: in GSM-7 two for a character
	// of the extension table (^ { } \ [ ~ ] | € and form feed) and one for any
	// other, in UCS-2 one for a character of the Basic Multilingual Plane and two
	// for any other (most emoji).
	Units int
	// Segments is the number of SMS that carry the text, and usually what is
	// billed. It is 0 for an empty text.
	Segments int
	// PerSegment is the number of units that fit into each segment: 160 or 70
	// when one is enough, 153 or 67 when there are more, since each then carries
	// a header that puts them together again.
	PerSegment int
}

// Segments counts the SMS that body takes. It is an estimate made without a
// call; [Message.Segments] is the API's own count.
//
// A character is never torn apart: one that takes two units and does not fit
// into the rest of a segment moves to the next, so that a text can take one
// segment more than Units divided by PerSegment. A sequence of characters that
// is drawn as one (a letter with combining accents, an emoji with a skin tone)
// may be torn. Nothing is replaced: a line break CR LF counts as two characters,
// typographic quotes ask for UCS-2. Each byte that is not UTF-8 counts as
// U+FFFD, which is what JSON makes of it. The national language tables of GSM
// are not used. For an empty body the encoding is GSM-7 and Segments is 0.
func Segments(body string) Segmentation {
	for _, r := range body {
		if septets(r) == 0 {
			return segment(body, EncodingUCS2, utf16.RuneLen, 70, 67)
		}
	}
	return segment(body, EncodingGSM7, septets, 160, 153)
}

// segment counts body in units of which single fit into a lone segment and part
// into each of several.
func segment(body string, encoding Encoding, units func(rune) int, single, part int) Segmentation {
	s := Segmentation{Encoding: encoding, PerSegment: single}
	full, used := 0, 0
	for _, r := range body {
		n := units(r)
		if used+n > part {
			full++
			used = 0
		}
		used += n
		s.Units += n
	}
	switch {
	case s.Units > single:
		s.Segments, s.PerSegment = full+1, part
	case s.Units > 0:
		s.Segments = 1
	}
	return s
}

// septets returns the length of r in GSM-7, and 0 when r is not in the alphabet.
func septets(r rune) int {
	switch r {
	case '\f', '^', '{', '}', '\\', '[', '~', ']', '|', '€':
		return 2
	case '\n', '\r',
		'£', '¥', 'è', 'é', 'ù', 'ì', 'ò', 'Ç', 'Ø', 'ø', 'Å', 'å',
		'Δ', 'Φ', 'Γ', 'Λ', 'Ω', 'Π', 'Ψ', 'Σ', 'Θ', 'Ξ', 'Æ', 'æ', 'ß', 'É',
		'¤', '¡', 'Ä', 'Ö', 'Ñ', 'Ü', '§', '¿', 'ä', 'ö', 'ñ', 'ü', 'à':
		return 1
	case '`':
		return 0
	}
	if ' ' <= r && r <= '~' {
		return 1
	}
	return 0
}
