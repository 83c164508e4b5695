package phone_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/phone"
)

func TestParse(t *testing.T) {
	for _, c := range []struct{ name, input, region, want string }{
		{"E.164", "+14155552671", "", "+14155552671"},
		{"national", "(415) 555-2671", "US", "+14155552671"},
		{"lower-case region", "415.555.2671", "us", "+14155552671"},
		{"region with spaces", "415 555 2671", " US ", "+14155552671"},
		{"country code without plus", "1 415 555 2671", "US", "+14155552671"},
		{"foreign country code without plus", "44 20 7183 8750", "GB", "+442071838750"},
		{"trunk prefix", "020 7183 8750", "GB", "+442071838750"},
		{"trunk prefix in brackets", "(0)20 7183 8750", "GB", "+442071838750"},
		{"no trunk prefix in the plan", "06 1234 5678", "IT", "+390612345678"},
		{"mobile prefix inside", "011 15-2345-6789", "AR", "+5491123456789"},
		{"carrier code", "0 21 11 2345-6789", "BR", "+551123456789"},
		{"00 without region", "0044 20 7183 8750", "", "+442071838750"},
		{"00 where it is dialled", "0044 20 7183 8750", "DE", "+442071838750"},
		{"00 where it is not dialled", "0044 20 7183 8750", "US", "+442071838750"},
		{"00 where it is a possible number", "0044 20 7183 8750", "JP", "+442071838750"},
		{"00 of a number that the tables call invalid", "0044 7700 900123", "US", "+447700900123"},
		{"00 of a national number", "00 777 0112", "TJ", "+992007770112"},
		{"international prefix of the region", "011 44 20 7183 8750", "US", "+442071838750"},
		{"international prefix that begins with 00", "0011 44 7700 900123", "AU", "+447700900123"},
		{"region of another country", "+1 415 555 2671", "GB", "+14155552671"},
		{"unknown region, not needed", "+1 415 555 2671", "UK", "+14155552671"},
		{"tel link", "tel:+1-415-555-2671", "", "+14155552671"},
		{"tel link, capitals", "TEL:(415)555-2671", "US", "+14155552671"},
		{"plus in brackets", "(+44) 20 7183 8750", "", "+442071838750"},
		{"trunk prefix in brackets behind the country code", "+44 (0)20 7183 8750", "", "+442071838750"},
		{"the same behind 00", "0044 (0)20 7183 8750", "", "+442071838750"},
		{"the same behind 00 in a region", "0044 (0)20 7183 8750", "GB", "+442071838750"},
		{"the same behind 011", "011 44 (0)20 7183 8750", "US", "+442071838750"},
		{"the same without plus", "44 (0)20 7183 8750", "GB", "+442071838750"},
		{"bracketed 0 that belongs to the number", "+39 (0)6 1234 5678", "", "+390612345678"},
		{"bracketed 8", "+7 (8) 495 123-45-67", "", "+74951234567"},
		{"second pair of brackets", "+44 (0)20 (7183) 8750", "", "+442071838750"},
		{"stray bracket", "+44) (0)20 7183 8750", "", "+442071838750"},
		{"white space of all kinds", "\u00a0+1\u2009415\t555\u30002671\n", "", "+14155552671"},
		{"invisible characters", "\u202a+1\u200b4155\u2060552671\u202c\ufeff", "", "+14155552671"},
		{"dashes of all kinds", "+1‐415–555—2671", "", "+14155552671"},
		{"slash and dots", "030/123.456", "DE", "+4930123456"},
		{"square brackets", "+1 [415] 555-2671", "", "+14155552671"},
		{"full-width", "＋１（４１５）５５５－２６７１", "", "+14155552671"},
		{"prolonged sound mark as dash", "03ー1234ー5678", "JP", "+81312345678"},
		{"Arabic digits", "+١٤١٥٥٥٥٢٦٧١", "", "+14155552671"},
		{"Persian digits", "۰۲۱ ۱۲۳۴ ۵۶۷۸", "IR", "+982112345678"},
		{"Devanagari digits", "०९१२३४ ५६७८९", "IN", "+919123456789"},
		{"mathematical digits", "+𝟭𝟒𝟙𝟧𝟻552671", "", "+14155552671"},
		{"a spreadsheet's", "01711234567.0", "BD", "+8801711234567"},
		{"a spreadsheet's, with a country code", "+14155552671.0", "", "+14155552671"},
		{"a spreadsheet's, of two places", "4155552671.00", "US", "+14155552671"},
		{"a spreadsheet's, with a comma", "4155552671,0", "US", "+14155552671"},
		{"an ending in a dot and a zero", "+49.211.12345.0", "", "+49211123450"},
		{"an extension that belongs to the number", "+49 211 123456-0", "", "+492111234560"},
		{"slash behind a short area code", "030 / 1234567", "DE", "+49301234567"},
		{"slash behind a long area code", "033701/1234", "DE", "+49337011234"},
		{"slash behind a mobile code", "0171/1234567", "DE", "+491711234567"},
		{"slash behind brackets", "+49 (0)30 / 1234567", "", "+49301234567"},
		{"slashes throughout", "02/123/45/67", "BE", "+3221234567"},
		{"slashes throughout, in a plan of all lengths", "01/234/56/78", "AT", "+4312345678"},
		{"slash and dots in Belgium", "0475/12.34.56", "BE", "+32475123456"},
		{"over two lines", "+44 20\n7183 8750", "", "+442071838750"},
		{"last group in brackets", "+44 20 7183 (8750)", "", "+442071838750"},
		{"spaced dashes", "030 - 123 45 67 - 0", "DE", "+493012345670"},
		{"slash behind it all", "+1 415 555 2671 /", "", "+14155552671"},
		{"San Marino, short", "+378 882555", "", "+3780549882555"},
		{"San Marino, short, behind 00", "00378 882555", "", "+3780549882555"},
		{"San Marino, short, from Italy", "00378 882555", "IT", "+3780549882555"},
		{"San Marino, short, within it", "882555", "SM", "+3780549882555"},
		{"San Marino, short, without plus", "378 882555", "SM", "+3780549882555"},
		{"Madagascar, short and unknown", "+261 8730267", "", "+2618730267"},
		{"San Marino, whole", "+378 0549 882555", "", "+3780549882555"},
		{"shortest", "+12345678", "", "+12345678"},
		{"longest", "+123456789012345", "", "+123456789012345"},

		// NUM-2: the tables call these impossible or invalid, or do not know them.
		{"sandbox", "+15005550006", "", "+15005550006"},
		{"sandbox, nationally", "(500) 555-0006", "US", "+15005550006"},
		{"area code 555", "+15550000001", "", "+15550000001"},
		{"area code 555, nationally", "555 000 0001", "US", "+15550000001"},
		{"zeros", "+10000000000", "", "+10000000000"},
		{"drama number", "+447700900123", "", "+447700900123"},
		{"drama number, nationally", "07700 900123", "GB", "+447700900123"},
		{"old Mexican mobile", "+5215512345678", "", "+5215512345678"},
		{"country code not assigned", "+999123456", "", "+999123456"},
		{"country code not assigned, behind 00", "00999123456", "", "+999123456"},
		{"no country", "+80012345678", "", "+80012345678"},
		{"no country, longest", "+883510000000000", "", "+883510000000000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			n, err := phone.Parse(c.input, c.region)
			require.NoError(t, err)
			assert.Equal(t, c.want, n.String())
		})
	}
}

