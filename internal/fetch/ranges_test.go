package fetch_test

import (
	"math/big"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/devotel/orbit-go/internal/fetch"
)

func TestContentRange(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][3]int64{
		"bytes 0-0/1":   {0, 0, 1},
		"bytes 5-9/10":  {5, 9, 10},
		"bytes 05-9/10": {5, 9, 10},
		"bytes 0-9223372036854775806/9223372036854775807": {0, 1<<63 - 2, 1<<63 - 1},
	} {
		first, last, size, ok := fetch.ContentRange(text)
		assert.True(t, ok, text)
		assert.Equal(t, want, [3]int64{first, last, size}, text)
	}
	for _, text := range []string{
		"", "bytes", "bytes ", "bytes 5-9", "5-9/10", "lines 5-9/10", "bytes 5-9/*", "bytes */10", "bytes -9/10", "bytes 5-/10", "bytes 5-9/",
		"bytes -5-9/10", "bytes 5--9/10", "bytes +5-9/10", "bytes 5-9/10/11", "bytes 5-9/10 ", "bytes  5-9/10", "bytes 0x5-9/10", "bytes 5_0-99/100",
		"bytes 9-5/10", "bytes 5-10/10", "bytes 0-0/0", "bytes 0-9223372036854775807/9223372036854775808", "bytes ٥-9/10",
	} {
		_, _, _, ok := fetch.ContentRange(text)
		assert.False(t, ok, text)
	}
}

// FuzzContentRange compares with an expression that says the same in another way.
func FuzzContentRange(f *testing.F) {
	form := regexp.MustCompile(`\Abytes ([0-9]+)-([0-9]+)/([0-9]+)\z`)
	for _, seed := range []string{"bytes 5-9/10", "bytes */10", "bytes 9-5/10", "bytes 0-9223372036854775807/9223372036854775808"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		first, last, size, ok := fetch.ContentRange(text)
		want := false
		var numbers [3]*big.Int
		if found := form.FindStringSubmatch(text); found != nil {
			for i, digits := range found[1:] {
				numbers[i], _ = new(big.Int).SetString(digits, 10)
			}
			want = numbers[2].IsInt64() && numbers[0].Cmp(numbers[1]) <= 0 && numbers[1].Cmp(numbers[2]) < 0
		}
		assert.Equal(t, want, ok)
		if ok && want {
			assert.Equal(t, []int64{numbers[0].Int64(), numbers[1].Int64(), numbers[2].Int64()}, []int64{first, last, size})
		}
	})
}
