package wire_test

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/internal/wire"
)

func TestReadBody(t *testing.T) {
	t.Parallel()
	const limit = 100_000
	broken := errors.New("connection reset")
	for _, size := range []int{0, 1, 1023, 1024, 1025, 65_535, 65_536, 65_537, limit - 1, limit, limit + 1, 10 * limit} {
		whole := bytes.Repeat([]byte("0123456789"), size/10+1)[:size]
		for _, announced := range []int64{-1, 0, int64(size), 1 << 62} {
			got, err := wire.ReadBody(bytes.NewReader(whole), announced, limit)
			want := whole[:min(size, limit)]
			assert.True(t, bytes.Equal(want, got), "%d bytes, announced %d", size, announced)
			if size > limit {
				require.ErrorIs(t, err, wire.ErrTooLarge)
			} else {
				require.NoError(t, err)
			}

			got, err = wire.ReadBody(io.MultiReader(bytes.NewReader(want), iotest.ErrReader(broken)), announced, limit)
			require.ErrorIs(t, err, broken, "what broke off is not whole, also at the limit")
			assert.True(t, bytes.Equal(want, got))
		}
	}
}

// LEAK-7: room is made for what has come, not for what was announced.
func TestReadBodyBelievesLittle(t *testing.T) {
	t.Parallel()
	const limit = 16 << 20
	for _, c := range []struct {
		announced int64
		size      int
		most      int // bytes
	}{
		{limit, 0, 65 << 10},
		{1 << 62, 10, 65 << 10},
		{-1, 10, 1 << 10},
		{100, 10, 101},
		{limit, 1 << 20, 3 << 20},
		{0, limit, limit + 1},
	} {
		r := &roomReader{left: c.size}
		got, err := wire.ReadBody(r, c.announced, limit)
		require.NoError(t, err)
		assert.Len(t, got, c.size)
		assert.LessOrEqual(t, cap(got), c.most)
		assert.LessOrEqual(t, r.largest, max(c.most, c.size), "announced %d, sent %d", c.announced, c.size)
	}
}

// roomReader notes how much room it is given.
type roomReader struct{ left, largest int }

func (r *roomReader) Read(p []byte) (int, error) {
	r.largest = max(r.largest, len(p))
	n := min(len(p), r.left)
	r.left -= n
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}
