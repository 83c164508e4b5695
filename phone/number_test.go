package phone_test

import (
	"sync"
	"testing"

	"github.com/nyaruka/phonenumbers"
	"github.com/stretchr/testify/assert"

	"github.com/devotel/orbit-go/phone"
)

// NUM-2: advice that differs from what one would think. Each of these can be
// made a Number and sent.
func TestAdvice(t *testing.T) {
	for _, c := range []struct {
		number          phone.Number
		possible, valid bool
		country         int
		region          string
		typ             phone.Type
	}{
		{"+14155552671", true, true, 1, "US", phone.TypeFixedLineOrMobile},
		{"+14155550100", true, true, 1, "US", phone.TypeFixedLineOrMobile},
		{"+15005550001", true, true, 1, "US", phone.TypePersonal},
		{"+15005550006", true, true, 1, "US", phone.TypePersonal},
		{"+15551234567", true, false, 1, "", phone.TypeUnknown},
		{"+15550000001", true, false, 1, "", phone.TypeUnknown},
		{"+10000000000", true, false, 1, "", phone.TypeUnknown},
		{"+19995550001", true, false, 1, "", phone.TypeUnknown},
		{"+12345678", false, false, 1, "", phone.TypeUnknown},
		{"+447700900123", true, false, 44, "", phone.TypeUnknown},
		{"+447911123456", true, true, 44, "GG", phone.TypeMobile},
		{"+442071838750", true, true, 44, "GB", phone.TypeFixedLine},
		{"+521234567890", true, false, 52, "MX", phone.TypeUnknown},
		{"+80012345678", true, true, 800, "001", phone.TypeTollFree},
		{"+883510000000000", true, true, 883, "001", phone.TypeVoIP},
		{"+999123456", false, false, 0, "", phone.TypeUnknown},
	} {
		t.Run(c.number.String(), func(t *testing.T) {
			assert.Equal(t, c.possible, c.number.IsPossible(), "possible")
			assert.Equal(t, c.valid, c.number.IsValid(), "valid")
			assert.Equal(t, c.country, c.number.CountryCode())
			assert.Equal(t, c.region, c.number.Region())
			assert.Equal(t, c.typ, c.number.Type())

			n, err := phone.Parse(string(c.number), "")
			assert.NoError(t, err)
			assert.Equal(t, c.number, n)
		})
	}
}

func TestTypes(t *testing.T) {
	for _, c := range []struct {
		region string
		typ    phonenumbers.PhoneNumberType
		want   phone.Type
	}{
		{"DE", phonenumbers.MOBILE, phone.TypeMobile},
		{"DE", phonenumbers.FIXED_LINE, phone.TypeFixedLine},
		{"US", phonenumbers.FIXED_LINE, phone.TypeFixedLineOrMobile},
		{"US", phonenumbers.TOLL_FREE, phone.TypeTollFree},
		{"US", phonenumbers.PREMIUM_RATE, phone.TypePremiumRate},
		{"GB", phonenumbers.VOIP, phone.TypeVoIP},
		{"GB", phonenumbers.PERSONAL_NUMBER, phone.TypePersonal},
		{"GB", phonenumbers.PAGER, phone.TypePager},
		{"GB", phonenumbers.UAN, phone.TypeUAN},
		{"BE", phonenumbers.SHARED_COST, phone.TypeSharedCost},
		{"IT", phonenumbers.VOICEMAIL, phone.TypeVoicemail},
	} {
		t.Run(string(c.want), func(t *testing.T) {
			example := phonenumbers.GetExampleNumberForType(c.region, c.typ)
			n := phone.Number(phonenumbers.Format(example, phonenumbers.E164))
			assert.Equal(t, c.want, n.Type())
		})
	}
}

func TestFormats(t *testing.T) {
	for _, c := range []struct {
		number                  phone.Number
		national, international string
	}{
		{"+14155552671", "(415) 555-2671", "+1 415-555-2671"},
		{"+442071838750", "020 7183 8750", "+44 20 7183 8750"},
		{"+390612345678", "06 1234 5678", "+39 06 1234 5678"},
		{"+15550000001", "(555) 000-0001", "+1 555-000-0001"},
		{"+5491123456789", "+54 9 11 2345-6789", "+54 9 11 2345-6789"},
		{"+80012345678", "+800 1234 5678", "+800 1234 5678"},
		{"+999123456", "+999123456", "+999123456"},
	} {
		assert.Equal(t, c.national, c.number.National())
		assert.Equal(t, c.international, c.number.International())
	}
}

// The library would repair each of these into a number.
func TestNumbersOfAnotherShape(t *testing.T) {
	for _, n := range []phone.Number{
		"", "+", "+1", "14155552671", "+1415555CALL", "+1 415 555 2671", "+14155552671;ext=5", "+04155552671",
		"tel:+14155552671", "+1415555\xff671", "++14155552671", "+1415555267100000",
	} {
		t.Run(string(n), func(t *testing.T) {
			assert.False(t, n.IsPossible())
			assert.False(t, n.IsValid())
			assert.Zero(t, n.CountryCode())
			assert.Empty(t, n.Region())
			assert.Equal(t, phone.TypeUnknown, n.Type())
			assert.Equal(t, string(n), n.National())
			assert.Equal(t, string(n), n.International())
		})
	}
}

// The library fills caches as it goes; the race detector watches.
func TestConcurrentUse(t *testing.T) {
	var wg sync.WaitGroup
	for _, region := range []string{"US", "GB", "DE", "FR", "IT", "JP", "BR", "AR"} {
		wg.Go(func() {
			example := phonenumbers.Format(phonenumbers.GetExampleNumber(region), phonenumbers.NATIONAL)
			n, err := phone.Parse(example, region)
			assert.NoError(t, err)
			assert.Equal(t, region, n.Region())
			assert.NotEmpty(t, n.International())
		})
	}
	wg.Wait()
}
