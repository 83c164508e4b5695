package redact_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/devotel/orbit-go/internal/redact"
)

// hide returns text after secrets were written.
func hide(text string, secrets ...string) string { return redact.String(text, 1<<16, secrets...) }

// LEAK-1: what was written is hidden in every form, and the rest stays readable.
func TestHide(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, secret, want string }{
		{"whole", "The number +14155552671 is not E.164", "+14155552671", "The number [hidden] is not E.164"},
		{"code in a sentence", "Your code is 482913.", "482913", "Your code is [hidden]."},
		{"within a sentence that was written", "Your code is 482913.", "Dear Jo, 482913 is your login code", "Your code is [hidden]."},
		{"four digits", "ends in 2671", "+14155552671", "ends in [hidden]"},
		{"three digits", "begins with 415", "+14155552671", "begins with 415"},
		{"eight characters", "near 'lden gate' there", "The golden gate bridge", "near '[hidden]' there"},
		{"seven characters", "a bridge there", "The golden gate bridge", "a bridge there"},
		{"word around", "No such accounts_acme!", "acme", "No such accounts_[hidden]!"},
		{"part of a word", "is mytestvalue", "test", "is [hidden]"},
		{"three characters", "no bob here", "bob", "no bob here"},
		{"upper case", "SECRETWORD it was", "SecretWord", "[hidden] it was"},
		{"other case", "straßenfest MÜNCHEN", "Straßenfest München", "[hidden]"},
		{"separated", "s-e-c-r-e-t it was", "secret", "[hidden] it was"},
		{"separated digits", "code 48 29.13 is", "482913", "code [hidden] is"},
		{"no word for chance", "the number", "then", "the number"},
		{"URL", "?to=john.doe%40example.com&x=1", "john.doe@example.com", "?to=[hidden]&x=1"},
		{"URL with a plus", "?q=a+b+cd&x=1", "a b cd", "?q=[hidden]&x=1"},
		{"URL twice", "%2532%2531%2531%2537 is", "2117", "[hidden] is"},
		{"JSON", `said "Gr\u00fc\u00dfe"`, "Grüße", `said "[hidden]"`},
		{"JSON of emoji", `a \ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00 b`, "😀😀😀😀", `a [hidden] b`},
		{"Go", `said "\x73\x65\x63\U00000072et"`, "secret", `said "[hidden]"`},
		{"HTML", "<b>O&#39;Neil &amp; Co</b>", "O'Neil & Co", "<b>[hidden]</b>"},
		{"HTML in digits", "&#x34;&#56;29 is", "4829", "[hidden] is"},
		{"HTML of letters", "M&uuml;ller is", "Müller", "[hidden] is"},
		{"without accents", "Muller is", "Müller", "[hidden] is"},
		{"combining accents", "Mu\u0308ller is", "Müller", "[hidden] is"},
		{"written as an escape", "is 100%4829 off", "100%4829 off", "is [hidden]"},
		{"full width", "code ４８２９ is", "4829", "code [hidden] is"},
		{"other digits", "code ٤٨٢٩ is", "4829", "code [hidden] is"},
		{"invisible marks", "code 48\u200b29 is", "4829", "code [hidden] is"},
		{"symbols only", "pass $%&/ is", "$%&/", "pass [hidden] is"},
		{"bytes", "raw \xff\xfe\xfd\xfc is", "\xff\xfe\xfd\xfc", "raw [hidden] is"},
		{"other script", "пароль Дубровка is", "ДУБРОВКА", "пароль [hidden] is"},
		{"twice", "key, key4 and key4", "key4", "key, [hidden] and [hidden]"},
		{"nothing", "", "secret", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, c.want, hide(c.text, c.secret))
		})
	}
}
