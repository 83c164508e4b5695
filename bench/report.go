package main

import (
	"fmt"
	"math"
	"strings"
)

// table is what was measured of one thing.
type table struct {
	title, intro string
	header       []string
	rows         [][]string
	aims         []aim
}

// aim is a figure that this SDK is to stay at or below.
type aim struct {
	figure    string
	most, got float64
}

func newTable(title, intro string, header ...string) *table {
	return &table{title: title, intro: intro, header: header}
}

func (t *table) aim(figure string, most, got float64) {
	t.aims = append(t.aims, aim{figure, most, got})
}

func (t *table) row(values ...any) {
	row := make([]string, len(values))
	for i, v := range values {
		row[i] = fmt.Sprint(v)
	}
	t.rows = append(t.rows, row)
}

// String is the table as Markdown, under its title.
func (t *table) String() string {
	return fmt.Sprintf("## %s\n\n%s\n\n%s", t.title, wrap(t.intro), markdown(t.header, t.rows))
}

// markdown is a table whose first column is text and whose others are mostly
// numbers.
func markdown(header []string, rows [][]string) string {
	var out strings.Builder
	fmt.Fprintf(&out, "| %s |\n|---%s|\n", strings.Join(header, " | "), strings.Repeat("|---", len(header)-1))
	for _, row := range rows {
		fmt.Fprintf(&out, "| %s |\n", strings.Join(row, " | "))
	}
	return out.String()
}

// verdicts says of each aim whether it is met.
func verdicts(tables []*table) string {
	var rows [][]string
	for _, t := range tables {
		for _, a := range t.aims {
			rows = append(rows, []string{a.figure, a.bound(), figure(a.got), a.verdict()})
		}
	}
	if len(rows) == 0 {
		return ""
	}
	return markdown([]string{"orbit-go's figure", "aim", "measured", "verdict"}, rows)
}

func (a aim) bound() string {
	if a.most == 0 {
		return "0"
	}
	return "at most " + figure(a.most)
}

// verdict compares the figures as they are printed.
func (a aim) verdict() string {
	if over := rounded(a.got) - a.most; over > 0 {
		return "missed by " + figure(over)
	}
	return "met"
}

// figure is a number with two digits behind the point at most.
func figure(f float64) string { return fmt.Sprint(rounded(f)) }

func rounded(f float64) float64 { return math.Round(f*100) / 100 }

// wrap breaks a paragraph into lines.
func wrap(text string) string {
	const width = 120
	var out strings.Builder
	column := 0
	for _, word := range strings.Fields(text) {
		switch {
		case column == 0:
		case column+1+len(word) > width:
			out.WriteByte('\n')
			column = 0
		default:
			out.WriteByte(' ')
			column++
		}
		out.WriteString(word)
		column += len(word)
	}
	return out.String()
}
