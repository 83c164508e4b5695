package bulk

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// An index finds what a map would, also where hashes are the same or lie close together.
func TestIndex(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // a test that can be repeated
	for name, hash := range map[string]func() uint64{
		"any":            random.Uint64,
		"few":            func() uint64 { return random.Uint64N(50) },
		"in one shard":   func() uint64 { return random.Uint64() >> 8 },
		"at the end":     func() uint64 { return ^random.Uint64N(300) },
		"of every shard": func() uint64 { return random.Uint64N(256) << 56 },
	} {
		t.Run(name, func(t *testing.T) {
			var x index
			want := map[uint64][]int64{}
			for offset := range int64(5000) {
				h := hash()
				x.add(h, offset+1)
				want[h] = append(want[h], offset+1)
			}
			require.Equal(t, 5000, x.n)
			for h, offsets := range want {
				var got []int64
				for e := range x.find(h) {
					got = append(got, e.offset)
				}
				assert.ElementsMatch(t, offsets, got)
				assert.True(t, x.has(h, offsets[0]))
				assert.False(t, x.has(h, 5001))
				assert.False(t, x.has(h+1<<20, offsets[0]))
			}
		})
	}
}

// Two rows whose hashes begin alike are two rows, also when the journal is opened again.
func TestRowsWithTheSameHash(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "job")
	job, err := Open(path)
	require.NoError(t, err)
	claim := func(job *Job, last byte) (Claim, Entry) {
		c := Claim{Key: job.keyOf("", rowID{1, 2, 3, 15: last}), Fingerprint: "02", Token: "1", Lease: lease}
		entry, err := job.Claim(t.Context(), c)
		require.NoError(t, err)
		return c, entry
	}
	for last := range byte(3) {
		c, entry := claim(job, last)
		require.Equal(t, Granted, entry.State)
		require.NoError(t, job.Settle(t.Context(), c, Settlement{Outcome: Sent, MessageID: fmt.Sprint("msg_", last)}))
	}
	require.NoError(t, job.Close())
	job, err = Open(path)
	require.NoError(t, err)
	defer job.Close()
	assert.Equal(t, 3, job.settled.n)
	for last := range byte(3) {
		_, entry := claim(job, last)
		assert.Equal(t, fmt.Sprint("msg_", last), entry.Settlement.MessageID)
	}
	_, entry := claim(job, 4)
	assert.Equal(t, Granted, entry.State)
}
