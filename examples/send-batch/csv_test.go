package main

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/bulk"
)

func TestReadTable(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "in.csv")
	require.NoError(t, os.WriteFile(path, []byte("\ufeffname,phone\r\n\"Park, Ada\",\" 1\"\r\n,\r\n"), 0o600))
	got, err := readTable(path)
	require.NoError(t, err)
	assert.Equal(t, table{header: []string{"name", "phone"}, rows: [][]string{{"Park, Ada", " 1"}, {"", ""}}}, got)
	assert.Equal(t, 0, got.column("name"), "the mark of a spreadsheet is no part of the first name")
	assert.Equal(t, -1, got.column("country"))
	assert.Equal(t, "1", cell(got.rows[0], 1))
	assert.Empty(t, cell(got.rows[0], -1))
}

// The results of the run before stay until there are new ones, and nothing of
// them is left behind.
func TestResultsReplaceEarlierOnes(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "out.csv")
	const long = "these are the results of an earlier run, and longer than the new ones are going to be\n"
	require.NoError(t, os.WriteFile(path, []byte(long), 0o600))
	out, err := openResults(path)
	require.NoError(t, err)
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, long, string(data))

	header := []string{"name", "phone"}
	recipients := []*recipient{{cells: []string{"Park, Ada", "1"}}, {cells: []string{"Ben", "x"}, err: errors.New("no digits")}, {cells: []string{"Cleo", "2"}}}
	rows := func(yield func(bulk.JobRow, error) bool) {
		_ = yield(bulk.JobRow{Outcome: bulk.Sent, MessageID: "msg_1"}, nil) &&
			yield(bulk.JobRow{Outcome: bulk.Rejected, StatusCode: 422, Code: "X"}, nil)
	}
	total, err := out.write(header, recipients, rows)
	require.NoError(t, err)
	assert.Equal(t, "1 sent, 2 rejected, 0 unclear, 0 not sent", total.String())
	data, err = os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "name,phone,outcome,message_id,error\n\"Park, Ada\",1,sent,msg_1,\nBen,x,rejected,,no digits\nCleo,2,rejected,,422 X\n", string(data))
	assert.Equal(t, []string{"name", "phone"}, header)
	_, err = out.write(header, nil, rows)
	require.Error(t, err, "the file is closed")
}
