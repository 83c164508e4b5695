package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTemplate(t *testing.T) {
	t.Parallel()
	columns := table{header: []string{"name", "order no", "phone"}}
	for name, test := range map[string]struct {
		text string
		row  []string
		want string
	}{
		"no column":                {"Hello!", []string{"", "", ""}, "Hello!"},
		"two columns":              {"{name}: {order no}", []string{"Zoë", "7", ""}, "Zoë: 7"},
		"one column twice":         {"{name}, {name}!", []string{"Ada", "", ""}, "Ada, Ada!"},
		"spaces around a value":    {"<{name}>", []string{" Ada Park ", "", ""}, "<Ada Park>"},
		"a value like a column":    {"{name} {order no}", []string{"{order no}", "{name}", ""}, "{order no} {name}"},
		"braces that name nothing": {"{ {name} } }{", []string{"Ada", "", ""}, "{ Ada } }{"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			parsed, err := newTemplate(test.text, columns)
			require.NoError(t, err)
			got, err := parsed.render(test.row)
			require.NoError(t, err)
			assert.Equal(t, test.want, got)
		})
	}
}

// A text with a hole in it is sent to nobody.
func TestTemplateNamesTheEmptyColumn(t *testing.T) {
	t.Parallel()
	parsed, err := newTemplate("{name} {order}", table{header: []string{"name", "order"}})
	require.NoError(t, err)
	_, err = parsed.render([]string{"Ada", " "})
	assert.EqualError(t, err, "the column order is empty, and the text names it")
}

func TestTemplateRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", " \n", "{nmae}", "{Name}", "{}"} {
		_, err := newTemplate(text, table{header: []string{"name"}})
		assert.Error(t, err, text)
	}
}
