package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
)

// export writes messages to a file, and keeps what a later run must know.
type export struct {
	disk  disk
	path  string
	file  file
	state state
}

// run writes what is left, page by page.
func (e *export) run(ctx context.Context, list *messages.Service, pageSize int) error {
	params := messages.ListParams{Cursor: e.state.Cursor, Channel: e.state.Channel, Limit: pageSize}
	for page, err := range list.Pages(ctx, params) {
		if err != nil {
			return err
		}
		if err := e.keep(page); err != nil {
			return err
		}
	}
	return e.disk.remove(statePath(e.path)) // finished: no later run goes on
}

// keep puts the rows of a page on disk, and then where they end. Behind the
// last page there is nothing to go on with.
func (e *export) keep(page *orbit.Page[messages.Message]) error {
	if page.HasMore && (page.NextCursor == "" || page.NextCursor == e.state.Cursor) {
		return errors.New("the list does not say where it goes on: nothing of this page was kept")
	}
	rows, err := encode(page.Items)
	if err != nil {
		return err
	}
	if _, err := e.file.Write(rows); err != nil {
		return err
	}
	if err := e.file.Sync(); err != nil {
		return err
	}
	e.state.Cursor = page.NextCursor
	e.state.Length += int64(len(rows))
	e.state.Messages += len(page.Items)
	if !page.HasMore {
		return nil
	}
	return save(e.disk, e.path, e.state)
}

// encode makes a line of JSON of each message.
func encode(items []messages.Message) ([]byte, error) {
	var rows bytes.Buffer
	encoder := json.NewEncoder(&rows)
	encoder.SetEscapeHTML(false)
	for i := range items {
		if err := encoder.Encode(&items[i]); err != nil {
			return nil, err
		}
	}
	return rows.Bytes(), nil
}
