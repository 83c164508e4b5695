package orbittest

import "strings"

const (
	gsmBasic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsmExtended = "^{}\\[~]|€\f" // two units each
)

// smsSegments counts the SMS that a body takes: 160 units of GSM-7 or 70 of
// UCS-2 in a single one, 153 or 67 in each of several. No character is split.
func smsSegments(body string) int {
	if body == "" {
		return 0
	}
	units, single, several := gsmUnits, 160, 153
	if strings.ContainsFunc(body, func(r rune) bool { return gsmUnits(r) == 0 }) {
		units, single, several = ucs2Units, 70, 67
	}
	total, segments, used := 0, 1, 0
	for _, r := range body {
		n := units(r)
		total += n
		if used+n > several {
			segments++
			used = 0
		}
		used += n
	}
	if total <= single {
		return 1
	}
	return segments
}

// gsmUnits is the length of a character in GSM-7; 0: it has none.
func gsmUnits(r rune) int {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == ' ':
		return 1
	case strings.ContainsRune(gsmExtended, r):
		return 2
	case strings.ContainsRune(gsmBasic, r):
		return 1
	default:
		return 0
	}
}

func ucs2Units(r rune) int {
	if r > 0xFFFF {
		return 2
	}
	return 1
}
