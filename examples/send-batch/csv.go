package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"iter"
	"os"
	"slices"
	"strings"

	"github.com/devotel/orbit-go/bulk"
)

// table is a CSV file: every row has as many cells as the header.
type table struct {
	header []string
	rows   [][]string
}

// readTable reads a whole file. One whose rows have different lengths is refused
// as a whole, since nobody could say which cell is in which column.
func readTable(path string) (table, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return table{}, err
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // spreadsheets put a mark in front
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		return table{}, fmt.Errorf("%s: %w", path, err)
	}
	if len(rows) == 0 {
		return table{}, fmt.Errorf("%s is empty: it needs a header", path)
	}
	return table{header: rows[0], rows: rows[1:]}, nil
}

// column returns the place of a column, or -1.
func (t table) column(name string) int { return slices.Index(t.header, name) }

// cell returns a row's value in a column, "" for no column.
func cell(row []string, column int) string {
	if column < 0 {
		return ""
	}
	return strings.TrimSpace(row[column])
}

// results is the file for the results.
type results struct{ file *os.File }

// openResults opens the file early, so that a wrong path is noticed before
// anything is sent. What it holds stays until write replaces it.
func openResults(path string) (results, error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o600)
	return results{file}, err
}

// write writes one row for each recipient, in their order, and closes the file. rows are
// those of the recipients that could be sent.
func (r results) write(header []string, recipients []*recipient, rows iter.Seq2[bulk.JobRow, error]) (tally, error) {
	defer r.file.Close() //nolint:errcheck // synced before
	next, stop := iter.Pull2(rows)
	defer stop()
	total := tally{}
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	_ = w.Write(slices.Concat(header, []string{"outcome", "message_id", "error"})) // into memory
	for _, p := range recipients {
		row := bulk.JobRow{Outcome: bulk.Rejected}
		reason := p.err
		if p.err == nil {
			var err error
			if row, err, _ = next(); err != nil {
				return total, err
			}
			reason = explain(row)
		}
		total[row.Outcome]++
		message := ""
		if reason != nil {
			message = reason.Error()
		}
		_ = w.Write(slices.Concat(p.cells, []string{string(row.Outcome), row.MessageID, message}))
	}
	w.Flush()
	if err := r.file.Truncate(0); err != nil {
		return total, err
	}
	if _, err := r.file.Write(out.Bytes()); err != nil {
		return total, err
	}
	return total, r.file.Sync()
}

// explain says why a row was not sent.
func explain(row bulk.JobRow) error {
	switch {
	case row.Outcome == "":
		return errors.New("not sent yet")
	case row.Outcome == bulk.Unclear:
		return bulk.ErrUnclear
	case row.StatusCode != 0:
		return fmt.Errorf("%d %s", row.StatusCode, row.Code)
	case row.Outcome == bulk.Rejected:
		return bulk.ErrOtherParams
	}
	return nil
}

// tally counts outcomes.
type tally map[bulk.Outcome]int

// done reports whether another run can do no more.
func (t tally) done() bool { return t[bulk.Unclear] == 0 && t[""] == 0 }

// String is a part of a line for a person.
func (t tally) String() string {
	return fmt.Sprintf("%d sent, %d rejected, %d unclear, %d not sent", t[bulk.Sent]+t[bulk.Found], t[bulk.Rejected], t[bulk.Unclear], t[""])
}
