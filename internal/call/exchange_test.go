package call_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/devotel/orbit-go/internal/call"
)

// Calls that wait at the gate are many. Each costs less than 2 KB, a good part of
// which is this.
func TestExchangeIsSmall(t *testing.T) {
	t.Parallel()
	if strconv.IntSize == 64 {
		assert.LessOrEqual(t, int(call.ExchangeSize), 736)
	}
}
