package main

import (
	"errors"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"
)

// A campaign arrives once; one that is run again sends nothing; what came twice is seen.
func TestCampaignParts(t *testing.T) {
	const rows = 500
	server := newStrict(nil)
	listener := httptest.NewServer(server)
	defer listener.Close()
	p := part{Task: taskSend, Base: listener.URL, Path: filepath.Join(t.TempDir(), "journal"), Rows: rows}
	for range 2 {
		if m, err := p.do(); err != nil || m.Rows != rows || m.Seconds <= 0 {
			t.Fatalf("%+v: %v", m, err)
		}
		if err := server.require(rows); err != nil {
			t.Error(err)
		}
	}
	if m, err := (part{Task: taskOpen, Path: p.Path}).do(); err != nil || m.Seconds <= 0 {
		t.Errorf("%+v: %v", m, err)
	}
	p.Path += "2" // a job that does not know what was sent has other keys
	if _, err := p.do(); err != nil {
		t.Error(err)
	}
	if server.require(rows) == nil || server.require(2*rows) != nil {
		t.Error("messages that were sent twice are not seen")
	}
	if server.accept("a") != server.accept("a") || server.require(2*rows+1) == nil {
		t.Error("a key that came twice is not seen")
	}
}

// Every store writes what it is told, and its failure is that of the measurement.
func TestStores(t *testing.T) {
	for _, s := range stores() {
		p := part{Task: s.name, Path: filepath.Join(t.TempDir(), "file"), Seconds: 0.2}
		m, err := p.do()
		if err != nil || m.Rows == 0 {
			t.Errorf("%s: %+v: %v", s.name, m, err)
		}
	}
	if _, err := (part{Task: "nonsense"}).do(); err == nil {
		t.Error("an unknown task is done")
	}
	if _, err := writeTo(brokenStore{}, time.Minute); !errors.Is(err, errBroken) {
		t.Errorf("a store that fails is measured: %v", err)
	}
}

var errBroken = errors.New("broken")

type brokenStore struct{}

func (brokenStore) intend(string) error         { return nil }
func (brokenStore) settle(string, string) error { return errBroken }
func (brokenStore) close() error                { return nil }
