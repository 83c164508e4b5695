package check_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/internal/check"
)

func TestDialable(t *testing.T) { // ERR-7
	t.Parallel()
	for _, number := range []string{
		"911", "112", "999", "000", "+911", "1911", "+1911", "1-911", "0112", "00112", "011911", "(911)", "9-1-1", "9 1 1", "+1 911",
	} {
		p := check.Dialable("to", number)
		require.NotNil(t, p, number)
		assert.Equal(t, "EMERGENCY_CALLING_NOT_SUPPORTED", p.Code, number)
		assert.Equal(t, "to", p.Field)
		assert.Contains(t, p.Rule, "emergency")
		assert.NotContains(t, p.Rule, "E.164")
	}
	for _, number := range []string{"+19115551234", "+442079460123", "+11215551234", "+99912345678"} {
		assert.Nil(t, check.Dialable("to", number), "a real number that begins so: %s", number)
	}
	for _, number := range []string{"", "912", "9111", "x911", "+2911", "4155552671"} {
		p := check.Dialable("to", number)
		require.NotNil(t, p, number)
		assert.Equal(t, check.E164("to", number), p, number)
	}
}
