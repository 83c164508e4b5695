package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"

	"github.com/devotel/orbit-go/messages"
)

// customers ranges over those who get the message: the ID and the phone number of each.
type customers struct {
	each   iter.Seq2[string, string]
	failed error
}

// err says why a range ended too early.
func (c *customers) err() error { return c.failed }

func (o options) customers() *customers {
	c := &customers{}
	if o.in == "" {
		c.each = madeUp(o.rows)
	} else {
		c.each = func(yield func(id, phone string) bool) { c.failed = readFile(o.in, yield) }
	}
	return c
}

// messages ranges over the messages to send. The key of each is the customer's ID.
func (c *customers) messages(text string) iter.Seq2[string, messages.SendSMSParams] {
	return func(yield func(string, messages.SendSMSParams) bool) {
		for id, phone := range c.each {
			if !yield(id, messages.SendSMSParams{To: phone, Body: text}) {
				return
			}
		}
	}
}

// madeUp makes n customers up, the same in each run. The sandbox delivers to numbers that
// end in 2.
func madeUp(n int) iter.Seq2[string, string] {
	return func(yield func(id, phone string) bool) {
		for i := range n {
			if !yield(fmt.Sprintf("customer-%d", i+1), fmt.Sprintf("+49151%07d2", i)) {
				return
			}
		}
	}
}

// readFile yields the customers of a CSV file, row by row.
func readFile(path string, yield func(id, phone string) bool) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // it was only read
	rows := csv.NewReader(file)
	header, err := rows.Read()
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	id, phone := slices.Index(header, "id"), slices.Index(header, "phone")
	if id < 0 || phone < 0 {
		return fmt.Errorf("%s needs the columns id and phone", path)
	}
	for {
		row, err := rows.Read()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("%s: %w", path, err)
		case !yield(row[id], row[phone]):
			return nil
		}
	}
}
