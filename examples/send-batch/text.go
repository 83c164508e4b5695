package main

import (
	"fmt"
	"regexp"
	"strings"
)

// template is a text with {column} in it.
type template struct {
	text    string
	columns []placed
}

// placed is a column that the text names.
type placed struct {
	name  string
	index int
}

// newTemplate refuses a text that names columns which the table does not have.
func newTemplate(text string, t table) (template, error) {
	if strings.TrimSpace(text) == "" {
		return template{}, fmt.Errorf("the text is empty")
	}
	parsed := template{text: text}
	for _, match := range regexp.MustCompile(`\{([^{}]*)\}`).FindAllStringSubmatch(text, -1) {
		name := match[1]
		i := t.column(name)
		if i < 0 {
			return template{}, fmt.Errorf("the text names {%s}; the columns are %s", name, strings.Join(t.header, ", "))
		}
		parsed.columns = append(parsed.columns, placed{name, i})
	}
	return parsed, nil
}

// render fills the text. A row that lacks a value is refused, since its text
// would have a hole.
func (t template) render(row []string) (string, error) {
	var pairs []string
	for _, c := range t.columns {
		value := cell(row, c.index)
		if value == "" {
			return "", fmt.Errorf("the column %s is empty, and the text names it", c.name)
		}
		pairs = append(pairs, "{"+c.name+"}", value)
	}
	return strings.NewReplacer(pairs...).Replace(t.text), nil
}
