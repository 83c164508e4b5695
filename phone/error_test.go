package phone_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/phone"
)

func TestErrorText(t *testing.T) {
	for _, c := range []struct{ input, region, want string }{
		{"", "", "phone: no digits"},
		{"+1415555CALL", "", "phone: +*****55: letters in the number; write the digits"},
		{"+14155552671x12", "", "phone: +141*****12: an extension or parameter behind the number; remove it"},
		{"415 555 2671", "uk", "phone: 415*****71: region UK: no country code, and no known region (two letters of ISO 3166-1) to take it from"},
		{"555-2671", "US", "phone: *****71: region US: too few or too many digits"},
	} {
		_, err := phone.Parse(c.input, c.region)
		assert.EqualError(t, err, c.want)
	}
}

// SEC-4, ERR-4: no form of the error shows the number, wherever it was put.
func TestErrorHidesTheNumber(t *testing.T) {
	for _, input := range [][2]string{
		{"+14155552671x1", "US"}, {"415 555 2671", "+14155552671"}, {"US", "4155552671"}, {"Ann 415-555-2671", "US"},
		{"٤١٥٥٥٥٢٦٧١", ""},
	} {
		_, err := phone.Parse(input[0], input[1])
		var refused *phone.Error
		require.ErrorAs(t, err, &refused)

		encoded, jsonErr := json.Marshal(refused)
		require.NoError(t, jsonErr)
		var log strings.Builder
		slog.New(slog.NewTextHandler(&log, nil)).Error("refused", "error", err)

		for _, shown := range []string{
			err.Error(), fmt.Sprintf("%+v", err), fmt.Sprintf("%#v", err), fmt.Sprintf("%+v", *refused), string(encoded), log.String(),
		} {
			shown = strings.NewReplacer(" ", "", "-", "").Replace(shown)
			assert.NotContains(t, shown, "5552671")
			assert.NotContains(t, shown, "Ann")
			assert.NotContains(t, shown, "٥٥٥٢٦٧١")
		}
	}
}

func TestErrorMatchesOneRule(t *testing.T) {
	_, err := phone.Parse("+14155552671x12", "")
	assert.ErrorIs(t, err, phone.ErrExtension)
	assert.NotErrorIs(t, err, phone.ErrLetters)
}
