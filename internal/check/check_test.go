package check_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/internal/check"
)

const ruleE164 = `must be a phone number in E.164 form: "+", country code and number, 8 to 15 digits, the first not 0`

func TestRequired(t *testing.T) {
	t.Parallel()
	assert.Nil(t, check.Required("to", "x"))
	assert.Nil(t, check.Required("to", " "), "a blank is left to the server")
	assert.Equal(t, &check.Problem{Field: "to", Rule: "must not be empty"}, check.Required("to", ""))
}

func TestThat(t *testing.T) {
	t.Parallel()
	assert.Nil(t, check.That(true, "html", "or text must be given"))
	assert.Equal(t, &check.Problem{Field: "html", Rule: "or text must be given"}, check.That(false, "html", "or text must be given"))
}

func TestNotNegative(t *testing.T) { // NUM-4
	t.Parallel()
	assert.Nil(t, check.NotNegative("limit", 0))
	assert.Nil(t, check.NotNegative("limit", 1<<40), "ranges are left to the server")
	assert.Equal(t, &check.Problem{Field: "limit", Rule: "must not be negative"}, check.NotNegative("limit", -1))
}

func TestOneOf(t *testing.T) { // NUM-4
	t.Parallel()
	for _, c := range []struct {
		name  string
		given []bool
		ok    bool
	}{
		{"none", []bool{false, false}, false},
		{"first", []bool{true, false}, true},
		{"second", []bool{false, true}, true},
		{"both", []bool{true, true}, false},
		{"of three", []bool{false, true, false}, true},
		{"two of three", []bool{true, false, true}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			problem := check.OneOf("a, b", c.given...)
			if c.ok {
				assert.Nil(t, problem)
				return
			}
			assert.Equal(t, &check.Problem{Field: "a, b", Rule: "exactly one of them must be given"}, problem)
		})
	}
}

// TestE164Accepts proves that no number is refused for what libraries know of
// numbering plans: the shape decides.
func TestE164Accepts(t *testing.T) { // NUM-1, NUM-2
	t.Parallel()
	for _, number := range []string{
		"+14155552671", "+12345678", "+123456789012345", "+99912345678", "+15005550006",
		"+15005550001", "+15005550002", "+15005550003", "+15005550004", "+15005550005", // the sandbox's
	} {
		assert.Nil(t, check.E164("to", number), number)
		assert.True(t, check.IsE164(number), number)
	}
}

func TestE164Refuses(t *testing.T) { // NUM-1
	t.Parallel()
	for _, c := range []struct{ name, value, suggestion string }{
		{"spaces", "+1 415 555 2671", "+14*******71"},
		{"brackets and dashes", "+1 (415) 555-2671", "+14*******71"},
		{"dots", "+1.415.555.2671", "+14*******71"},
		{"tabs and no-break spaces", "+1\t415\u00a05552671", "+14*******71"},
		{"around it", " +14155552671 ", "+14*******71"},
		{"00", "0014155552671", "+14*******71"},
		{"00 and spaces", "00 1 415 555 2671", "+14*******71"},
		{"no plus", "14155552671", "+14*******71"},
		{"national zero", "+49 (0) 30 901820", "+49******20"},
		{"national", "4155552671", ""},
		{"national with brackets", "(415) 555-2671", ""},
		{"national, first 0", "030901820", ""},
		{"country code 0", "+04155552671", ""},
		{"too short", "+1415555", ""},
		{"too long", "+1415555267100000", ""},
		{"only a plus", "+", ""},
		{"letters", "+1415CALLNOW", ""},
		{"other digits", "+١٤١٥٥٥٥٢٦٧١", ""},
		{"short code", "12345", ""},
		{"name", "Acme", ""},
		{"address", "jane@example.com", ""},
		{"two numbers", "+14155552671,+14155552672", ""},
		{"line break", "+14155552671\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			assert.False(t, check.IsE164(c.value))
			assert.Equal(t, &check.Problem{Field: "to", Rule: ruleE164, Suggestion: c.suggestion}, check.E164("to", c.value))
		})
	}
	assert.Equal(t, check.Required("to", ""), check.E164("to", ""), "an absent number is told apart from a wrong one")
}

func TestEachE164(t *testing.T) {
	t.Parallel()
	assert.Nil(t, check.EachE164("to", []string{"+14155552671", "+14155552672"}))
	assert.Equal(t, check.Required("to", ""), check.EachE164("to", nil))
	assert.Equal(t, check.Required("to", ""), check.EachE164("to", []string{"+14155552671", ""}))
	assert.Equal(t, check.E164("to", "+1"), check.EachE164("to", []string{"+14155552671", "+1"}))
}

// FuzzE164 compares the shape check with its words, and looks for numbers that
// a suggestion shows whole.
func FuzzE164(f *testing.F) {
	for _, seed := range []string{"+14155552671", "0014155552671", "+1 (415) 555-2671", "14155552671", "+0", "+1234567"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		digits, hasPlus := strings.CutPrefix(value, "+")
		plain := strings.Trim(digits, "0123456789") == "" && !strings.HasPrefix(digits, "0")
		require.Equal(t, hasPlus && plain && len(digits) >= 8 && len(digits) <= 15, check.IsE164(value))
		if problem := check.E164("to", value); problem != nil && problem.Suggestion != "" {
			require.Regexp(t, `^\+[0-9]{2}\*+[0-9]{2}$`, problem.Suggestion)
			require.LessOrEqual(t, len(problem.Suggestion), 16)
		}
	})
}