func TestParseRefuses(t *testing.T) {
	for _, c := range []struct {
		name, input, region string
		rule                phone.Rule
	}{
		{"empty", "", "US", phone.ErrEmpty},
		{"blank", " \t\u00a0", "US", phone.ErrEmpty},
		{"no digits", "+()-", "US", phone.ErrEmpty},
		{"bare scheme", "tel:", "US", phone.ErrEmpty},
		{"vanity letters", "1-800-FLOWERS", "US", phone.ErrLetters},
		{"vanity letters behind plus", "+1415555CALL", "", phone.ErrLetters},
		{"sender id", "ORBIT", "US", phone.ErrLetters},
		{"channel prefix", "whatsapp:+14155552671", "", phone.ErrLetters},
		{"letter O for zero", "+1415555O671", "", phone.ErrLetters},
		{"letters behind", "415 555 2671 home", "US", phone.ErrLetters},
		{"letters of another script", "+1415555二671", "", phone.ErrLetters},
		{"x12", "+14155552671x12", "", phone.ErrExtension},
		{"x 12", "415 555 2671 X 12", "US", phone.ErrExtension},
		{"ext. 12", "415 555 2671 ext. 12", "US", phone.ErrExtension},
		{"extension", "415 555 2671 Extension 12", "US", phone.ErrExtension},
		{";ext=", "tel:+14155552671;ext=5", "", phone.ErrExtension},
		{";phone-context=", "tel:555-2671;phone-context=+1415", "", phone.ErrExtension},
		{"#12", "+14155552671#12", "", phone.ErrExtension},
		{"pause", "+14155552671,,12", "", phone.ErrExtension},
		{"x in front", "x4155552671", "US", phone.ErrLetters},
		{"# in front", "#31# 415 555 2671", "US", phone.ErrCharacters},
		{"two plus signs", "++14155552671", "", phone.ErrCharacters},
		{"plus sign inside", "1+4155552671", "US", phone.ErrCharacters},
		{"two numbers", "+14155552671 / +14155552672", "", phone.ErrCharacters},
		{"star", "*67 415 555 2671", "US", phone.ErrCharacters},
		{"address", "+14155552671@example.com", "", phone.ErrCharacters},
		{"masked", "+141*****71", "", phone.ErrCharacters},
		{"superscript", "+1415555267¹", "", phone.ErrCharacters},
		{"keycap", "+1415555267\u0031\ufe0f\u20e3", "", phone.ErrCharacters},
		{"NUL", "+1415555\x002671", "", phone.ErrCharacters},
		{"not UTF-8", "+1415555\xff2671", "", phone.ErrCharacters},
		{"no region", "415 555 2671", "", phone.ErrRegion},
		{"unknown region", "415 555 2671", "UK", phone.ErrRegion},
		{"no country as region", "800 1234 5678", "001", phone.ErrRegion},
		{"00 in an unknown region", "0044 20 7183 8750", "UK", phone.ErrRegion},
		{"country code 0", "+0123456789", "", phone.ErrCountryCode},
		{"country code 0 behind 00", "000123456789", "", phone.ErrCountryCode},
		{"country code not assigned, dialled", "011 999 1234 5678", "US", phone.ErrCountryCode},
		{"the end of a second number", "+1 415 555 2671 / 2672", "", phone.ErrSeveral},
		{"the same within the country", "(415) 555-2671 / 72", "US", phone.ErrSeveral},
		{"the same in a plan of all lengths", "030 1234567/68", "DE", phone.ErrSeveral},
		{"the same behind an area code with a slash", "030/1234567/68", "DE", phone.ErrSeveral},
		{"the same in one piece", "0301234567/68", "DE", phone.ErrSeveral},
		{"a range", "03-1234-5678~9", "JP", phone.ErrSeveral},
		{"a range with spaces", "+1 415 555 2671 - 2679", "", phone.ErrSeveral},
		{"a second number, short", "+500 52345/54321", "", phone.ErrSeveral},
		{"a second line", "+1 415 555 2671\n2672", "", phone.ErrSeveral},
		{"something in brackets", "+1 415 555 2671 (12)", "", phone.ErrSeveral},
		{"two whole numbers", "415 555 2671 / 415 555 2672", "US", phone.ErrSeveral},
		{"a fraction", "4155552671.5", "US", phone.ErrLength},
		{"trunk prefix", "+44 0 20 7183 8750", "", phone.ErrTrunkPrefix},
		{"trunk prefix in the bracketed area code", "+44 (020) 7183 8750", "", phone.ErrTrunkPrefix},
		{"trunk prefix behind 00", "0044 020 7183 8750", "GB", phone.ErrTrunkPrefix},
		{"trunk prefix behind the region's prefix", "0011 44 020 7183 8750", "AU", phone.ErrTrunkPrefix},
		{"trunk prefix without plus", "44 020 7183 8750", "GB", phone.ErrTrunkPrefix},
		{"trunk prefix again behind a bracketed one", "+84(0)0000000000", "", phone.ErrTrunkPrefix},
		{"country code twice", "+1 1 415 555 2671", "", phone.ErrTrunkPrefix},
		{"too short", "+1234567", "", phone.ErrLength},
		{"too long", "+1234567890123456", "", phone.ErrLength},
		{"far too long", strings.Repeat("1", 100_000), "US", phone.ErrLength},
		{"short code", "72645", "US", phone.ErrLength},
		{"emergency", "911", "US", phone.ErrLength},
		{"area code missing", "555-2671", "US", phone.ErrLength},
		{"national and too long", "415 555 26711", "US", phone.ErrLength},
		{"one digit", "1", "US", phone.ErrLength},
	} {
		t.Run(c.name, func(t *testing.T) {
			n, err := phone.Parse(c.input, c.region)
			require.ErrorIs(t, err, c.rule)
			assert.Empty(t, n)
		})
	}
}

