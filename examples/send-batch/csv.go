package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strings"
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

// write writes one row for each recipient, in their order, and closes the file.
func (r results) write(header []string, recipients []*recipient) error {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	rows := [][]string{slices.Concat(header, []string{"status", "message_id", "request_id", "error"})}
	for _, p := range recipients {
		rows = append(rows, slices.Concat(p.cells, []string{string(p.Status), p.MessageID, p.RequestID, p.Error}))
	}
	err := w.WriteAll(rows)
	if err == nil {
		err = r.file.Truncate(0)
	}
	if err == nil {
		_, err = r.file.Write(out.Bytes())
	}
	if closed := r.file.Close(); err == nil {
		err = closed
	}
	return err
}
