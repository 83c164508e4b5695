package main

import (
	"errors"
	"fmt"

	"github.com/devotel/orbit-go/phone"
)

// recipient is one row of the input.
type recipient struct {
	cells []string
	to    phone.Number // "" for a row that cannot be sent
	text  string
	err   error // why it cannot
}

// prepare makes a recipient of every row. Nothing of a row that cannot be sent stops the
// others.
func prepare(t table, text string) ([]*recipient, error) {
	if t.column("phone") < 0 {
		return nil, errors.New(`the file has no column "phone"`)
	}
	form, err := newTemplate(text, t)
	if err != nil {
		return nil, err
	}
	recipients := make([]*recipient, len(t.rows))
	rowOf := make(map[phone.Number]int, len(t.rows))
	for i, cells := range t.rows {
		r := &recipient{cells: cells}
		r.to, r.text, r.err = address(t, form, cells)
		const headerRows = 1
		if first, taken := rowOf[r.to]; taken && r.err == nil {
			r.to, r.err = "", fmt.Errorf("the same number as in row %d", first)
		}
		if r.err == nil {
			rowOf[r.to] = i + 1 + headerRows // as a spreadsheet counts
		}
		recipients[i] = r
	}
	return recipients, nil
}

// address finds out whom a row is for and what it says.
func address(t table, form template, cells []string) (to phone.Number, text string, err error) {
	to, err = phone.Parse(cell(cells, t.column("phone")), cell(cells, t.column("country")))
	if err == nil {
		text, err = form.render(cells)
	}
	if err != nil {
		return "", "", err
	}
	return to, text, nil
}
