package phone

import (
	"errors"
	"strconv"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// Parse reads a phone number as people write it.
//
// The input may come with its country code, behind + or 00, or in the form that
// is dialled within region, trunk or international prefix included. Spaces, dashes,
// dots, slashes, brackets and invisible characters are ignored, as is a leading
// "tel:"; digits may be of any script. A trunk prefix in brackets, as in
// "+44 (0)20 7183 8750", is dropped.
//
// The region is the two letters of ISO 3166-1 ("US", "gb"). It is used only for
// input without a country code and may be empty otherwise. Where a region's
// own plan has a number that begins with 00, that number is meant.
//
// More digits behind a whole number, set apart by a slash, a tilde, a bracket or a line
// break, are not taken for a part of it; the .0 of a spreadsheet is dropped.
//
// What cannot be read is refused with an [*Error] that names the [Rule] and shows
// the number masked.
func Parse(input, region string) (Number, error) {
	region = strings.ToUpper(strings.TrimSpace(region))
	w, rule := read(input)
	if rule != "" {
		return "", newError(rule, input, region)
	}
	n, rule := w.number(region)
	if w.isSeveral(n, region) {
		rule = ErrSeveral
	}
	if rule != "" {
		return "", newError(rule, input, region)
	}
	return n, nil
}

// isSeveral reports whether there is a whole number before one of the cuts, so that
// what is behind it does not belong to n, which is empty if all of it is no number.
// Where the digits together make a number as well, those before the cut may be an
// area code, and those behind it must be few to be another number's end.
func (w written) isSeveral(n Number, region string) bool {
	const areaCode, end = 6, 4
	for _, c := range w.cuts {
		if c.digits == len(w.digits) {
			continue
		}
		head := w.before(c)
		first, rule := head.number(region)
		national := first.nationalDigits()
		switch {
		case rule != "" || !first.IsValid():
		case !head.endsWith(national): // only with digits that the tables add
		case !n.IsPossible():
			return true
		case !c.weak && !c.groups && len(national) > areaCode && len(w.digits)-c.digits <= end:
			return true
		}
	}
	return false
}

// number makes E.164 of what was written.
func (w written) number(region string) (Number, Rule) {
	switch {
	case w.plus:
		return w.international()
	case phonenumbers.GetCountryCodeForRegion(region) != 0:
		return w.national(region)
	case region == "" && strings.HasPrefix(w.digits, "00"):
		return w.withoutZeros().international()
	default:
		return "", ErrRegion
	}
}

// international reads digits that begin with a country code. The tables are asked
// only whether they would drop some of the digits, so that a number is never
// refused for being unknown to them.
func (w written) international() (Number, Rule) {
	if parsed, err := phonenumbers.Parse("+"+w.digits, ""); err == nil {
		switch e164(parsed)[1:] {
		case w.digits:
		case w.unbracketed:
			return unbroken(w.unbracketed).international()
		default:
			switch {
			case !w.lacks(parsed):
				return "", ErrTrunkPrefix
			case phonenumbers.IsValidNumber(parsed):
				return Number(e164(parsed)), ""
			}
		}
	}
	return shaped("+" + w.digits)
}

// national reads digits as they are dialled within region. Here the tables decide,
// so a length that they do not know is refused: most often the area code is
// missing.
func (w written) national(region string) (Number, Rule) {
	parsed, err := phonenumbers.ParseAndKeepRawInput(w.digits, region)
	switch {
	case errors.Is(err, phonenumbers.ErrInvalidCountryCode):
		return "", ErrCountryCode
	case err != nil:
		return "", ErrLength
	}
	switch parsed.GetCountryCodeSource() {
	case phonenumbers.PhoneNumber_FROM_DEFAULT_COUNTRY:
		if strings.HasPrefix(w.digits, "00") && !phonenumbers.IsValidNumber(parsed) {
			return w.withoutZeros().international()
		}
	default:
		if !w.endsWith(e164(parsed)[1:]) && !(w.lacks(parsed) && phonenumbers.IsValidNumber(parsed)) {
			return "", ErrTrunkPrefix
		}
	}
	if phonenumbers.IsPossibleNumberWithReason(parsed) != phonenumbers.IS_POSSIBLE {
		return "", ErrLength
	}
	return unbroken(e164(parsed)[1:]).international()
}

// unbroken is a number without brackets. Reading it once more makes sure that
// [Parse] takes what it returns: the library reads 0 after 0 off degenerate numbers.
func unbroken(digits string) written {
	return written{digits: digits, unbracketed: digits, plus: true}
}

// withoutZeros removes the international prefix 00.
func (w written) withoutZeros() written {
	w.digits = strings.TrimPrefix(w.digits, "00")
	w.unbracketed = strings.TrimPrefix(w.unbracketed, "00")
	return w
}

// endsWith tells whether the digits of a number stand at the end of what was
// written, without a gap but for the bracketed one.
func (w written) endsWith(digits string) bool {
	return strings.HasSuffix(w.digits, digits) || strings.HasSuffix(w.unbracketed, digits)
}

// lacks reports whether a number of the tables is what was written, except for an area
// code behind the country code that may be left out, as San Marino's 0549.
func (w written) lacks(n *phonenumbers.PhoneNumber) bool {
	const shortest = 5
	country := strconv.Itoa(int(n.GetCountryCode()))
	national := phonenumbers.GetNationalSignificantNumber(n)
	written := w.digits
	for _, abroad := range []string{"00", "011"} {
		written = strings.TrimPrefix(written, abroad)
	}
	rest, ok := strings.CutPrefix(written, country)
	return ok && len(rest) >= shortest && len(rest) < len(national) && strings.HasSuffix(national, rest)
}

// shaped returns s as a number if it has the shape of E.164.
func shaped(s string) (Number, Rule) {
	switch {
	case isE164(s):
		return Number(s), ""
	case strings.HasPrefix(s, "+0"):
		return "", ErrCountryCode
	default:
		return "", ErrLength
	}
}

// isE164 reports whether s is a plus sign and 8 to 15 digits, the first not 0.
func isE164(s string) bool {
	if len(s) < 9 || len(s) > 16 || s[0] != '+' || s[1] == '0' {
		return false
	}
	for _, c := range []byte(s[1:]) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

func e164(n *phonenumbers.PhoneNumber) string {
	return phonenumbers.Format(n, phonenumbers.E164)
}
