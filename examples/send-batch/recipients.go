package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/devotel/orbit-go/phone"
)

// recipient is one row of the input, and what became of it.
type recipient struct {
	result

	cells   []string
	to      phone.Number // "" for a row that cannot be sent
	text    string
	key     string
	earlier bool // the result is of an earlier run
}

// job is what each number gets one message of.
type job struct {
	name  string
	place place
}

// key is the idempotency key of a number in the job. It rests on nothing that may
// change between two runs: not on the row's place in the file, nor on the text.
func (j job) key(to phone.Number) string {
	sum := sha256.Sum256([]byte(string(j.place) + "\x00" + j.name + "\x00" + to.String()))
	return hex.EncodeToString(sum[:16])
}

// prepare makes a recipient of every row. A row that cannot be sent has failed
// already, and says why.
func prepare(t table, j job, text string) ([]*recipient, error) {
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
		recipients[i] = r
		if err := r.address(t, form, j); err != nil {
			r.result = result{Status: statusFailed, Error: err.Error()}
			continue
		}
		const headerRows = 1
		if first, taken := rowOf[r.to]; taken {
			*r = recipient{cells: cells, result: result{Status: statusFailed, Error: fmt.Sprintf("the same number as in row %d", first)}}
			continue
		}
		rowOf[r.to] = i + 1 + headerRows // as a spreadsheet counts
	}
	return recipients, nil
}

// address fills in whom the row is for and what it says.
func (r *recipient) address(t table, form template, j job) error {
	to, err := phone.Parse(cell(r.cells, t.column("phone")), cell(r.cells, t.column("country")))
	if err != nil {
		return err
	}
	body, err := form.render(r.cells)
	if err != nil {
		return err
	}
	r.to, r.text, r.key = to, body, j.key(to)
	r.result = result{Status: statusNotSent, Error: "not attempted"}
	return nil
}
