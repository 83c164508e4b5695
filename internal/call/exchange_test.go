package call_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/devotel/orbit-go/internal/call"
)

// A call that waits at the gate costs 2 KB, of which this is the largest part:
// with its eight bytes for the collector it just fits the allocator's 896.
func TestExchangeIsSmall(t *testing.T) {
	t.Parallel()
	if strconv.IntSize == 64 {
		assert.LessOrEqual(t, int(call.ExchangeSize), 888)
	}
}
