package phone

import "github.com/nyaruka/phonenumbers"

// Number is a phone number in E.164: a plus sign and 8 to 15 digits, such as
// "+14155552671". [Parse] makes it; string(n) and n.String() are what the API
// takes. The methods of a Number that does not have that shape (made by a
// conversion from another string) answer with the zero value of their result.
type Number string

// Type is the kind of line behind a number, as its numbering plan has it. Where
// numbers can be ported between kinds it is a guess.
type Type string

const (
	// TypeUnknown is a number of no known kind; each number that is not valid is one.
	TypeUnknown Type = "unknown"
	// TypeMobile is a mobile line.
	TypeMobile Type = "mobile"
	// TypeFixedLine is a fixed line, which seldom receives SMS.
	TypeFixedLine Type = "fixed_line"
	// TypeFixedLineOrMobile is either, where a plan does not tell them apart, as
	// in the United States and Canada.
	TypeFixedLineOrMobile Type = "fixed_line_or_mobile"
	// TypeTollFree is free of charge for the caller.
	TypeTollFree Type = "toll_free"
	// TypePremiumRate is charged to the caller at a raised rate.
	TypePremiumRate Type = "premium_rate"
	// TypeSharedCost is paid for by both sides.
	TypeSharedCost Type = "shared_cost"
	// TypeVoIP is a line over the Internet.
	TypeVoIP Type = "voip"
	// TypePersonal follows a person over several lines. The numbers
	// +1 500 555 0001 to 0006 of the sandbox are of this kind.
	TypePersonal Type = "personal"
	// TypePager is a pager.
	TypePager Type = "pager"
	// TypeUAN is a company's number that leads to its offices.
	TypeUAN Type = "uan"
	// TypeVoicemail is a voice mailbox.
	TypeVoicemail Type = "voicemail"
)

// String returns the number in E.164, in full. For logs use [Mask].
func (n Number) String() string { return string(n) }

// IsPossible reports whether the number has a length that its country's plan
// knows, area code included. It is advice: a false one tells that the number is
// very probably mistyped.
func (n Number) IsPossible() bool {
	p, ok := n.parsed()
	return ok && phonenumbers.IsPossibleNumberWithReason(p) == phonenumbers.IS_POSSIBLE
}

// IsValid reports whether the number lies in a range that is known to be given
// out. It is advice, never a reason not to send: new ranges and invented sandbox
// numbers are not valid, and a valid number need not be in use.
func (n Number) IsValid() bool {
	p, ok := n.parsed()
	return ok && phonenumbers.IsValidNumber(p)
}

// Region returns the two letters of ISO 3166-1 of the country or territory that
// the number belongs to ("US", "GG"), "001" for a number without a country such as
// +800, or "" when it is not known, which no invalid number's is where countries
// share a code.
func (n Number) Region() string {
	p, ok := n.parsed()
	if !ok {
		return ""
	}
	return phonenumbers.GetRegionCodeForNumber(p)
}

// CountryCode returns the country code in front of the number (1, 44), or 0 for
// one that is not assigned.
func (n Number) CountryCode() int {
	p, ok := n.parsed()
	if !ok {
		return 0
	}
	return int(p.GetCountryCode())
}

// Type returns the kind of line, as far as the number tells it.
func (n Number) Type() Type {
	p, ok := n.parsed()
	if !ok {
		return TypeUnknown
	}
	switch phonenumbers.GetNumberType(p) {
	case phonenumbers.MOBILE:
		return TypeMobile
	case phonenumbers.FIXED_LINE:
		return TypeFixedLine
	case phonenumbers.FIXED_LINE_OR_MOBILE:
		return TypeFixedLineOrMobile
	case phonenumbers.TOLL_FREE:
		return TypeTollFree
	case phonenumbers.PREMIUM_RATE:
		return TypePremiumRate
	case phonenumbers.SHARED_COST:
		return TypeSharedCost
	case phonenumbers.VOIP:
		return TypeVoIP
	case phonenumbers.PERSONAL_NUMBER:
		return TypePersonal
	case phonenumbers.PAGER:
		return TypePager
	case phonenumbers.UAN:
		return TypeUAN
	case phonenumbers.VOICEMAIL:
		return TypeVoicemail
	default:
		return TypeUnknown
	}
}

// National returns the number as it is written in its own country:
// "(415) 555-2671". A number that has no such form is written as
// [Number.International] does.
func (n Number) National() string {
	p, ok := n.parsed()
	if !ok {
		return string(n)
	}
	// The library loses the area code of Argentine mobiles, so what it writes is
	// believed only if it reads it as the same number.
	national := phonenumbers.Format(p, phonenumbers.NATIONAL)
	home := phonenumbers.GetRegionCodeForCountryCode(int(p.GetCountryCode()))
	back, err := phonenumbers.Parse(national, home)
	if err != nil || e164(back) != string(n) {
		return phonenumbers.Format(p, phonenumbers.INTERNATIONAL)
	}
	return national
}

// International returns the number as it is written for readers abroad:
// "+1 415-555-2671".
func (n Number) International() string {
	p, ok := n.parsed()
	if !ok {
		return string(n)
	}
	return phonenumbers.Format(p, phonenumbers.INTERNATIONAL)
}

// nationalDigits are the digits behind the country code.
func (n Number) nationalDigits() string {
	p, ok := n.parsed()
	if !ok {
		return ""
	}
	return phonenumbers.GetNationalSignificantNumber(p)
}

// parsed looks the number up. It reports false for what is not E.164, which the
// library would repair, and for a country code that is not assigned.
func (n Number) parsed() (*phonenumbers.PhoneNumber, bool) {
	if !isE164(string(n)) {
		return nil, false
	}
	p, err := phonenumbers.Parse(string(n), "")
	return p, err == nil
}
