package main

import (
	"bytes"
	"io/fs"
	"maps"
	"slices"
)

// crash is where a crashing disk ends.
const crash = crashError("the machine has lost its power")

type crashError string

func (e crashError) Error() string { return string(e) }

// survival is what a crash leaves of data that was written and not synced.
type survival string

const (
	allSurvives  survival = "all" // the process was killed, the machine goes on
	noneSurvives survival = "none"
	halfSurvives survival = "half"
)

// model is a disk that does so many more operations, and crashes in the one behind
// them. A write that crashes leaves half of its bytes.
type model struct {
	files map[string]*content
	left  int
}

// content is what a file holds, and what of it is on disk for certain.
type content struct{ data, synced []byte }

func newModel() *model { return &model{files: make(map[string]*content)} }

func (m *model) step() error {
	if m.left == 0 {
		return crash
	}
	m.left--
	return nil
}

// restart makes the disk work again, for so many operations.
func (m *model) restart(s survival, operations int) {
	m.left = operations
	for _, c := range m.files {
		switch rest, appended := bytes.CutPrefix(c.data, c.synced); {
		case s == allSurvives:
			c.synced = bytes.Clone(c.data)
		case s == halfSurvives && appended:
			c.synced = append(c.synced, rest[:len(rest)/2]...)
		}
		c.data = bytes.Clone(c.synced)
	}
}

func (m *model) names() []string { return slices.Sorted(maps.Keys(m.files)) }

func (m *model) find(name string) (*content, error) {
	if err := m.step(); err != nil {
		return nil, err
	}
	if c, ok := m.files[name]; ok {
		return c, nil
	}
	return nil, fs.ErrNotExist
}

func (m *model) read(name string) ([]byte, error) {
	c, err := m.find(name)
	if err != nil {
		return nil, err
	}
	return c.data, nil
}

func (m *model) size(name string) (int64, error) {
	text, err := m.read(name)
	return int64(len(text)), err
}

func (m *model) open(name string) (file, error) {
	c, err := m.find(name)
	if err == crash {
		return nil, err
	}
	if c == nil {
		c = new(content)
		m.files[name] = c
	}
	return &modelFile{m, c}, nil
}

func (m *model) create(name string) (file, error) {
	f, err := m.open(name)
	if err != nil {
		return nil, err
	}
	return f, f.Truncate(0)
}

func (m *model) rename(from, to string) error {
	c, err := m.find(from)
	if err != nil {
		return err
	}
	delete(m.files, from)
	m.files[to] = c
	return nil
}

func (m *model) remove(name string) error {
	_, err := m.find(name)
	if err == nil {
		delete(m.files, name)
	}
	return err
}

type modelFile struct {
	*model

	content *content
}

func (f *modelFile) Write(p []byte) (int, error) {
	if err := f.step(); err != nil {
		f.content.data = append(f.content.data, p[:len(p)/2]...)
		return len(p) / 2, err
	}
	f.content.data = append(f.content.data, p...)
	return len(p), nil
}

func (f *modelFile) Sync() error {
	if err := f.step(); err != nil {
		return err
	}
	f.content.synced = bytes.Clone(f.content.data)
	return nil
}

func (f *modelFile) Truncate(size int64) error {
	if err := f.step(); err != nil {
		return err
	}
	f.content.data = bytes.Clone(f.content.data[:size])
	return nil
}

func (*modelFile) Close() error { return nil }
