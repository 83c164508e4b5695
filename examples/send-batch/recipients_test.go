package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/phone"
)

// prepareRows prepares rows of name, phone and country.
func prepareRows(t *testing.T, text string, rows ...[]string) []*recipient {
	t.Helper()
	recipients, err := prepare(table{header: []string{"name", "phone", "country"}, rows: rows}, text)
	require.NoError(t, err)
	require.Len(t, recipients, len(rows))
	return recipients
}

// The key of a row is the number in its one form: how it is written, its place and the
// text may change between two runs.
func TestKeyIsTheNumber(t *testing.T) {
	t.Parallel()
	keys := func(recipients []*recipient) (keys []string) {
		for key := range itemsOf(recipients, "") {
			keys = append(keys, key)
		}
		return keys
	}
	assert.Equal(t, []string{"+14155550100", "+447700900100"},
		keys(prepareRows(t, "Hello {name}", []string{"Ada", "+14155550100", ""}, []string{"Ben", "07700 900100", "GB"})))
	assert.Equal(t, []string{"+447700900100", "+14155550100"},
		keys(prepareRows(t, "Hi", []string{"Benjamin", "+44 7700 900100", ""}, []string{"Ada", "(415) 555-0100", "US"})))
}

func TestRowsThatCannotBeSent(t *testing.T) {
	t.Parallel()
	recipients := prepareRows(t, "Hello {name}",
		[]string{"Ada", "", ""},
		[]string{"Ben", "0770 0900100", ""},
		[]string{"", "+14155550101", ""},
		[]string{"Cleo", "(415) 555-0101", " us "},
		[]string{"Dan", "+1 415 555 0101", ""},
		[]string{"Eve", "call 415 555 0102", "US"},
	)
	for i, want := range []string{
		"phone: no digits",
		"phone: 077*****00: " + string(phone.ErrRegion),
		"the column name is empty, and the text names it",
		"",
		"the same number as in row 5",
		"phone: 415*****02: region US: " + string(phone.ErrLetters),
	} {
		if want == "" {
			require.NoError(t, recipients[i].err)
		} else {
			require.EqualError(t, recipients[i].err, want)
		}
		assert.Equal(t, want == "", recipients[i].to != "", "only what is sent has a number")
	}
}
