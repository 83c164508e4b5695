package api

import (
	"encoding/json"
	"errors"
	"math/big"
	"strconv"
	"strings"
)

// Decimal is an exact decimal number, such as a price: the digits as the API
// wrote them, never rounded through a float.
type Decimal string

// Rat returns the exact value, and false if the text is not a decimal number, or one
// of more than 1,000 characters.
func (d Decimal) Rat() (*big.Rat, bool) {
	const longest = 1000 // the time that a longer one takes grows with its square
	if len(d) > longest || !isDecimal(string(d)) {
		return nil, false
	}
	return new(big.Rat).SetString(string(d))
}

// MarshalJSON writes the digits as a JSON string.
func (d Decimal) MarshalJSON() ([]byte, error) { return json.Marshal(string(d)) }

// UnmarshalJSON reads a JSON string or number; null and "" leave d empty.
func (d *Decimal) UnmarshalJSON(data []byte) error {
	var text string
	switch {
	case string(data) == "null":
	case len(data) > 0 && data[0] == '"':
		if err := json.Unmarshal(data, &text); err != nil {
			return err
		}
	default:
		text = string(data)
	}
	if text != "" && !isDecimal(text) {
		return errors.New("not a decimal number")
	}
	*d = Decimal(text)
	return nil
}

// isDecimal keeps out the other notations of big.Rat: fractions, hexadecimals,
// infinities, and exponents large enough to exhaust memory.
func isDecimal(text string) bool {
	const maxExponent = 300
	mantissa, exponent, scientific := strings.Cut(strings.ToLower(text), "e")
	if scientific {
		if n, err := strconv.Atoi(exponent); err != nil || n > maxExponent || n < -maxExponent {
			return false
		}
	}
	digits, points := 0, 0
	for _, c := range strings.TrimPrefix(mantissa, "-") {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c == '.':
			points++
		default:
			return false
		}
	}
	return digits > 0 && points <= 1
}
