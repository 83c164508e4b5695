package phone

// Rule is the reason for which an input is not taken for a phone number. Each is
// an error to compare with: errors.Is(err, phone.ErrLetters).
type Rule string

const (
	// ErrEmpty is an input without a digit.
	ErrEmpty Rule = "no digits"
	// ErrLetters is an input with letters, such as 1-800-FLOWERS: which digits
	// they stand for depends on the telephone.
	ErrLetters Rule = "letters in the number; write the digits"
	// ErrExtension is a number with an extension or another parameter behind it
	// (x12, ext. 12, ;ext=12, #12), which E.164 cannot carry.
	ErrExtension Rule = "an extension or parameter behind the number; remove it"
	// ErrCharacters is an input with other characters that numbers do not have, or
	// with a plus sign elsewhere than in front.
	ErrCharacters Rule = "a character that phone numbers do not have"
	// ErrRegion is a number without a country code, and no known region to take
	// it from. The region is two letters of ISO 3166-1: "GB", not "UK".
	ErrRegion Rule = "no country code, and no known region (two letters of ISO 3166-1) to take it from"
	// ErrCountryCode is a number whose country code begins with 0 or, dialled
	// from a region, does not exist.
	ErrCountryCode Rule = "no such country code"
	// ErrSeveral is an input with more digits behind a whole number, set apart by a
	// slash, a tilde, a bracket or a line break: another number, the end of one, or
	// an extension.
	ErrSeveral Rule = "more digits behind a whole number; write one number"
	// ErrTrunkPrefix is a number with digits behind its country code that are
	// dialled only within the country, such as the 0 of +44 020 7183 8750.
	ErrTrunkPrefix Rule = "a trunk prefix behind the country code; remove it or put it in brackets"
	// ErrLength is a number with fewer or more digits than E.164 has (8 to 15) or,
	// written without its country code, than its region has; a missing area
	// code is the usual cause.
	ErrLength Rule = "too few or too many digits"
)

// Error returns the rule as a sentence for a person.
func (r Rule) Error() string { return string(r) }

// Error is an input that [Parse] refused. It holds and prints no more of the
// input than [Mask] shows.
type Error struct {
	// Rule is what the input breaks.
	Rule Rule
	// Masked is the input as [Mask] shows it, "" when it had no digits.
	Masked string
	// Region is the region that was given, in upper case; "" when there was none
	// or when it was not two letters.
	Region string
}

// Error returns one line for a person: the masked number, the region and the rule.
func (e *Error) Error() string {
	subject := "phone: "
	if e.Masked != "" {
		subject += e.Masked + ": "
	}
	if e.Region != "" {
		subject += "region " + e.Region + ": "
	}
	return subject + string(e.Rule)
}

// Unwrap returns the rule.
func (e *Error) Unwrap() error { return e.Rule }

func newError(rule Rule, input, region string) *Error {
	e := &Error{Rule: rule}
	if rule != ErrEmpty {
		e.Masked = Mask(input)
	}
	// Anything else may be a number in the wrong place.
	if len(region) == 2 && isLetter(region[0]) && isLetter(region[1]) {
		e.Region = region
	}
	return e
}

func isLetter(c byte) bool { return 'A' <= c && c <= 'Z' }
