package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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
	require.NoError(t, out.write(header, []*recipient{
		{cells: []string{"Park, Ada", "1"}, result: result{Status: statusSent, MessageID: "msg_1", RequestID: "req_1"}},
	}))
	data, err = os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "name,phone,status,message_id,request_id,error\n\"Park, Ada\",1,sent,msg_1,req_1,\n", string(data))
	assert.Equal(t, []string{"name", "phone"}, header)
	assert.Error(t, out.write(header, nil), "the file is closed")
}
