package orbittest_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/orbittest"
)

func TestSegmentsOfAnSMS(t *testing.T) {
	s := full(t, orbittest.WithoutLimits())
	for _, test := range []struct {
		body string
		want float64
	}{
		{"a", 1},
		{strings.Repeat("a", 160), 1},
		{strings.Repeat("a", 161), 2},
		{strings.Repeat("a", 306), 2},
		{strings.Repeat("a", 307), 3},
		{strings.Repeat("é", 160), 1},
		{strings.Repeat("€", 80), 1},
		{strings.Repeat("€", 81), 2},
		{strings.Repeat("€", 153), 3}, // 76 fit into a segment of 153 units
		{strings.Repeat("ё", 70), 1},
		{strings.Repeat("ё", 71), 2},
		{strings.Repeat("😀", 35), 1},
		{strings.Repeat("😀", 36), 2},
		{strings.Repeat("😀", 67), 3}, // 33 fit into a segment of 67 units
		{"`", 1},
		{strings.Repeat("`", 71), 2},
	} {
		body, err := json.Marshal(map[string]string{"to": "+15005550002", "body": test.body})
		require.NoError(t, err)
		a := do(t, s, "POST", "/messages/sms", string(body))
		assert.Equal(t, test.want, a.at("data.segments"), "%.10q of %d", test.body, len(test.body))
		assert.Equal(t, test.body, a.at("data.body"))
	}
}
