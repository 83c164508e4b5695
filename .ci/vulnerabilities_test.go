package main

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	older = "v0.0.0-20261105234957-e22db6528018"
	newer = "v0.0.0-20261120000000-0123456789ab"
)

func TestAge(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		newest  string
		release bool
		want    string
		fails   bool
	}{
		"newest":            {older, false, "the database is of 2026-11-05, 24 days old, and the newest\n", false},
		"newest, released":  {older, true, "the database is of 2026-11-05, 24 days old, and the newest\n", false},
		"older":             {newer, false, "the database is of 2026-11-05, 24 days old; a newer one can be had: " + newer + "\n", false},
		"older, released":   {newer, true, "the database is of 2026-11-05, 24 days old\n", true},
		"unknown, released": {"", true, "the database is of 2026-11-05, 24 days old; whether there is a newer one cannot be asked here\n", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			err := age(&out, older, c.newest, c.release, now)
			assert.Equal(t, c.want, out.String())
			if c.fails {
				require.EqualError(t, err, "a release needs the newest database: "+newer)
			} else {
				require.NoError(t, err)
			}
		})
	}
	require.Error(t, age(&strings.Builder{}, "v1.0.0", "", false, now))
}

func TestReport(t *testing.T) {
	t.Parallel()
	const (
		config   = `{"config":{"scanner_name":"govulncheck"}}`
		standard = `{"finding":{"osv":"GO-2026-0001","fixed_version":"v1.26.9","trace":[{"module":"stdlib","version":"v1.26.8","package":"net/http","function":"Get"}]}}`
		imported = `{"finding":{"osv":"GO-2026-0002","trace":[{"module":"m.test","version":"v1.0.0","package":"m.test/p"}]}}`
		called   = `{"finding":{"osv":"GO-2026-0002","trace":[{"module":"m.test","version":"v1.0.0","package":"m.test/p","function":"F"}]}}`
		none     = "no vulnerable function of a module is called\n"
	)
	for name, c := range map[string]struct {
		in, want, err string
	}{
		"nothing":          {config, none, ""},
		"standard library": {config + standard + standard, "GO-2026-0001 standard library, net/http: mended in Go 1.26.9\n" + none, ""},
		"imported alone":   {config + imported, none, ""},
		"called":           {config + imported + called, "GO-2026-0002 m.test v1.0.0 m.test/p.F\n", "vulnerable functions of modules are called"},
		"no scan":          {"", "", "the scanner has not run"},
		"cut off":          {config + `{"find`, "", "the scanner's output cannot be read: unexpected EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			err := report(&out, strings.NewReader(c.in))
			assert.Equal(t, c.want, out.String())
			if c.err == "" {
				require.NoError(t, err)
			} else {
				require.EqualError(t, err, c.err)
			}
		})
	}
}