// Each region's example numbers, as they are written there and abroad, come back
// as the same number.
func TestParseEveryRegion(t *testing.T) {
	types := []phonenumbers.PhoneNumberType{
		phonenumbers.FIXED_LINE, phonenumbers.MOBILE, phonenumbers.TOLL_FREE, phonenumbers.VOIP,
	}
	checked := 0
	for region := range phonenumbers.GetSupportedRegions() {
		for _, typ := range types {
			n := phonenumbers.GetExampleNumberForType(region, typ)
			if n == nil {
				continue
			}
			want := phone.Number(phonenumbers.Format(n, phonenumbers.E164))
			if len(want) < len("+12345678") {
				continue
			}
			checked++
			for _, input := range []string{
				want.String(), want.International(), want.National(), phonenumbers.Format(n, phonenumbers.RFC3966),
				strings.Replace(want.National(), " ", " / ", 1), strings.ReplaceAll(want.National(), " ", "/"),
				strings.Replace(want.International(), " ", "/", 1), strings.ReplaceAll(want.International(), " ", "\n"),
			} {
				got, err := phone.Parse(input, strings.ToLower(region))
				if assert.NoError(t, err, "%s %s", region, input) {
					assert.Equal(t, want, got, "%s %s", region, input)
				}
			}
			got, err := phone.Parse("00"+want.String()[1:], "")
			if assert.NoError(t, err, "00 and %s", want) {
				assert.Equal(t, want, got)
			}
		}
	}
	assert.Greater(t, checked, 500)
}

