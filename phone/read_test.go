package phone_test

import (
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/phone"
)

// The reading of digits rests on Unicode's promise that they come in runs of ten,
// from 0 to 9.
func TestDigitsOfEveryScript(t *testing.T) {
	scripts := 0
	for zero := rune(0); zero <= unicode.MaxRune; zero++ {
		if !unicode.IsDigit(zero) {
			continue
		}
		scripts++
		written := []rune("+14155")
		for _, d := range []rune{5, 5, 2, 6, 7, 1} {
			require.True(t, unicode.IsDigit(zero+d), "%U", zero+d)
			written = append(written, zero+d)
		}
		n, err := phone.Parse(string(written), "")
		require.NoError(t, err, "%U", zero)
		assert.Equal(t, phone.Number("+14155552671"), n, "%U", zero)
		zero += 9
	}
	assert.Greater(t, scripts, 60)
}
