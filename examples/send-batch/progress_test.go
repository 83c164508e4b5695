package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestProgressLine(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	p := &progress{out: &out, rows: 3}
	p.show(&recipient{result: result{Status: statusSent}, earlier: true})
	p.show(&recipient{result: result{Status: statusUnclear}})
	p.end()
	assert.Equal(t, "\r1 of 3 rows: 1 sent (1 in earlier runs), 0 failed, 0 unclear, 0 not sent"+
		"\r2 of 3 rows: 1 sent (1 in earlier runs), 0 failed, 1 unclear, 0 not sent\n", out.String())
}

// Only a terminal sees the line: a log would have one for each row.
func TestProgressIsForTerminals(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	p := newProgress(&out, 1)
	p.show(&recipient{})
	p.end()
	assert.Empty(t, out.String())

	file, err := os.Create(filepath.Join(t.TempDir(), "log"))
	require.NoError(t, err)
	defer file.Close()
	assert.False(t, isTerminal(file))
	device, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	require.NoError(t, err)
	defer device.Close()
	assert.True(t, isTerminal(device), "it is a device for characters")
}
