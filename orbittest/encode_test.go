package orbittest_test

import (
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"

	"github.com/devotel/orbit-go/orbittest"
)

func TestAnswersAreJSON(t *testing.T) {
	s := orbittest.New(t)
	for body, want := range map[string]string{
		"plain":           "plain",
		`"quoted" \ back`: `"quoted" \ back`,
		"two\nlines\tand": "two\nlines\tand",
		"\x00\x1f\x7f":    "\x00\x1f\x7f",
		"<a> & é 😀":       "<a> & é 😀",
		"broken \xff":     "broken \ufffd",
	} {
		m := s.AddMessage(orbittest.Message{Body: body})
		a := do(t, s, "GET", "/messages/"+m.ID, "")
		assert.Equal(t, want, a.at("data.body"))
		assert.True(t, utf8.ValidString(a.raw))
	}
}

func TestPreparedFieldsOfAnyType(t *testing.T) {
	s := orbittest.New(t)
	m := s.AddMessage(orbittest.Message{Fields: map[string]any{
		"subject": nil, "sandbox": true, "price": 1.5, "platforms": []string{"ios"}, "metadata": map[string]any{"a": []int{1}},
	}})
	a := do(t, s, "GET", "/messages/"+m.ID, "")
	assert.Contains(t, a.at("data"), "subject")
	assert.Nil(t, a.at("data.subject"))
	assert.Equal(t, true, a.at("data.sandbox"))
	assert.Equal(t, 1.5, a.at("data.price"))
	assert.Equal(t, []any{"ios"}, a.at("data.platforms"))
	assert.Equal(t, []any{1.}, a.at("data.metadata.a"))

	bad := s.AddMessage(orbittest.Message{Fields: map[string]any{"f": func() {}}})
	assert.Panics(t, func() { do(t, s, "GET", "/messages/"+bad.ID, "") })
	assert.Equal(t, 404, do(t, s, "GET", "/messages/x", "").status, "the lock is free again")
}
