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
	recipients, err := prepare(table{header: []string{"name", "phone", "country"}, rows: rows}, demo(), text)
	require.NoError(t, err)
	require.Len(t, recipients, len(rows))
	return recipients
}

// RET-9: a key made by an earlier version of this program protects a job that is
// under way: it must never change.
func TestKeyIsStable(t *testing.T) {
	t.Parallel()
	key := job{"demo", placeLive}.key("+14155550100")
	assert.Equal(t, "06a9be161217959a766d09631d2ae0a8", key)
	assert.NotEqual(t, key, job{"demo", placeLive}.key("+14155550101"))
	assert.NotEqual(t, key, job{"demo2", placeLive}.key("+14155550100"))
	assert.NotEqual(t, key, job{"demo", placeSandbox}.key("+14155550100"))
}

// The key belongs to the job and the number: the form of the number, its place
// and the text may change between two runs.
func TestKeyIgnoresTheRest(t *testing.T) {
	t.Parallel()
	before := prepareRows(t, "Hello {name}", []string{"Ada", "+14155550100", ""}, []string{"Ben", "07700 900100", "GB"})
	now := prepareRows(t, "Hi", []string{"Benjamin", "+44 7700 900100", ""}, []string{"Ada", "(415) 555-0100", "US"})
	assert.Equal(t, before[0].key, now[1].key)
	assert.Equal(t, before[1].key, now[0].key)
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
	for i, want := range []result{
		{Status: statusFailed, Error: "phone: no digits"},
		{Status: statusFailed, Error: "phone: 0770*****00: " + string(phone.ErrRegion)},
		{Status: statusFailed, Error: "the column name is empty, and the text names it"},
		{Status: statusNotSent, Error: "not attempted"},
		{Status: statusFailed, Error: "the same number as in row 5"},
		{Status: statusFailed, Error: "phone: 415*****02: region US: " + string(phone.ErrLetters)},
	} {
		assert.Equal(t, want, recipients[i].result)
		assert.Equal(t, want.Status == statusNotSent, recipients[i].to != "", "only what is sent has a number")
		assert.Equal(t, want.Status == statusNotSent, recipients[i].key != "")
	}
}