func FuzzParse(f *testing.F) {
	for _, input := range []string{
		"+14155552671", "(415) 555-2671", "0044 20 7183 8750", "+44 (0)20 7183 8750", "tel:+1-415-555-2671;ext=5",
		"+1415555CALL", "٠٢١١٢٣٤٥٦٧٨", "\xff+1", "()1(2)3", "+84(0)0000000000", "0011 44 20 7183 8750", "+999123456", "01115 23456789",
		"01711234567.0", "+1 415 555 2671 / 2672", "+378 882555", "02/123/45/67", "030/1234567/68",
	} {
		f.Add(input, "US")
		f.Add(input, "")
		f.Add(input, "au")
		f.Add(input, "AR")
	}
	e164 := regexp.MustCompile(`^\+[1-9]\d{7,14}$`)
	f.Fuzz(func(t *testing.T, input, region string) {
		n, err := phone.Parse(input, region)
		if err != nil {
			var refused *phone.Error
			require.ErrorAs(t, err, &refused)
			assert.Empty(t, n)
			assert.NotRegexp(t, `\d{5}`, err.Error())
			return
		}
		assert.Regexp(t, e164, n.String())
		again, err := phone.Parse(n.String(), "")
		require.NoError(t, err)
		assert.Equal(t, n, again)
		assert.NotEmpty(t, n.National())
		assert.NotEmpty(t, n.International())
		assert.True(t, n.IsPossible() || !n.IsValid())
		assert.NotContains(t, phone.Mask(input), n.String())
	})
}
