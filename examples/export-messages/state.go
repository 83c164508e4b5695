package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"github.com/devotel/orbit-go/messages"
)

// state is what a run must know to go on where an earlier one ended. Its file is
// there from before the first row until behind the last one.
type state struct {
	// From and Channel say what is exported. Another export must not go on with it.
	From    place            `json:"from"`
	Channel messages.Channel `json:"channel,omitempty"`
	// Cursor is where the next page begins; empty for the first one.
	Cursor string `json:"cursor"`
	// Length is how much of the output the pages before it take.
	Length int64 `json:"length"`
	// Messages is how many they are.
	Messages int `json:"messages"`
}

func statePath(path string) string { return path + ".state" }

// asidePath is where a state is written before it takes the place of the last one.
func asidePath(path string) string { return statePath(path) + ".new" }

// open begins an export, or goes on with one that was interrupted: what the output
// holds behind the recorded length is cut off.
func open(d disk, path string, wanted state) (*export, error) {
	s, err := load(d, path, wanted)
	if err != nil {
		return nil, err
	}
	f, err := d.open(path)
	if err != nil {
		return nil, err
	}
	if err := f.Truncate(s.Length); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &export{disk: d, path: path, file: f, state: s}, nil
}

// load reads the state of an export that was interrupted, or begins a new one.
func load(d disk, path string, wanted state) (state, error) {
	text, err := d.read(statePath(path))
	if errors.Is(err, fs.ErrNotExist) {
		return wanted, begin(d, path, wanted)
	}
	if err != nil {
		return state{}, err
	}
	var s state
	if err := json.Unmarshal(text, &s); err != nil {
		return state{}, fmt.Errorf("%s is not the state of an export: %w", statePath(path), err)
	}
	size, err := d.size(path)
	switch {
	case s.From != wanted.From || s.Channel != wanted.Channel:
		return state{}, fmt.Errorf("%s is of another export (%s, channel %q): name another file with -out", statePath(path), s.From, s.Channel)
	case errors.Is(err, fs.ErrNotExist) && s.Length == 0: // interrupted before it was made
		return s, nil
	case err != nil:
		return state{}, err
	case size < s.Length:
		return state{}, fmt.Errorf("%s has lost some of its rows: remove it and %s to begin anew", path, statePath(path))
	}
	return s, nil
}

// begin writes the state of an export that has no rows yet, so that whatever is in
// the output later belongs to it.
func begin(d disk, path string, s state) error {
	if _, err := d.size(path); !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(fmt.Errorf("%s is there already, and not of an export that was interrupted: name another file with -out", path), err)
	}
	return save(d, path, s)
}

// save replaces the state: a crash leaves the old one or the new one.
func save(d disk, path string, s state) error {
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	f, err := d.create(asidePath(path))
	if err != nil {
		return err
	}
	_, err = f.Write(append(text, '\n'))
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return d.rename(asidePath(path), statePath(path))
}
