package phone

// Mask shows so little of a phone number, in whatever form, that it can stand
// in a log: "+141*****71". Of the digits at most the first three and the last
// two are kept, and at least five are hidden; a number of six digits or fewer is
// hidden whole. What is not a digit is dropped, but for a plus sign in front, and
// the number of asterisks is always five. The mask of "" is "".
func Mask(s string) string {
	const head, tail, hidden = 3, 2, 5
	if s == "" {
		return ""
	}
	plus, digits := digitsOf(s)
	if len(digits) < hidden+tail {
		return "*****"
	}
	shown := min(head, len(digits)-hidden-tail)
	return plus + digits[:shown] + "*****" + digits[len(digits)-tail:]
}

// digitsOf returns the digits of s in ASCII, and a plus sign if one stands in
// front of them.
func digitsOf(s string) (plus, digits string) {
	var out []byte
	for _, r := range s {
		if d, ok := digit(r); ok {
			out = append(out, d)
		} else if r == '+' && len(out) == 0 {
			plus = "+"
		}
	}
	return plus, string(out)
}
